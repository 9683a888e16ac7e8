import { HEAD } from '../../face/frame';
import { SHAPES } from '../../face/names';
import type { FaceState, HeadAngles } from './api';

/** How the head of a frame is turned. */
export function headOf(frame: Float32Array): HeadAngles {
  return { yaw: frame[HEAD.yaw] ?? 0, pitch: frame[HEAD.pitch] ?? 0, roll: frame[HEAD.roll] ?? 0 };
}

/** A copy of a frame's weights. */
export function weightsOf(frame: Float32Array): Float32Array<ArrayBuffer> {
  return new Float32Array(frame.subarray(0, SHAPES));
}

/** A copy of a frame, as people read it. */
export function stateOf(frame: Float32Array): FaceState {
  return { weights: weightsOf(frame), head: headOf(frame) };
}
