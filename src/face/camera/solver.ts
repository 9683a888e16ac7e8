import { clamp, HEAD } from '../frame';
import { SHAPE } from '../names';
import { REGIONS } from '../regions';
import { AT, measure, MEASURES } from './measures';
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
  blinkRest: 0.1,
  wide: 0.25,
  wideRest: 0.06,
  gaze: 0.2,
  gazeUp: 0.12,
  browInner: 0.4,
  brow: 0.35,
  browOuter: 0.35,
  browRest: 0.06,
  jaw: 3.3,
  chin: 1.6,
  jawSide: 0.7,
  mouthSide: 0.3,
  sideRest: 0.05,
  smile: 0.55,
  frown: 0.55,
  stretch: 0.45,
  cornerRest: 0.06,
  narrow: 0.9,
  funnelGap: 0.5,
  upperUp: 0.35,
  lowerDown: 0.5,
  upperRed: 0.25,
  lowerRed: 0.35,
} as const;

/** How far the corners of the mouth sink, and the lower lip and chin, per cm that the lips part. */
const CORNER_SINKS = 0.33;
const CHIN_SINKS = 2.2;
/** The networks see less of a difference between the sides than there is: so much of it is added. */
const ASYMMETRY = 0.6;

/**
 * Face shapes from landmarks: those that landmarks show, by measuring; all others are 0.
 *
 * Everything is measured on the head held level, against the person's own neutral.
 */
