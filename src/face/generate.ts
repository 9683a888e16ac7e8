import { Random } from '../core/random';
import { CONSONANTS, EMOTIONS, type PartialFace, VOWELS } from './expressions';
import { CHANNELS, HEAD, TWIN, clamp } from './frame';
import { ARKIT_NAMES, type ArkitName, SHAPE, SHAPES } from './names';
import type { Take } from './take';

/**
 * Sample takes: a seeded actor who talks, shows emotions, blinks and looks about.
 *
 * Made to have what recorded ARKit takes have: smooth curves, a pose at rest that is not 0, sides nearly alike, little
 * noise, and lids that close by .4 in a frame.
 */

/** What the actor does. */
export type Mood = 'talk' | 'emote' | 'idle' | 'mixed';

/** Frames a second, as phones send. */
const RATE = 60;
/** A mixed take changes so often, s. */
const SCENE_S = 5;

/** How fast a shape follows what the actor intends: time constant, s. */
const SLOWNESS_S = Float32Array.from(ARKIT_NAMES, (name) => {
  if (name.startsWith('eyeBlink')) return 0.014;
  if (name.startsWith('eyeLook')) return 0.012;
  if (name.startsWith('eye') || name.startsWith('brow')) return 0.05;
  if (name.startsWith('jaw') || name === 'mouthClose') return 0.024;
  return name.startsWith('mouth') || name === 'tongueOut' ? 0.028 : 0.06;
});

/** Noise of the camera: standard deviation at the sensor, then smoothed like all else. */
const NOISE = 0.0012;
/** Wandering of a pose held: standard deviation and time constant, s. */
const DRIFT = 0.006;
const DRIFT_S = 2;

/** A normal variate, by the sum of uniform ones: its tails end, as those of faces do. */
function normal(random: Random): number {
  let sum = -3;
  for (let i = 0; i < 6; i++) sum += random.next();
  return sum * Math.SQRT2;
}

/** A stretch of time in which a part of the pose is intended. */
interface Gesture {
  readonly pose: PartialFace;
  readonly strength: number;
  readonly from: number;
  readonly to: number;
}

/** What the mouth and the brows are to do, in order of time. */
function script(random: Random, seconds: number, mood: Mood): Gesture[] {
  const gestures: Gesture[] = [];
  const pick = (poses: readonly PartialFace[]): PartialFace => poses[random.below(poses.length)] ?? {};
  let at = random.between(0.1, 0.4);
  while (at < seconds) {
    const scene =
      mood === 'mixed' ? (['talk', 'emote', 'idle'] as const)[Math.floor(at / SCENE_S) % 3] : mood;
    if (scene === 'talk') {
      const syllables = 4 + random.below(16);
      for (let i = 0; i < syllables; i++) {
        const stress = random.between(0.35, 1);
        const consonant = random.between(0.05, 0.1);
        const vowel = random.between(0.07, 0.17);
        gestures.push({
          pose: pick(CONSONANTS),
          strength: random.between(0.5, 1),
          from: at,
          to: at + consonant,
        });
        at += consonant;
        gestures.push({ pose: pick(VOWELS), strength: stress, from: at, to: at + vowel });
        if (stress > 0.85) {
          gestures.push({
            pose: { browInnerUp: 0.3, browOuterUpLeft: 0.2, browOuterUpRight: 0.2 },
            strength: stress,
            from: at,
            to: at + 0.35,
          });
        }
        at += vowel;
      }
      at += random.between(0.25, 0.9);
    } else if (scene === 'emote') {
      const length = random.between(0.8, 2.5);
      gestures.push({ pose: pick(EMOTIONS), strength: random.between(0.4, 1), from: at, to: at + length });
      at += length + random.between(0.3, 1.2);
    } else {
      at += 0.5;
    }
  }
  return gestures;
}

/** The lids: how far shut by blinking, and when the next blink begins. */
class Lids {
  private began = -1;
  private depth = 1;
  private next: number;

  constructor(private readonly random: Random) {
    this.next = random.between(0.5, 2.5);
  }

  at(time: number): number {
    if (time >= this.next) {
      this.began = time;
      this.depth = this.random.next() < 0.15 ? this.random.between(0.4, 0.7) : this.random.between(0.85, 1);
      this.next = time + this.random.between(1.2, 5.5);
    }
    const since = time - this.began;
    return since < 0.09 && this.began >= 0 ? this.depth : 0;
  }
}

/** Where the eyes look: right and up, -1 to 1; they jump. */
class Gaze {
  right = 0;
  up = 0;
  private next = 0;

  constructor(private readonly random: Random) {}

  at(time: number): void {
    if (time < this.next) return;
    const { random } = this;
    const back = random.next() < 0.4;
    this.right = back ? random.between(-0.05, 0.05) : normal(random) * 0.25;
    this.up = back ? random.between(-0.05, 0.05) : normal(random) * 0.18;
    this.next = time + random.between(0.3, 2.2);
  }
}

