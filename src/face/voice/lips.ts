import { type PartialFace, both } from '../expressions';
import { CHANNELS, clamp } from '../frame';
import { SHAPE } from '../names';
import { REGION, REGIONS } from '../regions';
import { faceOf } from '../weights';
import { smooth } from '../idle';
import { follow } from './loudness';
import { VISEMES, VISEME_COUNT, VISEME, type Viseme } from './visemes';

/**
 * What ARKit's shapes do for each viseme, said clearly. jawOpen is the jaw's own opening; lips that are shut over it
 * are a matter of mouthClose, which {@link Lips} keeps equal to it.
 */
const POSES: Readonly<Record<Viseme, PartialFace>> = {
  sil: {},
  PP: both({ mouthPress: 0.3 }, { jawOpen: 0.1, mouthRollLower: 0.3, mouthRollUpper: 0.25, cheekPuff: 0.08 }),
  FF: both({ mouthUpperUp: 0.18 }, { jawOpen: 0.08, mouthRollLower: 0.5, mouthShrugUpper: 0.15 }),
  TH: both({ mouthLowerDown: 0.22, mouthUpperUp: 0.08 }, { jawOpen: 0.15, tongueOut: 0.18 }),
  DD: both({ mouthLowerDown: 0.2, mouthStretch: 0.1 }, { jawOpen: 0.13 }),
  kk: both({ mouthLowerDown: 0.18, mouthUpperUp: 0.1 }, { jawOpen: 0.2 }),
  CH: both(
    { mouthUpperUp: 0.16, mouthLowerDown: 0.22 },
    { jawOpen: 0.08, mouthFunnel: 0.5, mouthPucker: 0.18 },
  ),
  SS: both({ mouthStretch: 0.28, mouthLowerDown: 0.26, mouthDimple: 0.12 }, { jawOpen: 0.05 }),
  nn: both({ mouthLowerDown: 0.16, mouthStretch: 0.06 }, { jawOpen: 0.15 }),
  RR: both({ mouthLowerDown: 0.14 }, { jawOpen: 0.15, mouthFunnel: 0.3, mouthPucker: 0.22 }),
  aa: both({ mouthLowerDown: 0.32, mouthUpperUp: 0.16, mouthStretch: 0.1 }, { jawOpen: 0.62 }),
  E: both(
    { mouthLowerDown: 0.34, mouthUpperUp: 0.16, mouthSmile: 0.22, mouthDimple: 0.15, cheekSquint: 0.06 },
    { jawOpen: 0.36 },
  ),
  I: both(
    { mouthLowerDown: 0.28, mouthSmile: 0.34, mouthStretch: 0.28, mouthDimple: 0.15, cheekSquint: 0.1 },
    { jawOpen: 0.18 },
  ),
  O: both({ mouthLowerDown: 0.12 }, { jawOpen: 0.44, mouthFunnel: 0.55, mouthPucker: 0.25 }),
  U: both({ mouthLowerDown: 0.06 }, { jawOpen: 0.18, mouthFunnel: 0.32, mouthPucker: 0.65 }),
};

/** Regions that {@link Lips} write, as bits of `REGIONS`. */
export const LIPS_REGIONS = (1 << REGIONS.indexOf('mouth')) | (1 << REGIONS.indexOf('cheeks'));

/** Time constants of rising and falling, s: muscles are quicker to act than to rest, and lips shut quickest. */
const SHUT_S = { rise: 0.012, fall: 0.035 };
const JAW_S = { rise: 0.028, fall: 0.055 };
const LIPS_S = { rise: 0.03, fall: 0.06 };
/** Of a jaw's opening, the part that a whisper has; the rest comes with loudness. */
const WHISPERED_JAW = 0.4;
/** The same of all other shapes. */
const WHISPERED_LIPS = 0.65;
/** Heard so much, p, b and m begin to shut the lips, and have shut them. */
const SHUTTING = 0.3;
const SHUT = 0.7;
/** A pause so long in being asked is no movement, s. */
const LONGEST_STEP_S = 0.1;
/** A mouth that is open by less is at rest. */
const AT_REST = 0.004;

