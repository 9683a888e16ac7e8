import { CHANNELS } from './frame';

/** Frames of a face at a steady rate. */
export interface Take {
  /** Frames a second. */
  readonly rate: number;
  /** One frame of CHANNELS numbers after the other. */
  readonly frames: Float32Array;
}

export function frameCount(take: Take): number {
  return Math.floor(take.frames.length / CHANNELS);
}

/** A frame in place. */
export function frameOf(take: Take, index: number): Float32Array {
  return take.frames.subarray(index * CHANNELS, (index + 1) * CHANNELS);
}

/** The take at a time in seconds, linear between frames, held before its beginning and after its end. */
export function sampleTake(take: Take, seconds: number, out: Float32Array): void {
  const last = Math.max(0, frameCount(take) - 1);
  const at = Math.min(Math.max(seconds * take.rate, 0), last);
  const before = Math.floor(at);
  const after = Math.min(before + 1, last);
  for (let i = 0; i < Math.min(CHANNELS, out.length); i++) {
    const from = take.frames[before * CHANNELS + i] ?? 0;
    out[i] = from + ((take.frames[after * CHANNELS + i] ?? 0) - from) * (at - before);
  }
}
