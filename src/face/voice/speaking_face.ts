import { clamp } from '../frame';
import { EMPHASIS_REGIONS, Emphasis } from './emphasis';
import { LIPS_REGIONS, Lips } from './lips';

/** In a pause so long somebody still talks, ms: the mouth stays theirs. */
const PAUSE_MS = 700;
/** Less than this of all visemes but rest is silence. */
const SILENCE = 0.02;

/** A face that speaks: its lips, and its brows and head where it may use them. */
export class SpeakingFace {
  private readonly lips = new Lips();
  private readonly emphasis: Emphasis | null;
  private last = -Infinity;
  private spokeAt = -Infinity;

  /** @param seed of what brows and head do; null leaves them to others */
  constructor(seed: number | null) {
    this.emphasis = seed === null ? null : new Emphasis(seed);
  }

  /**
   * Writes the face of an instant. Allocates nothing.
   *
   * @param now ms, never less than before
   * @param visemes VISEME_COUNT weights
   * @param loudness 0..1
   * @param out CHANNELS numbers; only regions of the result are written
   * @returns the regions it drives: bit i is `REGIONS[i]`; 0 while nobody speaks
   */
  sample(now: number, visemes: Float32Array, loudness: number, out: Float32Array): number {
    const { lips, emphasis } = this;
    const seconds = Math.min(1, Math.max(0, (now - this.last) / 1000));
    this.last = now;
    if ((visemes[0] ?? 1) < 1 - SILENCE) this.spokeAt = now;
    const talking = now - this.spokeAt < PAUSE_MS;
    lips.aim(visemes, loudness);
    lips.move(seconds);
    emphasis?.move(seconds, clamp(loudness, 0, 1), talking);
    let regions = 0;
    if (talking || !lips.resting) {
      lips.write(out);
      regions |= LIPS_REGIONS;
    }
    if (emphasis !== null && (talking || !emphasis.resting)) {
      emphasis.write(out);
      regions |= EMPHASIS_REGIONS;
    }
    return regions;
  }
}
