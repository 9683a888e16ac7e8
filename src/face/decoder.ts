import { ReadingDecider } from './deciders';
import { CHANNELS } from './frame';
import { FAR, NEAR, codeFrame, codeGap } from './frame_coder';
import { History, NEUTRAL } from './history';
import { FLAG, HEAD_BYTES, KEPT_FRAMES, MAX_FRAMES, MAX_MESSAGE_BYTES, ahead } from './message';

const NUMBERS = 2 ** 16;

/** The receiver's end of the codec: reads a message and keeps its frames for those to come. */
export class FaceDecoder {
  /** Frames of the message read last. */
  count = 0;
  /** Number of the newest of them. */
  number = 0;
  /** When each was taken, the sender's clock, ms modulo 65536. */
  readonly stamps = new Uint16Array(MAX_FRAMES);
  resting = false;
  urgent = false;
  /** The newest proposed baseline that is here, to be reported; null while there is none to go by. */
  held: number | null = null;

  private readonly values: readonly Int16Array[] = Array.from(
    { length: MAX_FRAMES },
    () => new Int16Array(CHANNELS),
  );
  private readonly candidate = new Int16Array(CHANNELS);
  private readonly moved = new Int16Array(CHANNELS);
  /** Time from the frame before to each, ms. */
  private readonly gaps = new Uint16Array(MAX_FRAMES);
  private readonly history = new History();
  private readonly decider = new ReadingDecider();
  /** Newest number met in any message, readable or not. */
  private newest = -1;

  /** A frame of the message read last, the oldest first, quantised; in place. */
  frame(index: number): Int16Array {
    return this.values[index] ?? NEUTRAL;
  }

  /**
   * Reads a message into {@link count}, {@link frame} and {@link stamps}.
   *
   * Never throws and allocates nothing, whatever the bytes.
   *
   * @returns false when it is malformed, or told by a frame that is not here; nothing is changed then, except that
   *   `held` becomes null in the second case
   */
  read(message: Uint8Array): boolean {
    const flags = message[0] ?? 0;
    const named = (flags & FLAG.candidate) !== 0;
    const again = (flags & FLAG.again) !== 0;
    const start = HEAD_BYTES + (named ? 1 : 0);
    if (message.length < start || message.length > MAX_MESSAGE_BYTES || (again && !named)) return false;
    const count = (flags & FLAG.frames) + 1;
    const number = (message[1] ?? 0) | ((message[2] ?? 0) << 8);
    const stamp = (message[3] ?? 0) | ((message[4] ?? 0) << 8);
    const back = message[HEAD_BYTES - 1] ?? 0;
    const proposed = before(number, named ? (message[HEAD_BYTES] ?? 0) : 0);
    if (back > 0 && !this.history.has(before(number, back))) {
      // An old message may name what is rightly forgotten.
      if (this.newest < 0 || ahead(number, this.newest) > 0) this.held = null;
      return false;
    }
    if (
      !this.readFrames(
        message,
        start,
        count,
        back === 0 ? NEUTRAL : this.history.frame(before(number, back)),
        again,
      )
    ) {
      return false;
    }
    this.date(count, stamp);
    this.count = count;
    this.number = number;
    this.resting = (flags & FLAG.resting) !== 0;
    this.urgent = (flags & FLAG.urgent) !== 0;
    this.keep(count, number);
    if (again) this.keepOne(proposed, stamp, this.candidate);
    if (named && this.history.has(proposed) && (this.held === null || ahead(proposed, this.held) > 0))
      this.held = proposed;
    return true;
  }

  /** Forgets everything, as after a silence so long that numbers may mean something else. */
  reset(): void {
    this.history.clear();
    this.held = null;
    this.newest = -1;
    this.count = 0;
  }

  private readFrames(
    message: Uint8Array,
    start: number,
    count: number,
    base: Int16Array,
    again: boolean,
  ): boolean {
    const { decider, moved, candidate } = this;
    decider.begin(message, start, message.length);
    moved.fill(0);
    let reference = base;
    if (again) {
      if (!codeFrame(decider, FAR, reference, moved, candidate)) return false;
      reference = candidate;
    }
    for (let i = 0; i < count; i++) {
      this.gaps[i] = i === 0 ? 0 : codeGap(decider, 0);
      const frame = this.frame(i);
      if (!codeFrame(decider, i === 0 ? FAR : NEAR, reference, moved, frame)) return false;
      reference = frame;
    }
    return decider.spent;
  }

  private date(count: number, newest: number): void {
    let stamp = newest;
    for (let i = count - 1; i >= 0; i--) {
      this.stamps[i] = stamp;
      stamp -= this.gaps[i] ?? 0;
    }
  }

  private keep(count: number, number: number): void {
    for (let i = 0; i < count; i++)
      this.keepOne(before(number, count - 1 - i), this.stamps[i] ?? 0, this.frame(i));
    if (this.newest < 0 || ahead(number, this.newest) > 0) this.newest = number;
  }

  private keepOne(number: number, stamp: number, frame: Int16Array): void {
    // A late one must not push out what came in its place.
    if (this.newest >= 0 && ahead(this.newest, number) >= KEPT_FRAMES) return;
    if (!this.history.has(number)) this.history.keep(number, stamp, frame);
  }
}

/** A number so far back, modulo 65536. */
function before(number: number, back: number): number {
  return (number - back + NUMBERS) % NUMBERS;
}
