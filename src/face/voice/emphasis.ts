import { Random } from '../../core/random';
import { HEAD } from '../frame';
import { SHAPE } from '../names';
import { REGIONS } from '../regions';
import { smooth } from '../idle';

/** Regions that an {@link Emphasis} writes, as bits of `REGIONS`. */
export const EMPHASIS_REGIONS = (1 << REGIONS.indexOf('brows')) | (1 << REGIONS.indexOf('head'));

/** A syllable is stressed when it is so much louder than speech has been lately. */
const STRESS = 0.22;
/** Speech lately: time constant, s. */
const LATELY_S = 0.6;
/** Between two emphases, s: people do not nod at every word. */
const REST_S = [0.7, 2.4] as const;
/** How long one takes, s, and when it is at its most. */
const LASTS_S = 0.55;
const PEAK = 0.35;
/** How far: brows as weights, the head in radians. */
const BROWS = 0.3;
const NOD = 0.055;
const TILT = 0.025;
/** Slow wandering of a head that speaks, radians, and its periods, s. */
const SWAY = 0.03;
const SWAY_S = [5.3, 7.9] as const;
/** It begins and ends in this time, s. */
const FADE_S = 0.4;

/** What goes with speech: brows and head mark stressed syllables, where only a voice is known. */
export class Emphasis {
  private readonly random: Random;
  private time = 0;
  private lately = 0;
  private began = -LASTS_S;
  private next = 0;
  private strength = 0;
  private tilt = 0;
  private fade = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /**
   * Goes on for a time. Allocates nothing.
   *
   * @param loudness 0..1, of the moment
   * @param talking false in long silence: then the head comes to rest
   */
  move(seconds: number, loudness: number, talking: boolean): void {
    this.time += seconds;
    const part = Math.min(1, seconds / LATELY_S);
    this.fade += Math.min(seconds / FADE_S, Math.abs((talking ? 1 : 0) - this.fade)) * (talking ? 1 : -1);
    if (loudness > this.lately + STRESS && this.time >= this.next) {
      const { random } = this;
      this.began = this.time;
      this.strength = random.between(0.4, 1);
      this.tilt = random.between(-TILT, TILT);
      this.next = this.time + random.between(...REST_S);
    }
    this.lately += (loudness - this.lately) * part;
  }

  /** Whether there is nothing of it to be seen. */
  get resting(): boolean {
    return this.fade === 0;
  }

  /** Writes brows and head into a frame. Allocates nothing. */
  write(out: Float32Array): void {
    const since = (this.time - this.began) / LASTS_S;
    const rise = since < PEAK ? smooth(since / PEAK) : 1 - smooth((since - PEAK) / (1 - PEAK));
    const amount = rise * this.strength * this.fade;
    out[SHAPE.browDownLeft] = 0;
    out[SHAPE.browDownRight] = 0;
    out[SHAPE.browInnerUp] = BROWS * amount;
    out[SHAPE.browOuterUpLeft] = 0.6 * BROWS * amount;
    out[SHAPE.browOuterUpRight] = 0.6 * BROWS * amount;
    const sway = SWAY * this.fade;
    out[HEAD.yaw] = sway * Math.sin((2 * Math.PI * this.time) / SWAY_S[0]);
    out[HEAD.pitch] = NOD * amount;
    out[HEAD.roll] = this.tilt * amount + (sway / 2) * Math.sin((2 * Math.PI * this.time) / SWAY_S[1]);
  }
}
