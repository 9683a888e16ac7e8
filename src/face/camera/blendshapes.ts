import { ARKIT_NAMES, SHAPES } from '../names';

/** One coefficient as MediaPipe's FaceLandmarker gives it. */
export interface Coefficient {
  readonly categoryName: string;
  readonly score: number;
}

const INDEX: ReadonlyMap<string, number> = new Map(ARKIT_NAMES.map((name, i) => [name, i]));

/**
 * Writes MediaPipe's coefficients into a face. They have ARKit's names; `_neutral`, which is none of them, and whatever
 * else is unknown is left out, and what is not among them (`tongueOut`) is 0.
 *
 * @param out at least 52 numbers
 */
export function fromCoefficients(coefficients: readonly Coefficient[], out: Float32Array): void {
  out.fill(0, 0, SHAPES);
  for (const { categoryName, score } of coefficients) {
    const shape = INDEX.get(categoryName);
    // NaN is neither.
    if (shape !== undefined && score > 0) out[shape] = Math.min(1, score);
  }
}
