import { SHAPE, SHAPES } from '../names';

/** Where the turns of a {@link Pose} are, radians unless said. Positive turns lower the front, or turn it left. */
export const TURN = {
  jaw: 0,
  /** 0..1: how far the lips are kept closed over an open jaw. */
  sealed: 1,
  upperLeft: 2,
  lowerLeft: 3,
  upperRight: 4,
  lowerRight: 5,
  yawLeft: 6,
  pitchLeft: 7,
  yawRight: 8,
  pitchRight: 9,
} as const;
/** Turns, padded to whole texels. */
export const TURNS = 12;

/** What moves a head: turns of its joints, and the weights of what is left. */
export interface Pose {
  readonly turns: Float32Array;
  /** By shape: how far each displacement is applied. */
  readonly weights: Float32Array;
}

export function makePose(): Pose {
  return { turns: new Float32Array(TURNS), weights: new Float32Array(SHAPES) };
}

/** What a head's joints can do; radians. */
export interface Joints {
  readonly jawOpen: number;
  /** Opening between the lids at rest, seen from the eye's centre. */
  readonly lidGap: number;
}

/** Of a lid gap, the upper lid closes this part and the lower one the rest. */
const UPPER_PART = 0.8;
/** How far lids go without a blink: back, and towards each other. */
const LEAST = { upper: -0.36, lower: -0.6 };
const MOST = { upper: 0.8, lower: 1.7 };
/** A blink of 1 / this shuts an eye. */
const FULL_BLINK = 1.08;
/** Turns of the eyes at weight 1, radians. */
const LOOK = { in: 0.46, out: 0.46, up: 0.34, down: 0.4 };
/** At rest both eyes look at somebody a metre away, radians. */
const CONVERGENCE = 0.035;

/**
 * Turns ARKit's weights into a pose. Allocates nothing.
 *
 * Lids are told apart by how far each has gone, 1 where they meet; a lid stops at the other. With `upper` and `lower`
 * so measured they meet along their whole length wherever UPPER_PART · upper + (1 - UPPER_PART) · lower = 1.
 *
 * @param weights 52 in ARKit's order; what is not within 0..1 is taken for the nearest that is, NaN for 0
 */
export function poseOf(weights: ArrayLike<number>, joints: Joints, out: Pose): Pose {
  const w = out.weights;
  for (let i = 0; i < SHAPES; i++) {
    const value = weights[i] ?? 0;
    w[i] = value > 0 ? Math.min(value, 1) : 0;
  }
  jaw(w, joints, out.turns);
  lids(w, joints, out.turns, 0);
  lids(w, joints, out.turns, 1);
  return correct(out);
}

function jaw(w: Float32Array, { jawOpen }: Joints, turns: Float32Array): void {
  const tongue = w[SHAPE.tongueOut] ?? 0;
  const asked = w[SHAPE.jawOpen] ?? 0;
  const close = w[SHAPE.mouthClose] ?? 0;
  // The tongue needs room.
  const open = Math.max(asked, 0.46 * tongue);
  turns[TURN.jaw] = jawOpen * open;
  turns[TURN.sealed] = open > 0 ? Math.min(1, close / open) * (1 - tongue) : 0;
  w[SHAPE.mouthClose] = Math.max(0, close - open);
  // What jawOpen does beside turning the jaw is for open lips.
  w[SHAPE.jawOpen] = open * (1 - (turns[TURN.sealed] ?? 0));
}

function lids(w: Float32Array, { lidGap }: Joints, turns: Float32Array, side: 0 | 1): void {
  // Shapes of one eye follow each other, in the same order for both.
  const at = side * (SHAPE.eyeBlinkRight - SHAPE.eyeBlinkLeft);
  // Trackers seldom say 1 of an eye that is shut.
  const blink = Math.min(1, FULL_BLINK * (w[SHAPE.eyeBlinkLeft + at] ?? 0));
  const frown = w[side === 0 ? SHAPE.browDownLeft : SHAPE.browDownRight] ?? 0;
  const down = w[SHAPE.eyeLookDownLeft + at] ?? 0;
  const up = w[SHAPE.eyeLookUpLeft + at] ?? 0;
  const squint = w[SHAPE.eyeSquintLeft + at] ?? 0;
  const wide = w[SHAPE.eyeWideLeft + at] ?? 0;
  const cheek = w[side === 0 ? SHAPE.cheekSquintLeft : SHAPE.cheekSquintRight] ?? 0;
  const smile = w[side === 0 ? SHAPE.mouthSmileLeft : SHAPE.mouthSmileRight] ?? 0;
  const inward = w[SHAPE.eyeLookInLeft + at] ?? 0;
  const outward = w[SHAPE.eyeLookOutLeft + at] ?? 0;

  const left = side === 0 ? 1 : -1;
  turns[TURN.yawLeft + 2 * side] = left * (LOOK.out * outward - LOOK.in * inward - CONVERGENCE);
  turns[TURN.pitchLeft + 2 * side] = LOOK.down * down - LOOK.up * up;

  let lower = 1.3 * squint + 0.5 * cheek + 0.55 * smile - 0.35 * wide - 0.55 * down + 0.2 * up;
  let upper = 0.16 * squint + 0.17 * frown - 0.3 * wide + 0.42 * down - 0.2 * up;
  lower = Math.min(Math.max(lower, LEAST.lower), MOST.lower);
  upper = Math.min(Math.max(upper, LEAST.upper), MOST.upper);
  lower += blink * (Math.max(lower, 1) - lower);
  upper += blink * (1 - upper);
  upper = Math.min(upper, (1 - (1 - UPPER_PART) * lower) / UPPER_PART);
  turns[TURN.upperLeft + 2 * side] = upper * UPPER_PART * lidGap;
  turns[TURN.lowerLeft + 2 * side] = -lower * (1 - UPPER_PART) * lidGap;
}

/** Where shapes add up to more than a face can do. */
function correct(pose: Pose): Pose {
  const w = pose.weights;
  const pucker = w[SHAPE.mouthPucker] ?? 0;
  const funnel = w[SHAPE.mouthFunnel] ?? 0;
  const round = Math.max(pucker, funnel);
  if (pucker + funnel > 1) {
    const less = 1.1 / (pucker + funnel + 0.1);
    w[SHAPE.mouthPucker] = pucker * less;
    w[SHAPE.mouthFunnel] = funnel * less;
  }
  for (let side = 0; side < 2; side++) {
    const smile = w[SHAPE.mouthSmileLeft + side] ?? 0;
    const stretch = w[SHAPE.mouthStretchLeft + side] ?? 0;
    const dimple = w[SHAPE.mouthDimpleLeft + side] ?? 0;
    const wide = smile + stretch + 0.5 * dimple;
    const less = (wide > 1.25 ? 1.25 / wide : 1) * (1 - 0.45 * round);
    w[SHAPE.mouthSmileLeft + side] = smile * less;
    w[SHAPE.mouthStretchLeft + side] = stretch * less;
    w[SHAPE.mouthDimpleLeft + side] = dimple * less;
  }
  return pose;
}
