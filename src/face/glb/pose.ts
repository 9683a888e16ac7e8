import { makePose, poseOf, TURN, type Pose } from '../head/rig';
import type { GlbModel } from './model';

/** Turns of a file's head, radians: positive ones lower the front, or turn it left. */
export const GLB_TURN = { yawLeft: 0, pitchLeft: 1, yawRight: 2, pitchRight: 3, jaw: 4 } as const;

/** What moves a file's head. */
export interface GlbPose {
  /** By channel, 0..1. */
  readonly channels: Float32Array;
  readonly turns: Float32Array;
}

/** How far a jaw on a bone opens, radians. */
const JAW_OPEN = 0.3;
const JOINTS = { jawOpen: JAW_OPEN, lidGap: 1 };

/** Most channels of a head: ARKit's shapes, and some of VRM's expressions. */
export const MAX_CHANNELS = 72;

export function makeGlbPose(): GlbPose {
  return { channels: new Float32Array(MAX_CHANNELS), turns: new Float32Array(Object.keys(GLB_TURN).length) };
}

/** Our own head's pose, for the turns that a file's head has too. */
const ours: Pose = makePose();

/**
 * Turns ARKit's weights into what a file's head does with them. Allocates nothing.
 *
 * @param weights 52 in ARKit's order; what is not within 0..1 is taken for the nearest that is, NaN for 0
 */
export function poseGlb({ channels, turned }: GlbModel, weights: ArrayLike<number>, out: GlbPose): GlbPose {
  for (let c = 0; c < channels.length; c++) {
    const drive = channels[c]?.drive;
    let sum = 0;
    for (let i = 0; i < (drive?.length ?? 0); i++) {
      const entry = drive?.[i];
      if (entry) sum += entry[1] * within(weights[entry[0]] ?? 0);
    }
    out.channels[c] = within(sum);
  }
  const { turns } = poseOf(weights, JOINTS, ours);
  const left = turned.leftEye ? turned.gaze : 0;
  const right = turned.rightEye ? turned.gaze : 0;
  out.turns[GLB_TURN.yawLeft] = left * (turns[TURN.yawLeft] ?? 0);
  out.turns[GLB_TURN.pitchLeft] = left * (turns[TURN.pitchLeft] ?? 0);
  out.turns[GLB_TURN.yawRight] = right * (turns[TURN.yawRight] ?? 0);
  out.turns[GLB_TURN.pitchRight] = right * (turns[TURN.pitchRight] ?? 0);
  out.turns[GLB_TURN.jaw] = turned.jaw ? (turns[TURN.jaw] ?? 0) * (1 - (turns[TURN.sealed] ?? 0)) : 0;
  return out;
}

function within(value: number): number {
  return value > 0 ? Math.min(value, 1) : 0;
}
