import type { ModelCopy } from '../../core/model';
import type { Ref } from '../api';
import type { FaceApp } from '../face_api';
import type { Place } from './model_places';
import { Places } from './places';

/** One's own part where faces are put: one's seat, and whether one decides. */
export interface OwnPart {
  readonly seat: number;
  /** In somebody's room the host's list is what counts; one's own is told to it. */
  readonly room: 'none' | 'host' | 'guest';
}

/** Puts faces on the model: here where there is no room, else by asking its host. */
export class ModelFaces {
  readonly places: Places;
  private offered = false;

  constructor(private readonly app: FaceApp) {
    this.places = new Places((name) =>
      app.warn('unknown-name', `The model wants a face on "${name}", and has no body or site of that name.`),
    );
  }

  /** Another model: nobody's face is on it, unless the host has said so already. */
  setModel(model: ModelCopy): void {
    const { info } = this.app.state;
    this.places.setModel(model, info !== null && !info.host);
    this.offered = false;
  }

  /** Whether {@link animate} has nothing more to do for this model. */
  get isAnimated(): boolean {
    return this.offered;
  }

  /**
   * Something moves one's face now: the places that the model has itself carry it where one is its host, until somebody
   * else is put there. Before that a robot keeps the face it was made with.
   *
   * @returns whether anything has changed here
   */
  animate({ seat, room }: OwnPart): boolean {
    this.offered = true;
    if (room === 'guest') return false;
    const { free } = this.places;
    if (room === 'host') this.offer(free, seat);
    else for (const place of free) this.places.wear(place, seat);
    return free.length > 0;
  }

  /**
   * Puts somebody's face somewhere, or takes it off.
   *
   * @throws SimroomError `no-model`, `unknown-name`, `bad-argument`, and what the host says
   */
  async put(
    on: { readonly body: Ref } | { readonly site: Ref },
    seat: number | null,
    size: number | undefined,
    { room }: OwnPart,
  ): Promise<void> {
    const place = this.places.find(on, size);
    if (room === 'none') this.places.wear(place, seat);
    else await this.app.engine.ask((service) => service.request({ kind: 'putFace', ...place, seat }));
  }

  /** Tells a room that has just been opened where one's own face is. */
  tellRoom(seat: number): void {
    this.offer(
      this.places.faces.filter((place) => place.seat === seat),
      seat,
    );
  }

  /** The room is over, and the world is one's own. */
  leaveRoom(before: number, now: number): void {
    this.places.keepOnly(before, now);
    this.offered = false;
  }

  private offer(places: readonly Place[], seat: number): void {
    for (const { object, id, size } of places) {
      this.app.engine
        .ask((service) => service.request({ kind: 'putFace', object, id, size, seat }))
        .catch((thrown: unknown) => this.app.report(thrown));
    }
  }
}