/**
 * A take of so many seconds at 60 Hz, the same for the same seed.
 *
 * @param mood `mixed` talks, shows emotions and idles in turn
 */
export function generateTake(seed: number, seconds: number, mood: Mood = 'mixed'): Take {
  const random = new Random(seed);
  const count = Math.max(1, Math.round(seconds * RATE));
  const frames = new Float32Array(count * CHANNELS);
  const gestures = script(random, seconds, mood);
  const lids = new Lids(random);
  const gaze = new Gaze(random);

  const rest = new Float32Array(SHAPES);
  const gain = new Float32Array(SHAPES);
  for (let i = 0; i < SHAPES; i++) {
    const twin = TWIN[i] ?? -1;
    const quiet = random.next() < 0.35;
    rest[i] = quiet ? 0 : Math.abs(normal(random)) * 0.06;
    gain[i] = random.between(0.7, 1.2);
    if (twin < 0) continue;
    rest[i] = (rest[twin] ?? 0) * random.between(0.8, 1.2);
    gain[i] = (gain[twin] ?? 1) * random.between(0.88, 1.12);
  }

  const target = new Float32Array(SHAPES);
  const drift = new Float32Array(SHAPES);
  const half = new Float32Array(SHAPES);
  const value = new Float32Array(SHAPES);
  const head = new Float32Array(3);
  const turning = new Float32Array(3);
  const want = (name: ArkitName, weight: number): void => {
    const i = SHAPE[name];
    target[i] = Math.max(target[i] ?? 0, weight);
  };
  const add = (name: ArkitName, weight: number): void => {
    const i = SHAPE[name];
    target[i] = (target[i] ?? 0) + Math.max(0, weight);
  };
  const dt = 1 / RATE;
  const driftKeep = Math.exp(-dt / DRIFT_S);
  const driftStep = DRIFT * Math.sqrt(1 - driftKeep * driftKeep);
  let first = 0;

  for (let frame = 0; frame < count; frame++) {
    const time = frame * dt;
    target.set(rest);
    while (first < gestures.length && (gestures[first]?.to ?? 0) < time - 1) first++;
    for (let g = first; g < gestures.length; g++) {
      const gesture = gestures[g];
      if (gesture === undefined || gesture.from > time) break;
      if (gesture.to <= time) continue;
      for (const [name, weight] of Object.entries(gesture.pose))
        want(name as ArkitName, weight * gesture.strength);
    }
    gaze.at(time);
    const { right, up } = gaze;
    // The left eye looks right by turning in.
    add('eyeLookInLeft', right);
    add('eyeLookOutRight', right);
    add('eyeLookOutLeft', -right);
    add('eyeLookInRight', -right);
    const blink = lids.at(time);
    for (const side of ['Left', 'Right'] as const) {
      add(`eyeLookUp${side}`, up);
      add(`eyeLookDown${side}`, -up);
      // Lids follow the eyes down.
      add(`eyeBlink${side}`, -up * 0.5);
      if (blink === 0) continue;
      want(`eyeBlink${side}`, blink);
      add(`eyeSquint${side}`, blink * 0.12);
      add(`eyeLookDown${side}`, blink * 0.15);
    }
    for (let i = 0; i < SHAPES; i++) {
      const twin = TWIN[i] ?? -1;
      const wander = (drift[i] ?? 0) * driftKeep + driftStep * normal(random);
      // A face wanders as a whole more than one side of it does.
      drift[i] = twin < 0 ? wander : 0.9 * (drift[twin] ?? 0) + 0.1 * wander;
      const active = (target[i] ?? 0) > 0 ? 1 : 0;
      const intended =
        active * ((target[i] ?? 0) * (gain[i] ?? 1) + (drift[i] ?? 0) + NOISE * normal(random));
      const keep = frame === 0 ? 0 : Math.exp(-dt / (SLOWNESS_S[i] ?? 1));
      half[i] = intended + ((half[i] ?? 0) - intended) * keep;
      value[i] = (half[i] ?? 0) + ((value[i] ?? 0) - (half[i] ?? 0)) * keep;
      frames[frame * CHANNELS + i] = clamp(value[i] ?? 0, 0, 1);
    }
    const liveliness = mood === 'idle' ? 0.3 : 1;
    for (let k = 0; k < 3; k++) {
      // A pendulum pushed at random: heads have mass.
      const push = normal(random) * 9 * liveliness - (head[k] ?? 0) * 12 - (turning[k] ?? 0) * 5;
      turning[k] = (turning[k] ?? 0) + push * dt;
      head[k] = (head[k] ?? 0) + (turning[k] ?? 0) * dt;
    }
    frames[frame * CHANNELS + HEAD.yaw] = head[0] ?? 0;
    frames[frame * CHANNELS + HEAD.pitch] = (head[1] ?? 0) * 0.6;
    frames[frame * CHANNELS + HEAD.roll] = (head[2] ?? 0) * 0.4;
  }
  return { rate: RATE, frames };
}
