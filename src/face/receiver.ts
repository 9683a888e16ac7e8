import { FaceDecoder } from './decoder';
import { ahead } from './message';
import { Playout } from './playout';
import type { FaceReport } from './report';

/** After a silence so long numbers and stamps may have turned over, ms. */
const SILENCE_MS = 20_000;
/** Figures are means over about so long, ms. */
const FIGURES_MS = 2000;

/** How one person's face arrives. */
export interface FaceFigures {
  /** Frames and bytes a second. */
  readonly rate: number;
  readonly bytesPerSecond: number;
  /** Share of frames that never came. */
  readonly lost: number;
  /** How much later than the least messages come, and how much later than the least they are played, ms. */
  readonly lateness: number;
  readonly delay: number;
}

/** All that a receiver does with one person's face: reads it, plays it, and says how it goes. */
export class FaceReceiver {
  private readonly decoder = new FaceDecoder();
  private readonly playout: Playout;
  private received = 0;
  private lastAt = -Infinity;
  private number = -1;
  private countedSince = -Infinity;
  private frames = 0;
  private gone = 0;
  private bytes = 0;
  private rate = 0;
  private lost = 0;
  private bytesPerSecond = 0;

  /** @param seed of the idle movements */
  constructor(seed: number) {
    this.playout = new Playout(seed);
  }

  /**
   * Takes a message.
   *
   * @param now ms, never less than before
   * @returns false when it cannot be read
   */
  receive(message: Uint8Array, now: number): boolean {
    if (now - this.lastAt > SILENCE_MS) this.forget();
    this.lastAt = now;
    this.received = (this.received + 1) & 0xff;
    const { decoder } = this;
    const isRead = decoder.read(message);
    this.count(message.length, isRead, now);
    if (isRead) this.playout.receive(decoder, now);
    return isRead;
  }

  /** The face to be shown, as {@link Playout.sample} has it. */
  sample(now: number, out: Float32Array): void {
    this.playout.sample(now, out);
  }

  /** What is being played, in the sender's clock, ms; -Infinity before anything came. */
  get playhead(): number {
    return this.playout.playhead;
  }

  /** The newest proposed baseline that is here; null while there is none to go by. */
  get held(): number | null {
    return this.decoder.held;
  }

  /** What the sender, and whoever stands between, need to know. @param rate frames a second that are of use here */
  report(rate: number): FaceReport {
    return { held: this.decoder.held, received: this.received, lateness: this.playout.lateness, rate };
  }

  /** How it goes; zeros once nothing comes any more. */
  figures(now: number): FaceFigures {
    const silent = now - this.lastAt > FIGURES_MS;
    return {
      rate: silent ? 0 : this.rate,
      bytesPerSecond: silent ? 0 : this.bytesPerSecond,
      lost: silent ? 0 : this.lost,
      lateness: this.playout.lateness,
      delay: this.playout.delay,
    };
  }

  private count(bytes: number, isRead: boolean, now: number): void {
    if (!(now - this.countedSince < FIGURES_MS)) {
      const seconds = Math.min(now - this.countedSince, 2 * FIGURES_MS) / 1000;
      this.rate = this.frames / seconds;
      this.bytesPerSecond = this.bytes / seconds;
      this.lost = this.gone / Math.max(1, this.frames + this.gone);
      this.frames = 0;
      this.gone = 0;
      this.bytes = 0;
      this.countedSince = now;
    }
    this.bytes += bytes;
    if (!isRead) return;
    const { number, count } = this.decoder;
    const step = this.number < 0 ? count : ahead(number, this.number);
    if (step <= 0) return;
    this.frames += Math.min(step, count);
    this.gone += Math.max(0, step - count);
    this.number = number;
  }

  private forget(): void {
    this.decoder.reset();
    this.playout.clear();
    this.number = -1;
  }
}
