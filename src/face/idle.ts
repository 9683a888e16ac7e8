import { Random } from '../core/random';
import { CHANNELS, HEAD } from './frame';
import { SHAPE } from './names';

/** Time between two blinks of somebody at rest, ms. */
const BLINK_EVERY_MS = [1800, 6000] as const;
const CLOSING_MS = 70;
const SHUT_MS = 40;
const OPENING_MS = 140;
const BLINK_MS = CLOSING_MS + SHUT_MS + OPENING_MS;
/** Time between two glances, ms, and how long the eyes take for one. */
const GLANCE_EVERY_MS = [900, 3200] as const;
const GLANCE_MS = 50;
/** How far eyes wander, as a weight. */
const GLANCE = 0.14;
/** A breath, ms. */
const BREATH_MS = 4200;
const TURN_MS = 9700;
const HEAD_TURN = 0.02;
const HEAD_NOD = 0.01;

/** A face that nobody drives: it blinks, looks about a little, and breathes. */
export class IdleFace {
  private readonly random: Random;
  private blinkAt: number;
  private glanceAt: number;
  private fromX = 0;
  private fromY = 0;
  private toX = 0;
  private toY = 0;

  /** @param seed so that two faces do not blink together */
  constructor(seed: number) {
    this.random = new Random(seed);
    this.blinkAt = this.random.between(0, BLINK_EVERY_MS[1]);
    this.glanceAt = this.random.between(0, GLANCE_EVERY_MS[1]);
  }

  /**
   * The face at a time; faces asked for less often than they blink miss blinks.
   *
   * @param now ms, never less than before
   * @param out CHANNELS numbers
   */
  sample(now: number, out: Float32Array): void {
    const { random } = this;
    if (now > this.blinkAt + BLINK_MS) {
      // After a pause the next blink is still to come.
      const wait = random.between(...BLINK_EVERY_MS);
      this.blinkAt = Math.max(this.blinkAt + wait, now + wait / 4);
    }
    if (now > this.glanceAt + GLANCE_MS) {
      this.fromX = this.toX;
      this.fromY = this.toY;
      this.toX = random.between(-GLANCE, GLANCE);
      this.toY = random.between(-GLANCE, GLANCE) / 2;
      const wait = random.between(...GLANCE_EVERY_MS);
      this.glanceAt = Math.max(this.glanceAt + wait, now + wait / 4);
    }
    out.fill(0, 0, CHANNELS);
    const shut = lids(now - this.blinkAt);
    const part = smooth((now - this.glanceAt) / GLANCE_MS);
    const right = this.fromX + (this.toX - this.fromX) * part;
    const up = this.fromY + (this.toY - this.fromY) * part;
    out[SHAPE.eyeBlinkLeft] = shut;
    out[SHAPE.eyeBlinkRight] = shut;
    out[SHAPE.eyeLookInLeft] = Math.max(0, right);
    out[SHAPE.eyeLookOutRight] = Math.max(0, right);
    out[SHAPE.eyeLookOutLeft] = Math.max(0, -right);
    out[SHAPE.eyeLookInRight] = Math.max(0, -right);
    out[SHAPE.eyeLookUpLeft] = Math.max(0, up);
    out[SHAPE.eyeLookUpRight] = Math.max(0, up);
    out[SHAPE.eyeLookDownLeft] = Math.max(0, -up);
    out[SHAPE.eyeLookDownRight] = Math.max(0, -up);
    out[HEAD.yaw] = HEAD_TURN * Math.sin((2 * Math.PI * now) / TURN_MS);
    out[HEAD.pitch] = HEAD_NOD * Math.sin((2 * Math.PI * now) / BREATH_MS);
  }
}

/** How far lids are shut so long after a blink began. */
function lids(since: number): number {
  if (since < CLOSING_MS) return smooth(since / CLOSING_MS);
  return 1 - smooth((since - CLOSING_MS - SHUT_MS) / OPENING_MS);
}

/** From 0 to 1 with rest at both ends. */
export function smooth(part: number): number {
  const x = Math.min(1, Math.max(0, part));
  return x * x * (3 - 2 * x);
}
