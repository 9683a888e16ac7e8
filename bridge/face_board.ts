import type { FaceSource } from '../src/face/sources/bridge_messages';
import { formatArkitData } from '../src/face/sources/arkit_data';
import { distinctName } from '../src/face/sources/distinct_names';
import { writePacket } from '../src/face/sources/packet';
import type { Angles, Reading } from '../src/face/sources/reading';
import { SHAPES } from '../src/face/names';
import type { Clock } from '../signaling/clock';

/** Faces that are kept at the same time, of each board. */
export const MAX_SUBJECTS = 128;
/** A face of which nothing came for so long is gone, ms. */
export const FORGET_MS = 5000;
/** A packet that is older than the one before by less than this came late, s; by more, the clock began anew. */
const LATE_S = 1;

/** Whose face it is. */
export interface Owner {
  readonly source: FaceSource;
  /** Address, or connection, that it comes from. */
  readonly from: string;
  /** What to call it when its packets do not say. */
  readonly title: string;
  /** Whether its packets may overtake each other. */
  readonly mayReorder: boolean;
}

/** What a sender says now: always the newest, in place. */
export class Face {
  readonly weights = new Float32Array(SHAPES);
  hasFace = false;
  head: Angles | null = null;
  /** ms on the sender's clock, or on ours where it has none. */
  timestamp = 0;
  /** Updates a second, over the last second or so. */
  rate = 0;
  heardAt = 0;
  private seenTime: number | null = null;
  private updates = 0;
  private packet: Uint8Array | null = null;
  private text: string | null = null;

  constructor(
    readonly subject: string,
    readonly owner: Owner,
  ) {}

  /** @returns false when the reading is older than what is there */
  update(reading: Reading, now: number): boolean {
    const { time = null, weights, head } = reading;
    const late = !this.owner.mayReorder || time === null || this.seenTime === null ? 0 : this.seenTime - time;
    if (late > 0 && late < LATE_S) return false;
    this.seenTime = time;
    this.hasFace = weights !== null;
    // NaN stands for what a program does not name: that stays.
    weights?.forEach((weight, i) => {
      if (!Number.isNaN(weight)) this.weights[i] = weight;
    });
    this.head = head ?? null;
    this.timestamp = time === null ? now : time * 1000;
    this.heardAt = now;
    this.updates++;
    this.packet = null;
    this.text = null;
    return true;
  }

  /** Counts the rate anew. */
  measure(seconds: number): void {
    this.rate = this.updates / seconds;
    this.updates = 0;
  }

  /** The plain packet of it; made once however many want it. */
  toPacket(): Uint8Array {
    this.packet ??= writePacket({
      subject: this.subject,
      isOfRoom: this.owner.source === 'room',
      timestamp: this.timestamp,
      weights: this.hasFace ? this.weights : null,
      head: this.head,
    });
    return this.packet;
  }

  /** The JSON of it, likewise. */
  toText(): string {
    const { subject, timestamp, head } = this;
    this.text ??= formatArkitData(
      { subject, source: this.owner.source, timestamp, head },
      this.hasFace ? this.weights : null,
    );
    return this.text;
  }
}

/** The newest face of everybody who sends one: one slot each, whatever comes how fast. */
export class FaceBoard {
  private readonly faces = new Map<string, Face>();
  private measuredAt: number;

  constructor(private readonly clock: Clock) {
    this.measuredAt = clock.now();
  }

  get all(): Iterable<Face> {
    return this.faces.values();
  }

  get size(): number {
    return this.faces.size;
  }

  /**
   * Takes what a sender says.
   *
   * @returns its face; 'late' when something newer was there before, 'full' when there is no room for another
   */
  put(owner: Owner, reading: Reading): Face | 'late' | 'full' {
    const name = reading.subject ?? owner.title;
    const key = `${owner.source}\n${owner.from}\n${name}`;
    let face = this.faces.get(key);
    if (face === undefined) {
      if (this.faces.size >= MAX_SUBJECTS) return 'full';
      face = new Face(this.freeName(name), owner);
      this.faces.set(key, face);
    }
    return face.update(reading, this.clock.now()) ? face : 'late';
  }

  /** Removes what has fallen silent, and counts the rates; to be called every second or so. */
  check(): Face[] {
    const now = this.clock.now();
    const seconds = (now - this.measuredAt) / 1000;
    this.measuredAt = now;
    for (const face of this.faces.values()) face.measure(seconds);
    return this.removeIf((face) => now - face.heardAt >= FORGET_MS);
  }

  /** Removes all that comes from somewhere. */
  remove(from: string): Face[] {
    return this.removeIf((face) => face.owner.from === from);
  }

  private removeIf(isGone: (face: Face) => boolean): Face[] {
    const gone: Face[] = [];
    for (const [key, face] of this.faces) {
      if (!isGone(face)) continue;
      this.faces.delete(key);
      gone.push(face);
    }
    return gone;
  }

  /** Two phones may have the same name. */
  private freeName(name: string): string {
    const taken = new Set(Array.from(this.faces.values(), (face) => face.subject));
    return distinctName(name, (one) => taken.has(one));
  }
}