export class FaceSolver {
  private readonly pose = new HeadPose();
  private readonly neutral = new Neutral();
  private readonly now = new Float32Array(MEASURES.length);
  private readonly change = new Float32Array(MEASURES.length);

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
    this.eyes(out);
    this.brows(out);
    this.mouth(out);
    return true;
  }

  private eyes(out: Float32Array): void {
    const left = this.lid(AT.openLeft);
    const right = this.lid(AT.openRight);
    out[SHAPE.eyeBlinkLeft] = past(-left, RANGE.blinkRest, RANGE.blink);
    out[SHAPE.eyeBlinkRight] = past(-right, RANGE.blinkRest, RANGE.blink);
    out[SHAPE.eyeWideLeft] = past(left, RANGE.wideRest, RANGE.wide);
    out[SHAPE.eyeWideRight] = past(right, RANGE.wideRest, RANGE.wide);
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

  private brows(out: Float32Array): void {
    const { browRest } = RANGE;
    const inner = (this.at(AT.browInnerLeft) + this.at(AT.browInnerRight)) / 2;
    out[SHAPE.browInnerUp] = past(inner, browRest, RANGE.browInner);
    out[SHAPE.browDownLeft] = past(-this.at(AT.browLeft), browRest, RANGE.brow);
    out[SHAPE.browDownRight] = past(-this.at(AT.browRight), browRest, RANGE.brow);
    out[SHAPE.browOuterUpLeft] = past(this.at(AT.browOuterLeft), browRest, RANGE.browOuter);
    out[SHAPE.browOuterUpRight] = past(this.at(AT.browOuterRight), browRest, RANGE.browOuter);
  }

  private mouth(out: Float32Array): void {
    const gap = Math.max(0, this.at(AT.gap));
    const drop = Math.max(0, -this.at(AT.chinY));
    // A shut mouth is a shut jaw, whatever the chin seems to do when the head nods.
    const jaw = clamp((0.8 * gap) / RANGE.jaw + 0.2 * Math.min(drop / RANGE.chin, gap), 0, 1);
    out[SHAPE.jawOpen] = jaw;
    const chin = this.at(AT.chinX);
    const mouth = this.at(AT.mouthX) - chin / 2;
    out[SHAPE.jawLeft] = past(chin, RANGE.sideRest, RANGE.jawSide);
    out[SHAPE.jawRight] = past(-chin, RANGE.sideRest, RANGE.jawSide);
    out[SHAPE.mouthLeft] = past(mouth, RANGE.sideRest, RANGE.mouthSide);
    out[SHAPE.mouthRight] = past(-mouth, RANGE.sideRest, RANGE.mouthSide);
    const round = this.rounding(gap);
    const funnel = round * clamp(gap / RANGE.funnelGap, 0, 1);
    out[SHAPE.mouthFunnel] = funnel;
    out[SHAPE.mouthPucker] = round - funnel;
    this.corners(out, 0, gap, round);
    this.corners(out, 1, gap, round);
    this.lips(out, gap, drop, round);
  }

  /** How much narrower the mouth is than at rest, other than by frowning. */
  private rounding(gap: number): number {
    const narrower = -(this.at(AT.cornerOutLeft) + this.at(AT.cornerOutRight));
    const sunk = -(this.at(AT.cornerUpLeft) + this.at(AT.cornerUpRight)) / 2 - CORNER_SINKS * gap;
    return past(narrower - Math.max(0, sunk), 0.1, RANGE.narrow);
  }

  /** @param side 0 is the person's left, 1 their right */
  private corners(out: Float32Array, side: 0 | 1, gap: number, round: number): void {
    const { cornerRest } = RANGE;
    const other = 1 - side;
    const up = this.corner(side, gap, round);
    const outward = this.at(AT.cornerOutLeft + side);
    const pull = 0.6 * up + 0.4 * outward;
    const otherPull = 0.6 * this.corner(other, gap, round) + 0.4 * this.at(AT.cornerOutLeft + other);
    const smile = past(pull + ASYMMETRY * (pull - otherPull), cornerRest, RANGE.smile);
    const sink = -up - ASYMMETRY * (up - this.corner(other, gap, round));
    out[SHAPE.mouthSmileLeft + side] = smile;
    out[SHAPE.mouthFrownLeft + side] = past(sink, cornerRest, RANGE.frown);
    out[SHAPE.mouthStretchLeft + side] = past(outward - 1.8 * Math.max(0, up), cornerRest, RANGE.stretch);
  }

  /** Height of a corner of the mouth, without what parting and rounding the lips does to it. */
  private corner(side: number, gap: number, round: number): number {
    return this.at(AT.cornerUpLeft + side) + CORNER_SINKS * gap + 0.2 * round;
  }

  private lips(out: Float32Array, gap: number, drop: number, round: number): void {
    for (let side = 0; side < 2; side++) {
      const smile = out[SHAPE.mouthSmileLeft + side] ?? 0;
      const raised = this.at(AT.upperLeft + side) - 0.22 * smile - 0.2 * round;
      const lowered = -this.at(AT.lowerLeft + side) - CHIN_SINKS * drop;
      out[SHAPE.mouthUpperUpLeft + side] = past(raised, 0.05, RANGE.upperUp);
      out[SHAPE.mouthLowerDownLeft + side] = past(lowered, 0.1, RANGE.lowerDown);
    }
    // Lips that part show their red again, rolled in or not.
    const shut = clamp(1 - 2 * gap, 0, 1);
    const smile = ((out[SHAPE.mouthSmileLeft] ?? 0) + (out[SHAPE.mouthSmileRight] ?? 0)) / 2;
    const upper = shut * past(-this.at(AT.upperRed) - 0.12 * smile, 0.04, RANGE.upperRed);
    const lower = shut * past(-this.at(AT.lowerRed) - 0.05 * smile, 0.04, RANGE.lowerRed);
    // What both lips do is pressing.
    const press = Math.min(upper, lower);
    out[SHAPE.mouthRollUpper] = upper - press;
    out[SHAPE.mouthRollLower] = lower - press;
    out[SHAPE.mouthPressLeft] = out[SHAPE.mouthPressRight] = press;
  }

  private at(index: number): number {
    return this.change[index] ?? 0;
  }

  /** Of a measure of either side, the mean by these weights times their sum. */
  private between(index: number, left: number, right: number): number {
    return left * this.at(index) + right * this.at(index + 1);
  }

  /** How much further open an eye is than at rest, as a part of that. */
  private lid(index: number): number {
    const rest = this.neutral.values[index] ?? 0;
    return rest > 0 ? this.at(index) / rest : 0;
  }
}

/** From 0 at `rest` to 1 a `range` further. */
function past(value: number, rest: number, range: number): number {
  return clamp((value - rest) / range, 0, 1);
}
