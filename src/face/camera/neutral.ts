import { AT, MEASURES } from './measures';

/** How long a face is watched for its neutral, ms, and at least how many frames. */
export const CALIBRATION_MS = 1000;
const MIN_FRAMES = 8;
/** Frames that are kept for it. */
const MAX_FRAMES = 64;
/** Part of the way that the lips' rest goes towards a smaller gap with every frame: nobody's lips are closer than shut. */
const SHUTTING = 0.2;

/** What a person's face measures at rest: the median of its first second. */
export class Neutral {
  readonly values = new Float32Array(MEASURES.length);
  private readonly frames = new Float32Array(MEASURES.length * MAX_FRAMES);
  private readonly sorted = new Float32Array(MAX_FRAMES);
  private count = 0;
  private began = NaN;
  private complete = false;

  /** Whether the neutral stands. */
  get done(): boolean {
    return this.complete;
  }

  /** Forgets the face: the next frames are another's. */
  reset(): void {
    this.count = 0;
    this.began = NaN;
    this.complete = false;
  }

  /** Takes a frame's measures in; `now` in ms. */
  observe(measures: Float32Array, now: number): void {
    if (this.complete) {
      const rest = this.values[AT.gap] ?? 0;
      const gap = measures[AT.gap] ?? 0;
      if (gap < rest) this.values[AT.gap] = rest + (gap - rest) * SHUTTING;
      return;
    }
    if (Number.isNaN(this.began)) this.began = now;
    for (let i = 0; i < MEASURES.length; i++) {
      this.frames[i * MAX_FRAMES + (this.count % MAX_FRAMES)] = measures[i] ?? 0;
    }
    this.count++;
    this.settle(Math.min(this.count, MAX_FRAMES));
    this.complete = this.count >= MIN_FRAMES && now - this.began >= CALIBRATION_MS;
  }

  private settle(count: number): void {
    const { sorted, frames } = this;
    for (let i = 0; i < MEASURES.length; i++) {
      // What is left of the array must not come first.
      sorted.fill(Infinity);
      for (let k = 0; k < count; k++) sorted[k] = frames[i * MAX_FRAMES + k] ?? 0;
      sorted.sort();
      this.values[i] = sorted[count >> 1] ?? 0;
    }
  }
}
