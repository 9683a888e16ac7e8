import { clamp } from '../frame';
import { SHAPE } from '../names';
import { AT } from './measures';

/** What a measure changes by from rest to a shape's 1, cm, and how much of it is still rest. */
const RANGE = {
  jaw: 3.3,
  chin: 1.6,
  jawSide: 0.3,
  mouthSide: 0.2,
  sideRest: 0.05,
  smile: 0.3,
  frown: 0.35,
  stretch: 0.35,
  dimple: 0.35,
  dimpleRest: 0.1,
  cornerRest: 0.06,
  narrow: 0.9,
  upperUp: 0.35,
  lowerDown: 0.5,
  shrug: 0.3,
  upperRed: 0.25,
  lowerRed: 0.35,
} as const;

/** How far the corners of the mouth sink, and the lower lip and chin, per cm that the lips part. */
const CORNER_SINKS = 0.27;
const CHIN_SINKS = 2.2;
/** The networks see less of a difference between the sides than there is: so much of it is added. */
const ASYMMETRY = 0.6;
/** How much narrower the mouth gets, per cm that a frown lowers its corners. */
const FROWN_NARROWS = 1.5;
/** How far a smile pulls a corner outwards, per cm that it lifts it; what goes further is a dimple or a stretch. */
const SMILE_SLOPE = 1.6;
/** How far lips part, per cm that the mouth narrows: where rounding begins to be a funnel, and where it is all one. */
const PUCKER_PARTS = 0.25;
const FUNNEL_PARTS = 0.6;

/** The shapes of the mouth and the jaw. */
export class MouthSolver {
  /** Between the lips, and how far the chin has sunk, cm. */
  private gap = 0;
  private drop = 0;
  /** How far both lips have moved up together, cm. */
  private shift = 0;
  /** How round the lips are, a pucker or a funnel, and how shut; 1 is all. */
  private round = 0;
  private shut = 0;

  /** @param change of each measure since rest; kept */
  constructor(private readonly change: Float32Array) {}

  /**
   * @param blur how much more of what one side does counts as rest, cm
   * @param out gets them
   */
  solve(blur: number, out: Float32Array): void {
    this.gap = Math.max(0, this.at(AT.gap));
    this.drop = Math.max(0, -this.at(AT.chinY));
    this.shift = common(this.at(AT.upperInner), this.at(AT.lowerInner));
    this.shut = clamp(1 - 2 * this.gap, 0, 1);
    this.jaw(out);
    this.rounding(out);
    this.corner(out, 0, blur);
    this.corner(out, 1, blur);
    this.lips(out);
  }

  private jaw(out: Float32Array): void {
    const { gap, drop } = this;
    // A shut mouth is a shut jaw, whatever the chin seems to do when the head nods.
    out[SHAPE.jawOpen] = clamp((0.8 * gap) / RANGE.jaw + 0.2 * Math.min(drop / RANGE.chin, gap), 0, 1);
    const chin = this.at(AT.chinX);
    const aside = this.at(AT.mouthX) - chin / 2;
    out[SHAPE.jawLeft] = past(chin, RANGE.sideRest, RANGE.jawSide);
    out[SHAPE.jawRight] = past(-chin, RANGE.sideRest, RANGE.jawSide);
    out[SHAPE.mouthLeft] = past(aside, RANGE.sideRest, RANGE.mouthSide);
    out[SHAPE.mouthRight] = past(-aside, RANGE.sideRest, RANGE.mouthSide);
  }

  /** How much narrower the mouth is than at rest, other than by frowning: a pucker, or a funnel as far as it opens. */
  private rounding(out: Float32Array): void {
    const { gap } = this;
    const narrower = -(this.at(AT.cornerOutLeft) + this.at(AT.cornerOutRight));
    const up = (this.at(AT.cornerUpLeft) + this.at(AT.cornerUpRight)) / 2;
    const sunk = Math.max(0, -up - CORNER_SINKS * gap);
    this.round = past(narrower - FROWN_NARROWS * sunk, 0.1, RANGE.narrow);
    const parts = narrower > 0 ? gap / narrower : 0;
    const funnel = this.round * past(parts, PUCKER_PARTS, FUNNEL_PARTS - PUCKER_PARTS);
    out[SHAPE.mouthFunnel] = funnel;
    out[SHAPE.mouthPucker] = this.round - funnel;
  }

  /** @param side 0 is the person's left, 1 their right */
  private corner(out: Float32Array, side: 0 | 1, blur: number): void {
    const { cornerRest, dimpleRest } = RANGE;
    const up = this.rise(side);
    const otherUp = this.rise(1 - side);
    const outward = this.at(AT.cornerOutLeft + side);
    const pull = smiling(up, outward);
    const otherPull = smiling(otherUp, this.at(AT.cornerOutLeft + 1 - side));
    const sink = -up - ASYMMETRY * (up - otherUp);
    out[SHAPE.mouthSmileLeft + side] = past(pull + ASYMMETRY * (pull - otherPull), cornerRest, RANGE.smile);
    out[SHAPE.mouthFrownLeft + side] = past(sink, cornerRest + blur, RANGE.frown);
    const beyond = outward - SMILE_SLOPE * Math.max(0, up);
    // A stretched mouth goes down as much as a dimpled one up.
    const level = clamp((0.05 - up) / 0.1, 0, 1);
    out[SHAPE.mouthStretchLeft + side] = level * past(beyond, cornerRest + blur, RANGE.stretch);
    const dimple = past(beyond, dimpleRest + blur, RANGE.dimple);
    out[SHAPE.mouthDimpleLeft + side] = (1 - level) * this.shut * dimple;
  }

  /** Height of a corner of the mouth, without what parting, rounding and moving the lips does to it. */
  private rise(side: number): number {
    return this.at(AT.cornerUpLeft + side) + CORNER_SINKS * this.gap + 0.2 * this.round - this.shift;
  }

  private lips(out: Float32Array): void {
    const { drop, shift, round, shut } = this;
    for (let side = 0; side < 2; side++) {
      const smile = out[SHAPE.mouthSmileLeft + side] ?? 0;
      const raised = this.at(AT.upperLeft + side) - shift - 0.22 * smile - 0.2 * round;
      const lowered = shift - this.at(AT.lowerLeft + side) - CHIN_SINKS * drop;
      out[SHAPE.mouthUpperUpLeft + side] = past(raised, 0.05, RANGE.upperUp);
      out[SHAPE.mouthLowerDownLeft + side] = past(lowered, 0.1, RANGE.lowerDown);
    }
    // It is the chin that lifts both lips, and which of them it lifts more is not seen.
    out[SHAPE.mouthShrugLower] = out[SHAPE.mouthShrugUpper] = shut * past(shift, 0.1, RANGE.shrug);
    // Lips that part show their red again, rolled in or not.
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
}

/** How far a corner is pulled as by a smile: up, and outwards with it, cm. */
function smiling(up: number, outward: number): number {
  return 0.6 * up + 0.4 * Math.min(outward, SMILE_SLOPE * Math.max(0, up));
}

/** What two movements have in common: the lesser where they go the same way, else none. */
function common(a: number, b: number): number {
  if (a > 0 && b > 0) return Math.min(a, b);
  return a < 0 && b < 0 ? Math.max(a, b) : 0;
}

/** From 0 at `rest` to 1 a `range` further. */
export function past(value: number, rest: number, range: number): number {
  return clamp((value - rest) / range, 0, 1);
}
