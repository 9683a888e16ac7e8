import { FIRST_VOWEL, VISEME, type Viseme } from './visemes';

/**
 * Speech in writing: one letter for each viseme, `_` for a pause. Diphthongs are two vowels; what has no lips of its own
 * (h) is left out.
 */
const LETTERS: Readonly<Record<string, Viseme>> = {
  P: 'PP',
  F: 'FF',
  T: 'TH',
  D: 'DD',
  K: 'kk',
  C: 'CH',
  S: 'SS',
  N: 'nn',
  R: 'RR',
  a: 'aa',
  e: 'E',
  i: 'I',
  o: 'O',
  u: 'U',
  _: 'sil',
};

/** How long each lasts when somebody speaks calmly, ms. */
const LASTS_MS: Readonly<Record<Viseme, number>> = {
  sil: 100,
  PP: 85,
  FF: 90,
  TH: 70,
  DD: 62,
  kk: 68,
  CH: 95,
  SS: 92,
  nn: 66,
  RR: 72,
  aa: 112,
  E: 88,
  I: 84,
  O: 108,
  U: 94,
};

const BY_CODE = new Map(
  Object.entries(LETTERS).map(([letter, viseme]) => [letter.charCodeAt(0), VISEME[viseme]]),
);
const DURATIONS = Float32Array.from(Object.values(LASTS_MS));

/** The viseme of a letter, by its character code; rest where there is none. */
export const visemeOf = (code: number): number => BY_CODE.get(code) ?? 0;

/** How long a viseme lasts when somebody speaks calmly, ms. */
export const lastsMs = (viseme: number): number => DURATIONS[viseme] ?? 0;

export const isVowel = (viseme: number): boolean => viseme >= FIRST_VOWEL;
