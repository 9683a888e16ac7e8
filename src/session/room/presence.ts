import { PERSON } from '../../core/frame';
import { MAX_RT_BYTES } from '../../protocol/limits';
import type { RtWriter } from '../../protocol/rt';
import { PULSE_BYTES } from '../link/pulse';

/** Records with one person each, at least so far apart, ms: 20 a second move smoothly once interpolated. */
export const PRESENCE_MS = 50;
/** What has not changed is said again so often, ms: the last change may have been lost, somebody may be new. */
export const PRESENCE_REPEAT_MS = 2000;
/** Where faces go out all the time a record waits for the next of them, ms, rather than costing a datagram. */
export const PRESENCE_LATE_MS = 20;

const STAMPS = 256;
/** Kind, length, seat, stamp, flag and nine float32s, bytes. */
const MAX_SECTION_BYTES = 2 + 4 + 2 + 9 * 4;

interface Presence {
  readonly person: Float32Array;
  stamp: number;
  /** Grows with every record. */
  version: number;
}

/** Where everybody is and what they point at: the newest record of each seat. */
export class Presences {
  /** Grows with every record that is news. */
  changes = 0;
  private readonly bySeat = new Map<number, Presence>();

  /**
   * Takes a record, unless a newer one is here already: datagrams overtake each other.
   *
   * @param seat whose it is, whatever the record says
   */
  hear(seat: number, person: Float32Array, stamp: number): void {
    let known = this.bySeat.get(seat);
    if (known === undefined) {
      known = { person: new Float32Array(PERSON.stride), stamp, version: 0 };
      this.bySeat.set(seat, known);
    } else {
      const ahead = (stamp - known.stamp + STAMPS) % STAMPS;
      if (ahead === 0 || ahead > STAMPS / 2) return;
    }
    known.stamp = stamp;
    known.version++;
    this.changes++;
    known.person.set(person);
    known.person[PERSON.seat] = seat;
  }

  forget(seat: number): void {
    this.bySeat.delete(seat);
  }

  /** Forgets all whose seat is not among these. */
  keepOnly(seats: ReadonlySet<number>): void {
    for (const seat of this.bySeat.keys()) if (!seats.has(seat)) this.bySeat.delete(seat);
  }

  /** Writes the records of everybody but one into a frame's section; returns how many. */
  write(into: Float32Array, except: number): number {
    let count = 0;
    for (const [seat, { person }] of this.bySeat) {
      const at = count * PERSON.stride;
      if (seat === except) continue;
      if (at + PERSON.stride > into.length) break;
      into.set(person, at);
      count++;
    }
    return count;
  }

  /** Calls back with every seat and the version of its record. */
  forEach(visit: (seat: number, presence: Readonly<Presence>) => void): void {
    for (const [seat, presence] of this.bySeat) visit(seat, presence);
  }
}

/** What one guest has been told of where the others are. */
export class PresenceFeed {
  private readonly told = new Map<number, number>();
  private sentAt = -Infinity;
  private untold = false;
  /** Everything up to this change has been told, or is the guest's own. */
  private toldChanges = 0;

  constructor(
    private readonly presences: Presences,
    private readonly seat: number,
    private readonly out: RtWriter,
  ) {}

  /** When something has to be sent, wall ms. */
  get due(): number {
    const { changes } = this.presences;
    if (changes === this.toldChanges) return Infinity;
    this.untold = false;
    this.presences.forEach(this.look);
    if (this.untold) return this.sentAt + PRESENCE_MS;
    this.toldChanges = changes;
    return Infinity;
  }

  /** Adds what is new to the datagram being written, as far as it fits; the rest goes with the next. */
  write(now: number): void {
    if (now < this.sentAt + PRESENCE_MS) return;
    this.presences.forEach(this.tell);
    this.sentAt = now;
  }

  private readonly look = (seat: number, { version }: Readonly<Presence>): void => {
    if (seat !== this.seat && this.told.get(seat) !== version) this.untold = true;
  };

  private readonly tell = (seat: number, { person, stamp, version }: Readonly<Presence>): void => {
    if (seat === this.seat || this.told.get(seat) === version) return;
    if (this.out.length + MAX_SECTION_BYTES + PULSE_BYTES > MAX_RT_BYTES) return;
    this.out.presence(person, stamp);
    this.told.set(seat, version);
  };
}

/** One's own record on its way out: as it changes, and now and then although it does not. */
export class OwnPresence {
  readonly person = new Float32Array(PERSON.stride);
  /** Of the record sent last. */
  stamp = 0;
  private known = false;
  private changed = false;
  private sentAt = -Infinity;

  /** Takes the newest record; one with a number that is not finite is passed over, as others would. */
  set(person: Float32Array): void {
    if (!person.every(Number.isFinite)) return;
    for (let i = PERSON.eye; i < PERSON.stride; i++) {
      if (this.person[i] === person[i]) continue;
      this.person[i] = person[i] ?? 0;
      this.changed = true;
    }
    this.known = true;
  }

  /** When it has to be sent, wall ms; Infinity while there is none. */
  get due(): number {
    if (!this.known) return Infinity;
    return this.sentAt + (this.changed ? PRESENCE_MS : PRESENCE_REPEAT_MS);
  }

  /** The record is being sent: gives it the next stamp. */
  next(now: number): void {
    this.stamp = (this.stamp + 1) % STAMPS;
    this.changed = false;
    this.sentAt = now;
  }
}
