import { peopleColour } from '../../core/people';
import type { SceneHead } from '../../view/scene_head';
import type { FaceApp } from '../face_api';
import type { WornPlace } from './places';
import type { Wardrobe } from './wardrobe';

/** Everybody's heads for the view: the others' where they are, and anybody's on the model. */
export class SceneHeads {
  private list: readonly SceneHead[] = [];

  /** @param faceOf the live array of somebody's face; null for somebody who is not there */
  constructor(
    private readonly app: FaceApp,
    private readonly wardrobe: Wardrobe,
    private readonly faceOf: (seat: number) => Float32Array | null,
  ) {}

  get count(): number {
    return this.list.length;
  }

  /** Tells the view anew. @param self one's own seat */
  arrange(self: number, places: readonly WornPlace[]): void {
    const others = this.app.state.peers.filter((peer) => !peer.self);
    this.list = [
      ...others.map(({ id }) => this.describe(Number(id), self)),
      ...places.map(({ object, id, seat, size }) =>
        this.describe(seat, self, object === 'body' ? { body: id } : { site: id }, size),
      ),
    ].filter((head) => head !== null);
    this.app.view.setHeads(this.list);
    this.app.touch();
  }

  /** Somebody's head; null for somebody who is not there. */
  describe(
    seat: number,
    self: number,
    on: SceneHead['on'] = 'person',
    size: number | null = null,
  ): SceneHead | null {
    const face = this.faceOf(seat);
    if (face === null) return null;
    const look = seat === self ? this.wardrobe.own : this.wardrobe.of(seat);
    const known = this.app.state.peers.find(({ id }) => id === String(seat))?.colour;
    const colour = known ?? peopleColour(this.app.settings().colour);
    return { seat, on, size, look, colour, glb: this.wardrobe.head(look), face };
  }
}
