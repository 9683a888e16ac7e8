/**
 * What a mouth does while it speaks, in fifteen classes: the visemes of Oculus' lip sync, which most heads and programs
 * know. `sil` is rest; `PP` p b m; `FF` f v; `TH` th; `DD` t d; `kk` k g; `CH` ch j sh; `SS` s z; `nn` n l; `RR` r; the
 * rest are vowels, as in father, bed, bit, go, boot.
 */
export const VISEMES = [
  'sil',
  'PP',
  'FF',
  'TH',
  'DD',
  'kk',
  'CH',
  'SS',
  'nn',
  'RR',
  'aa',
  'E',
  'I',
  'O',
  'U',
] as const;

export type Viseme = (typeof VISEMES)[number];

/** Index of each viseme by its name. */
export const VISEME = Object.fromEntries(VISEMES.map((name, i) => [name, i])) as Readonly<
  Record<Viseme, number>
>;

/** Visemes: the first is rest, the last five are vowels. */
export const VISEME_COUNT = VISEMES.length;
export const FIRST_VOWEL = VISEMES.indexOf('aa');
