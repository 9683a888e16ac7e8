import { SimroomError } from '../../core/errors';
import type { FacePlace } from '../../protocol/ctl';
import { MAX_FACE_PLACES } from '../../protocol/limits';

/** Heights of heads, m: from an ant's to a mountain's. */
const MIN_SIZE = 1e-3;
const MAX_SIZE = 1e3;

/** What a face can be put on: a model, or as much of it as counts. */
interface Carrier {
  readonly nbody: number;
  readonly nsite: number;
}

/** Whose faces are on the bodies and sites of a room's world: one on each. */
export class FacePlaces {
  private list: readonly FacePlace[] = [];

  get all(): readonly FacePlace[] {
    return this.list;
  }

  /**
   * Puts somebody's face on a body or site, in the place of the one there; with null takes that away.
   *
   * @returns whether anything changed
   * @throws SimroomError `bad-argument`, `unknown-name`
   */
  put({ nbody, nsite }: Carrier, place: Omit<FacePlace, 'seat'>, seat: number | null): boolean {
    const { object, id, size } = place;
    const [first, end] = object === 'body' ? [1, nbody] : [0, nsite];
    if (id < first || id >= end) {
      throw new SimroomError(
        'unknown-name',
        `This model has no ${object} ${id} that could carry a face. Look at its list again.`,
      );
    }
    const others = this.list.filter((one) => one.object !== object || one.id !== id);
    if (seat === null) {
      const changed = others.length < this.list.length;
      this.list = others;
      return changed;
    }
    if (!(size >= MIN_SIZE && size <= MAX_SIZE)) {
      throw new SimroomError(
        'bad-argument',
        `A head of ${size} m cannot be: use a height from ${MIN_SIZE} to ${MAX_SIZE} m.`,
      );
    }
    if (others.length >= MAX_FACE_PLACES) {
      throw new SimroomError(
        'bad-argument',
        `There are ${MAX_FACE_PLACES} faces on this model: take one away first.`,
      );
    }
    this.list = [...others, { object, id, seat, size }];
    return true;
  }

  /** Somebody has left. @returns whether anything changed */
  forget(seat: number): boolean {
    const before = this.list.length;
    this.list = this.list.filter((one) => one.seat !== seat);
    return this.list.length < before;
  }

  /** Another world. */
  clear(): void {
    this.list = [];
  }
}
