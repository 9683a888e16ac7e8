import { SimroomError } from '../core/errors';
import { CHANNELS, HEAD, clamp } from './frame';
import { MIRRORED, SHAPES } from './names';

/** Beyond it a shape would only jump between 0 and 1. */
export const MAX_GAIN = 4;
/** A neutral weight above it leaves nothing of the shape: it is taken for this. */
const MAX_NEUTRAL = 0.9;
/** Frames that a neutral pose is the mean of: one second, so that a blink does not become part of it. */
const NEUTRAL_FRAMES = 60;
/** Frames above this share are left out of the mean, being blinks and twitches. */
const KEPT_SHARE = 0.5;

/**
 * What a source gives made into what its person means: neutral taken off, gain, mirror, limits.
 *
 * A source that is tuned gives weights from 0 to 1 whatever came in.
 */
export class Tuning {
  /** Swaps left and right, of the head too, as in a mirror. */
  mirrored = false;
  private readonly neutral = new Float32Array(CHANNELS);
  private readonly gain = new Float32Array(SHAPES).fill(1);
  private readonly swapped = new Float32Array(CHANNELS);
  private readonly captured: Float32Array[] = [];
  private capturing = false;

  /** Factor of a shape, of what it has above neutral. */
  gainOf(shape: number): number {
    return this.gain[shape] ?? 1;
  }

  /**
   * @param gain 0 to MAX_GAIN
   * @throws SimroomError `bad-argument`
   */
  setGain(shape: number, gain: number): void {
    if (!Number.isInteger(shape) || shape < 0 || shape >= SHAPES) {
      throw new SimroomError(
        'bad-argument',
        `There is no shape number ${shape}: a face has 0 to ${SHAPES - 1}.`,
      );
    }
    if (!(gain >= 0 && gain <= MAX_GAIN)) {
      throw new SimroomError(
        'bad-argument',
        `A gain of ${gain} is not possible: it goes from 0 to ${MAX_GAIN}.`,
      );
    }
    this.gain[shape] = gain;
  }

  /** Takes the next second of frames for the neutral face. */
  captureNeutral(): void {
    this.captured.length = 0;
    this.capturing = true;
  }

  /** Whether a neutral face is being captured. */
  get isCapturing(): boolean {
    return this.capturing;
  }

  /** The neutral face, to be kept; or sets it to one that was kept. */
  get neutralFace(): Float32Array {
    return this.neutral.slice();
  }

  set neutralFace(face: Float32Array) {
    for (let i = 0; i < CHANNELS; i++)
      this.neutral[i] = clamp(face[i] ?? 0, i < SHAPES ? 0 : -Math.PI, i < SHAPES ? MAX_NEUTRAL : Math.PI);
  }

  /** Forgets the neutral face. */
  clearNeutral(): void {
    this.capturing = false;
    this.neutral.fill(0);
  }

  /** Tunes a frame in place. */
  apply(frame: Float32Array): void {
    if (this.capturing) this.capture(frame);
    for (let i = 0; i < CHANNELS; i++) {
      const value = frame[i] ?? 0;
      const neutral = this.neutral[i] ?? 0;
      if (i >= SHAPES) {
        frame[i] = clamp(value - neutral, -Math.PI, Math.PI);
        continue;
      }
      // What was neutral becomes 0, and 1 stays 1.
      const above = clamp((value - neutral) / (1 - neutral), 0, 1);
      frame[i] = clamp(above * (this.gain[i] ?? 1), 0, 1);
    }
    if (this.mirrored) this.mirror(frame);
  }

  private mirror(frame: Float32Array): void {
    this.swapped.set(frame.subarray(0, CHANNELS));
    for (let i = 0; i < SHAPES; i++) frame[i] = this.swapped[MIRRORED[i] ?? i] ?? 0;
    frame[HEAD.yaw] = -(this.swapped[HEAD.yaw] ?? 0);
    frame[HEAD.roll] = -(this.swapped[HEAD.roll] ?? 0);
  }

  private capture(frame: Float32Array): void {
    this.captured.push(frame.slice(0, CHANNELS));
    if (this.captured.length < NEUTRAL_FRAMES) return;
    this.capturing = false;
    this.neutralFace = Float32Array.from({ length: CHANNELS }, (_, i) => {
      const values = Float32Array.from(this.captured, (face) => face[i] ?? 0).toSorted();
      if (i >= SHAPES) return values[values.length >> 1] ?? 0;
      const kept = values.subarray(0, Math.ceil(values.length * KEPT_SHARE));
      return kept.reduce((sum, value) => sum + value, 0) / kept.length;
    });
    this.captured.length = 0;
  }
}
