import { MIRRORED, SHAPE, SHAPES } from './names';

/**
 * A face at one instant: 52 weights from 0 to 1 in the order of `ARKIT_NAMES`, then the head's yaw, pitch and roll in
 * radians, as Live Link Face has them. Gaze needs no channel of its own: the eyeLook shapes say it.
 */
export const CHANNELS = SHAPES + 3;

/** Where the head's angles stand in a frame. */
export const HEAD = { yaw: SHAPES, pitch: SHAPES + 1, roll: SHAPES + 2 } as const;

/** Steps from 0 to 1 of a quantised weight: half the error that 7 bits would have. */
export const WEIGHT_STEPS = 255;
/** Steps of a quantised angle in a radian: 0.2 degrees each. */
export const HEAD_STEPS = 256;
/** Largest quantised angle: 86 degrees; nobody's neck goes further. */
export const MAX_HEAD_STEP = 384;
/**
 * A quantised value stays while the true one is within so many steps. More than half a step, so that noise around the
 * border between two values costs nothing; the error stays below 1/127.
 */
const HOLD_STEPS = 0.75;

/**
 * Quantises a frame in place of the one before it. What is out of range is clamped, NaN counts as 0.
 *
 * @param values weights and angles; angles that are missing count as 0
 * @param quantised CHANNELS numbers: the frame before, then this one
 */
export function quantise(values: Float32Array, quantised: Int16Array): void {
  for (let i = 0; i < CHANNELS; i++) {
    const value = values[i] ?? 0;
    const exact =
      i < SHAPES
        ? clamp(value, 0, 1) * WEIGHT_STEPS
        : clamp(value * HEAD_STEPS, -MAX_HEAD_STEP, MAX_HEAD_STEP);
    if (Math.abs(exact - (quantised[i] ?? 0)) > HOLD_STEPS) quantised[i] = Math.round(exact);
  }
}

/** The inverse of {@link quantise}, into a frame at `offset`. */
export function dequantise(quantised: Int16Array, out: Float32Array, offset = 0): void {
  for (let i = 0; i < CHANNELS; i++) {
    out[offset + i] = (quantised[i] ?? 0) / (i < SHAPES ? WEIGHT_STEPS : HEAD_STEPS);
  }
}

/** The nearest number of a range; NaN becomes the one nearest to 0. */
export function clamp(value: number, low: number, high: number): number {
  if (value >= low) return value <= high ? value : high;
  return value < low ? low : Math.max(low, 0);
}

/**
 * For each channel the one on the left whose movement tells its own beforehand, or -1.
 *
 * Mostly its mirror image; but eyes look the same way, so that one turns in while the other turns out.
 */
export const TWIN: Int8Array = Int8Array.from({ length: CHANNELS }, (_, i) => {
  if (i === SHAPE.eyeLookInRight) return SHAPE.eyeLookOutLeft;
  if (i === SHAPE.eyeLookOutRight) return SHAPE.eyeLookInLeft;
  if (i === SHAPE.jawRight || i === SHAPE.mouthRight) return -1;
  const mirrored = MIRRORED[i] ?? i;
  return mirrored < i ? mirrored : -1;
});
