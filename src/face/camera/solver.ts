import { clamp, HEAD } from '../frame';
import { SHAPE } from '../names';
import { REGIONS } from '../regions';
import { AT, measure, MEASURES } from './measures';
import { MouthSolver, past } from './mouth';
import { Neutral } from './neutral';
import { HeadPose } from './pose';

/** The regions that landmarks tell something about, as `FaceSource.sample` gives them. */
export const CAMERA_REGIONS = (['eyes', 'brows', 'mouth', 'head'] as const).reduce(
  (mask, region) => mask | (1 << REGIONS.indexOf(region)),
  0,
);

/** What a measure changes by from rest to a shape's 1, in its unit, and how much of it is still rest. */
const RANGE = {
  blink: 0.65,
  blinkRest: 0.07,
  wide: 0.2,
  wideRest: 0.08,
  squint: 0.07,
  squintRest: 0.025,
  gaze: 0.2,
  gazeUp: 0.12,
  browInner: 0.4,
  brow: 0.35,
  browOuter: 0.35,
  browRest: 0.06,
} as const;

/** The networks see little of a lid that is half shut: of what they see, the root is taken that makes it half. */
const LID_ROOT = 0.75;
/** How far the lower lid rises with a blink, per cm that the upper one sinks, and with a look aside, per width of the eye. */
const BLINK_LIFTS = 0.26;
const GAZE_LIFTS = 0.8;
/** How uncertain a head's turn makes what one side does, cm per radian: perspective is undone only roughly. */
const TURN_BLURS = 0.25;
/** A blink of one eye seems to shut the other by this part of the difference. */
const LIDS_TOGETHER = 0.15;
/** Shapes of an eye after its blink. */
const SQUINT = SHAPE.eyeSquintLeft - SHAPE.eyeBlinkLeft;
const WIDE = SHAPE.eyeWideLeft - SHAPE.eyeBlinkLeft;

/**
 * Face shapes from landmarks: those that landmarks show, by measuring; all others are 0, which are jawForward, mouthClose,
 * cheekPuff, cheekSquint, noseSneer and tongueOut: the networks place the same landmarks with them as without.
 *
 * Everything is measured on the head held level, against the person's own neutral.
 */
export class FaceSolver {
  private readonly pose = new HeadPose();
  private readonly neutral = new Neutral();
  private readonly now = new Float32Array(MEASURES.length);
  private readonly change = new Float32Array(MEASURES.length);
  private readonly mouth = new MouthSolver(this.change);
  /** How much more of what one side does counts as rest, cm. */
  private blur = 0;

  /** Whether the person's neutral is known; until then their face stays near it. */
  get calibrated(): boolean {
    return this.neutral.done;
  }

  /** Takes the next second as the person's neutral. */
  recalibrate(): void {
    this.neutral.reset();
  }

  /**
   * Solves a frame.
   *
   * @param landmarks 478 times x right, y down, z away from the camera, in one unit (`topology.ts`)
   * @param now ms, never less than before
   * @param out gets CHANNELS numbers
   * @returns false, and `out` as it was, when these are not the landmarks of a face
   */
  solve(landmarks: ArrayLike<number>, now: number, out: Float32Array): boolean {
    const { pose, neutral, change } = this;
    if (!pose.align(landmarks)) return false;
    measure(pose.points, this.now);
    neutral.observe(this.now, now);
    for (let i = 0; i < change.length; i++) change[i] = (this.now[i] ?? 0) - (neutral.values[i] ?? 0);
    out.fill(0);
    out[HEAD.yaw] = pose.yaw;
    out[HEAD.pitch] = pose.pitch;
    out[HEAD.roll] = pose.roll;
    this.blur = TURN_BLURS * Math.abs(pose.yaw);
    this.eyes(out);
    this.brows(out);
    this.mouth.solve(this.blur, out);
    return true;
  }

  private eyes(out: Float32Array): void {
    this.lids(out, 0, SHAPE.eyeBlinkLeft);
    this.lids(out, 1, SHAPE.eyeBlinkRight);
    // Eyes look the same way, and one that is shut shows nothing.
    const seesLeft = 1 - (out[SHAPE.eyeBlinkLeft] ?? 0);
    const seesRight = 1 - (out[SHAPE.eyeBlinkRight] ?? 0);
    const sees = seesLeft + seesRight;
    if (sees <= 0) return;
    const across = this.between(AT.gazeLeft, seesLeft, seesRight) / (sees * RANGE.gaze);
    const up = this.between(AT.gazeUpLeft, seesLeft, seesRight) / (sees * RANGE.gazeUp);
    out[SHAPE.eyeLookOutLeft] = out[SHAPE.eyeLookInRight] = clamp(across, 0, 1);
    out[SHAPE.eyeLookInLeft] = out[SHAPE.eyeLookOutRight] = clamp(-across, 0, 1);
    const open = Math.min(1, sees);
    out[SHAPE.eyeLookUpLeft] = out[SHAPE.eyeLookUpRight] = open * clamp(up, 0, 1);
    out[SHAPE.eyeLookDownLeft] = out[SHAPE.eyeLookDownRight] = open * clamp(-up, 0, 1);
  }

  /**
   * @param side 0 is the person's left, 1 their right
   * @param first of the side's shapes, which are in the same order on both
   */
  private lids(out: Float32Array, side: 0 | 1, first: number): void {
    const upper = this.at(AT.upperLidLeft + side);
    const lower = this.at(AT.lowerLidLeft + side);
    const wider = this.wider(side);
    const shut = -wider - LIDS_TOGETHER * Math.max(0, wider - this.wider(1 - side));
    const blink = past(shut, RANGE.blinkRest, RANGE.blink) ** LID_ROOT;
    const lifted = BLINK_LIFTS * Math.max(0, -upper) + GAZE_LIFTS * Math.abs(this.at(AT.gazeLeft + side));
    out[first] = blink;
    out[first + SQUINT] = (1 - blink) * past(lower - lifted - this.blur / 2, RANGE.squintRest, RANGE.squint);
    out[first + WIDE] = past(wider, RANGE.wideRest + 2 * this.blur, RANGE.wide);
  }

  /** How much further open an eye is than at rest, as a part of that. */
  private wider(side: number): number {
    const { values } = this.neutral;
    const rest = (values[AT.upperLidLeft + side] ?? 0) - (values[AT.lowerLidLeft + side] ?? 0);
    return rest > 0 ? (this.at(AT.upperLidLeft + side) - this.at(AT.lowerLidLeft + side)) / rest : 0;
  }

  private brows(out: Float32Array): void {
    const browRest = RANGE.browRest + this.blur;
    const inner = (this.at(AT.browInnerLeft) + this.at(AT.browInnerRight)) / 2;
    out[SHAPE.browInnerUp] = past(inner, browRest, RANGE.browInner);
    out[SHAPE.browDownLeft] = past(-this.at(AT.browLeft), browRest, RANGE.brow);
    out[SHAPE.browDownRight] = past(-this.at(AT.browRight), browRest, RANGE.brow);
    out[SHAPE.browOuterUpLeft] = past(this.at(AT.browOuterLeft), browRest, RANGE.browOuter);
    out[SHAPE.browOuterUpRight] = past(this.at(AT.browOuterRight), browRest, RANGE.browOuter);
  }

  private at(index: number): number {
    return this.change[index] ?? 0;
  }

  /** Of a measure of either side, the mean by these weights times their sum. */
  private between(index: number, left: number, right: number): number {
    return left * this.at(index) + right * this.at(index + 1);
  }
}
