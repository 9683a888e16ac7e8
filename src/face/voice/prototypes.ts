import { COEFFICIENTS, type Cepstrum } from './cepstrum';
import { VISEME, type Viseme } from './visemes';

/**
 * What each sound looks like, computed rather than learnt: a source (the glottis, or noise) through the resonances of a
 * vocal tract, after Fant's acoustic theory of speech production. Formants are those that phonetics measured (Peterson
 * and Barney 1952, Hillenbrand 1995, and for consonants Stevens 1998), of an adult man; shorter tracts have all of them
 * higher by the same factor.
 */

/** One sound in its steady part; t, d, k and g have none: they are heard as the beginning of a hiss. */
interface Sound {
  readonly viseme: Viseme;
  /** Resonances, Hz. */
  readonly formants: readonly number[];
  /** Their widths, Hz; as a vowel's where absent. */
  readonly widths?: readonly number[];
  /** A frequency that a side branch swallows, Hz. */
  readonly zero?: number;
  /** Voiced (the default), noise, or both. */
  readonly source?: 'noise' | 'both';
}

const SOUNDS: readonly Sound[] = [
  { viseme: 'aa', formants: [730, 1090, 2440] },
  { viseme: 'aa', formants: [660, 1720, 2410] },
  { viseme: 'aa', formants: [640, 1190, 2390] },
  { viseme: 'E', formants: [530, 1840, 2480] },
  { viseme: 'E', formants: [480, 2000, 2600] },
  { viseme: 'E', formants: [500, 1500, 2450] },
  { viseme: 'I', formants: [270, 2290, 3010] },
  { viseme: 'I', formants: [390, 1990, 2550] },
  { viseme: 'O', formants: [570, 840, 2410] },
  { viseme: 'O', formants: [490, 910, 2450] },
  { viseme: 'U', formants: [440, 1020, 2240] },
  { viseme: 'U', formants: [300, 870, 2240] },
  { viseme: 'U', formants: [300, 650, 2200] },
  { viseme: 'RR', formants: [460, 1270, 1600] },
  { viseme: 'RR', formants: [350, 1150, 1550] },
  { viseme: 'nn', formants: [360, 1100, 2700], widths: [70, 150, 250] },
  { viseme: 'nn', formants: [250, 1150, 2100], widths: [60, 250, 350], zero: 1600 },
  { viseme: 'PP', formants: [250, 1100, 2000], widths: [60, 250, 350], zero: 800 },
  { viseme: 'SS', formants: [4800, 6600], widths: [2000, 2500], source: 'noise' },
  { viseme: 'SS', formants: [4800, 6600], widths: [2000, 2500], source: 'both' },
  { viseme: 'CH', formants: [2300, 3600], widths: [600, 1000], source: 'noise' },
  { viseme: 'CH', formants: [2300, 3600], widths: [600, 1000], source: 'both' },
  { viseme: 'FF', formants: [1500, 6500], widths: [4000, 6000], source: 'noise' },
  { viseme: 'FF', formants: [1500, 6500], widths: [4000, 6000], source: 'both' },
  { viseme: 'TH', formants: [1400, 5200], widths: [1500, 3000], source: 'both' },
];

/** Lengths of vocal tracts: of men, of women, of children. */
const TRACTS = [1, 1.17, 1.36];
/** Resonances above the named ones, Hz: a tube has one every kilohertz. */
const UPPER_HZ = [3500, 4500, 5500, 6500, 7500];
/** Above here a voice has no more strength of its own to speak of: -12 dB an octave from the glottis, +6 from the lips. */
const VOICE_HZ = 150;
/** In a voiced hiss, how much stronger the voice is than the hiss, as a ratio of powers. */
const VOICED_HISS = 3;

/** The shapes of all sounds for all tracts. */
export interface Prototypes {
  readonly visemes: Uint8Array;
  /** COEFFICIENTS numbers for each. */
  readonly shapes: Float32Array;
}

/**
 * Computes prototypes as a cepstrum will see them.
 *
 * @param cepstrum it is used, and left with the last of them
 * @param rate samples a second
 * @param size samples of a transform
 */
export function computePrototypes(cepstrum: Cepstrum, rate: number, size: number): Prototypes {
  const count = SOUNDS.length * TRACTS.length;
  const visemes = new Uint8Array(count);
  const shapes = new Float32Array(count * COEFFICIENTS);
  const power = new Float32Array(size / 2 + 1);
  let at = 0;
  for (const sound of SOUNDS) {
    for (const tract of TRACTS) {
      for (let bin = 0; bin < power.length; bin++) power[bin] = powerAt(sound, tract, (bin * rate) / size);
      cepstrum.gather(power);
      cepstrum.shape();
      visemes[at] = VISEME[sound.viseme];
      shapes.set(cepstrum.coefficients, at * COEFFICIENTS);
      at++;
    }
  }
  return { visemes, shapes };
}

/** Power of a sound at a frequency, Hz. */
function powerAt(sound: Sound, tract: number, hz: number): number {
  const { source = 'voice', formants, widths } = sound;
  if (source === 'noise') return hiss(formants, widths ?? [], tract, hz);
  if (source === 'both') {
    return hiss(formants, widths ?? [], tract, hz) + VOICED_HISS * voice([280], [80], tract, hz) * roll(hz);
  }
  const zero = sound.zero === undefined ? 1 : 1 / resonance(sound.zero * tract, 200, hz);
  return voice(formants, widths ?? [], tract, hz) * zero;
}

function voice(formants: readonly number[], widths: readonly number[], tract: number, hz: number): number {
  let power = 1 / (1 + (hz / VOICE_HZ) ** 2);
  const top = (formants.at(-1) ?? 0) + 500;
  for (let i = 0; i < formants.length; i++) {
    const centre = (formants[i] ?? 0) * tract;
    power *= resonance(centre, widths[i] ?? 50 + centre / 25, hz);
  }
  for (const upper of UPPER_HZ) if (upper > top) power *= resonance(upper * tract, upper / 15, hz);
  return power;
}

/** Resonances side by side, as a hiss through a narrow gap has them. */
function hiss(formants: readonly number[], widths: readonly number[], tract: number, hz: number): number {
  let power = 0.002;
  for (let i = 0; i < formants.length; i++) {
    const width = widths[i] ?? 1000;
    power += 1 / (1 + ((hz - (formants[i] ?? 0) * tract) / (width / 2)) ** 2);
  }
  return power * Math.min(1, hz / 500);
}

/** Where only the murmur of a voice comes through. */
const roll = (hz: number): number => 1 / (1 + (hz / 600) ** 4);

/** The gain of power of one resonance; 1 far below it. */
function resonance(centre: number, width: number, hz: number): number {
  const square = centre * centre;
  const apart = hz * hz - square;
  return (square * square) / (apart * apart + hz * hz * width * width);
}
