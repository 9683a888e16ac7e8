import { CHANNELS } from './frame';
import { SHAPE } from './names';

/**
 * Takes the trembling out of a face without making it late: the faster a channel moves, the less it is smoothed.
 *
 * The 1€ filter of Casiez, Roussel and Vogel (CHI 2012), one for each channel of a frame.
 */

export interface OneEuroOptions {
  /** Cutoff of a channel at rest, Hz: less trembling when lower. */
  readonly minCutoff: number;
  /** How much the cutoff rises with speed, Hz per (1/s): less lag when higher. */
  readonly beta: number;
}

const DEFAULT: OneEuroOptions = { minCutoff: 1.5, beta: 8 };
/** Lids and jaw must not be late: they say when somebody blinks and speaks. */
const QUICK: OneEuroOptions = { minCutoff: 5, beta: 30 };
/** Cutoff of the speed itself, Hz; the paper's. */
const SPEED_CUTOFF = 1;
/** After a pause so long the filter begins anew, ms. */
const RESTART_MS = 500;

export class OneEuroFilter {
  private readonly value = new Float32Array(CHANNELS);
  private readonly speed = new Float32Array(CHANNELS);
  private readonly minCutoff = new Float32Array(CHANNELS);
  private readonly beta = new Float32Array(CHANNELS);
  private at = -Infinity;

  /** @param options of all channels except lids and jaw, which follow closely anyhow */
  constructor(options: Partial<OneEuroOptions> = {}) {
    const { minCutoff, beta } = { ...DEFAULT, ...options };
    this.minCutoff.fill(minCutoff);
    this.beta.fill(beta);
    for (const shape of [SHAPE.eyeBlinkLeft, SHAPE.eyeBlinkRight, SHAPE.jawOpen]) {
      this.minCutoff[shape] = Math.max(QUICK.minCutoff, minCutoff);
      this.beta[shape] = Math.max(QUICK.beta, beta);
    }
  }

  /**
   * Filters a frame in place.
   *
   * @param now ms; a time that is not later than the last leaves the frame as it is
   */
  apply(frame: Float32Array, now: number): void {
    const seconds = (now - this.at) / 1000;
    if (!(seconds * 1000 < RESTART_MS)) {
      this.value.set(frame.subarray(0, CHANNELS));
      this.speed.fill(0);
      this.at = now;
      return;
    }
    if (seconds <= 0) return;
    this.at = now;
    const keepSpeed = smoothing(SPEED_CUTOFF, seconds);
    for (let i = 0; i < Math.min(CHANNELS, frame.length); i++) {
      const before = this.value[i] ?? 0;
      const input = frame[i] ?? 0;
      // One frame that is not a number must not stay for ever.
      if (!Number.isFinite(input)) {
        frame[i] = before;
        continue;
      }
      const speed = (this.speed[i] ?? 0) + ((input - before) / seconds - (this.speed[i] ?? 0)) * keepSpeed;
      const cutoff = (this.minCutoff[i] ?? 1) + (this.beta[i] ?? 0) * Math.abs(speed);
      const value = before + (input - before) * smoothing(cutoff, seconds);
      this.speed[i] = speed;
      this.value[i] = value;
      frame[i] = value;
    }
  }

  /** Begins anew with the next frame. */
  reset(): void {
    this.at = -Infinity;
  }
}

/** The weight of a new value in a first-order low-pass filter. */
function smoothing(cutoff: number, seconds: number): number {
  const ratio = 2 * Math.PI * cutoff * seconds;
  return ratio / (1 + ratio);
}