/** The lips: from visemes and loudness to ARKit's shapes, in their own time. */
export class Lips {
  private static readonly moved: readonly number[] = movedShapes();
  /** By viseme, weights of the moved shapes. */
  private static readonly poses: readonly Float32Array[] = VISEMES.map((viseme) => {
    const face = faceOf(POSES[viseme]);
    return Float32Array.from(Lips.moved, (shape) => face[shape] ?? 0);
  });
  private readonly aims = new Float32Array(Lips.moved.length);
  private readonly weights = new Float32Array(Lips.moved.length);
  private shutAim = 0;
  private shut = 0;

  /**
   * Says where they are to go.
   *
   * @param visemes VISEME_COUNT weights that add up to at most 1
   * @param loudness 0..1
   */
  aim(visemes: Float32Array, loudness: number): void {
    const { aims } = this;
    aims.fill(0);
    for (let v = 0; v < VISEME_COUNT; v++) {
      const weight = clamp(visemes[v] ?? 0, 0, 1);
      const pose = Lips.poses[v];
      if (!(weight > 0) || pose === undefined) continue;
      for (let i = 0; i < aims.length; i++) aims[i] = (aims[i] ?? 0) + weight * (pose[i] ?? 0);
    }
    const loud = clamp(loudness, 0, 1);
    const jaw = WHISPERED_JAW + (1 - WHISPERED_JAW) * loud;
    const lips = WHISPERED_LIPS + (1 - WHISPERED_LIPS) * loud;
    for (let i = 0; i < aims.length; i++)
      aims[i] = Math.min(1, aims[i] ?? 0) * (Lips.moved[i] === SHAPE.jawOpen ? jaw : lips);
    this.shutAim = smooth((clamp(visemes[VISEME.PP] ?? 0, 0, 1) - SHUTTING) / (SHUT - SHUTTING));
  }

  /** Moves for so long. Allocates nothing. */
  move(seconds: number): void {
    const time = Math.min(LONGEST_STEP_S, Math.max(0, seconds));
    const { aims, weights } = this;
    const jawRise = follow(time, JAW_S.rise);
    const jawFall = follow(time, JAW_S.fall);
    const rise = follow(time, LIPS_S.rise);
    const fall = follow(time, LIPS_S.fall);
    for (let i = 0; i < weights.length; i++) {
      const way = (aims[i] ?? 0) - (weights[i] ?? 0);
      const jaw = Lips.moved[i] === SHAPE.jawOpen;
      weights[i] = (weights[i] ?? 0) + way * (way > 0 ? (jaw ? jawRise : rise) : jaw ? jawFall : fall);
    }
    const way = this.shutAim - this.shut;
    this.shut += way * follow(time, way > 0 ? SHUT_S.rise : SHUT_S.fall);
  }

  /** Whether they are closed and want to stay so. */
  get resting(): boolean {
    for (let i = 0; i < this.weights.length; i++) {
      if ((this.weights[i] ?? 0) > AT_REST || (this.aims[i] ?? 0) > AT_REST) return false;
    }
    return true;
  }

  /** Writes mouth and cheeks into a frame; what no viseme moves is 0. Allocates nothing. */
  write(out: Float32Array): void {
    for (let i = 0; i < CHANNELS; i++) if ((LIPS_REGIONS & (1 << (REGION[i] ?? 0))) !== 0) out[i] = 0;
    for (let i = 0; i < this.weights.length; i++) {
      const shape = Lips.moved[i];
      if (shape !== undefined) out[shape] = this.weights[i] ?? 0;
    }
    // Sealed where it equals the jaw's opening.
    out[SHAPE.mouthClose] = this.shut * (out[SHAPE.jawOpen] ?? 0);
    // A tongue between sealed lips would keep them open.
    out[SHAPE.tongueOut] = (1 - this.shut) * (out[SHAPE.tongueOut] ?? 0);
  }
}

function movedShapes(): number[] {
  const moved = new Set<number>();
  for (const viseme of VISEMES) {
    faceOf(POSES[viseme]).forEach((weight, shape) => {
      if (weight > 0) moved.add(shape);
    });
  }
  return [...moved];
}
