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

  constructor(private readonly app: FaceApp) {
    this.places = new Places((name) =>
      app.warn('unknown-name', `The model wants a face on "${name}", and has no body or site of that name.`),
    );
  }

  /** Another model: its own places carry the face of whoever hosts it, until somebody else is put there. */
  setModel(model: ModelCopy, { seat, room }: OwnPart): void {
    const own = this.places.setModel(model, room === 'guest');
    if (room === 'none') for (const place of own) this.places.wear(place, seat);
    if (room === 'host') this.offer(own, seat);
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

  /** The room is over: the world is one's own, and so are the places that it has itself. */
  leaveRoom(before: number, now: number): void {
    this.places.keepOnly(before, now);
    for (const place of this.places.free) this.places.wear(place, now);
  }

  private offer(places: readonly Place[], seat: number): void {
    for (const { object, id, size } of places) {
      this.app.engine
        .ask((service) => service.request({ kind: 'putFace', object, id, size, seat }))
        .catch((thrown: unknown) => this.app.report(thrown));
    }
  }
}
