import { CHANNELS } from './frame';
import { KEPT_FRAMES } from './message';

const NONE = -1;

/** The last quantised frames by their numbers, as sender and receivers keep them for baselines. */
export class History {
  private readonly frames: Int16Array[] = Array.from({ length: KEPT_FRAMES }, () => new Int16Array(CHANNELS));
  private readonly numbers = new Int32Array(KEPT_FRAMES).fill(NONE);
  private readonly stamps = new Uint16Array(KEPT_FRAMES);

  /** @param number modulo 65536 */
  has(number: number): boolean {
    return this.numbers[number % KEPT_FRAMES] === number;
  }

  /** The frame of that number, if {@link has} it. */
  frame(number: number): Int16Array {
    return this.slot(number % KEPT_FRAMES);
  }

  /** When it was taken: the sender's clock, ms modulo 65536. */
  stamp(number: number): number {
    return this.stamps[number % KEPT_FRAMES] ?? 0;
  }

  keep(number: number, stamp: number, frame: Int16Array): void {
    const slot = number % KEPT_FRAMES;
    this.slot(slot).set(frame);
    this.numbers[slot] = number;
    this.stamps[slot] = stamp;
  }

  clear(): void {
    this.numbers.fill(NONE);
  }

  private slot(index: number): Int16Array {
    return this.frames[index] ?? NEUTRAL;
  }
}

/** What a frame is told by where there is no baseline. */
export const NEUTRAL: Int16Array = new Int16Array(CHANNELS);
