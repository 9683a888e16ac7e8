import { SHAPE, type ArkitName } from '../names';

/** How far shapes of ours raise an expression, which is held within 0..1; negative ones hold it down. */
export type Drive = readonly (readonly [shape: number, factor: number])[];

const both = (name: string, factor: number): Record<string, number> => ({
  [`${name}Left`]: factor,
  [`${name}Right`]: factor,
});

/**
 * Expressions that other programs have instead of ARKit's shapes, by VRM's names in lower case: what a face of ours must
 * do for each. Factors by eye, so that a natural face gives a natural one.
 */
const DRIVES: Readonly<Record<string, Readonly<Partial<Record<ArkitName, number>>>>> = {
  // Vowels.
  aa: { jawOpen: 1.1, mouthClose: -1, mouthFunnel: -0.6, mouthPucker: -0.6 },
  ih: { mouthStretchLeft: 0.4, mouthStretchRight: 0.4, mouthLowerDownLeft: 0.15, mouthLowerDownRight: 0.15 },
  ou: { mouthPucker: 1 },
  ee: { mouthDimpleLeft: 0.4, mouthDimpleRight: 0.4, mouthUpperUpLeft: 0.2, mouthUpperUpRight: 0.2 },
  oh: { mouthFunnel: 1 },
  // Eyes. Left is the head's own.
  blinkleft: { eyeBlinkLeft: 1 },
  blinkright: { eyeBlinkRight: 1 },
  blink: both('eyeBlink', 0.5),
  lookup: both('eyeLookUp', 0.5),
  lookdown: both('eyeLookDown', 0.5),
  lookleft: { eyeLookOutLeft: 0.5, eyeLookInRight: 0.5 },
  lookright: { eyeLookInLeft: 0.5, eyeLookOutRight: 0.5 },
  // Moods, which close eyes and open mouths on many heads: never wholly.
  happy: both('mouthSmile', 0.35),
  angry: both('browDown', 0.4),
  sad: { mouthFrownLeft: 0.35, mouthFrownRight: 0.35, browInnerUp: 0.25 },
  surprised: { eyeWideLeft: 0.35, eyeWideRight: 0.35, browOuterUpLeft: 0.15, browOuterUpRight: 0.15 },
};

/** Other names for the same: VRM 0, avatars for the web, visemes. */
const ALIASES: Readonly<Record<string, string>> = {
  a: 'aa',
  i: 'ih',
  u: 'ou',
  e: 'ee',
  o: 'oh',
  blinkl: 'blinkleft',
  blinkr: 'blinkright',
  joy: 'happy',
  sorrow: 'sad',
  mouthopen: 'aa',
  mouthsmile: 'happy',
  eyesclosed: 'blink',
  eyeslookup: 'lookup',
  eyeslookdown: 'lookdown',
};

/** Names that tell people what is looked for. */
export const EXPRESSION_NAMES: readonly string[] = Object.keys(DRIVES);

/** An expression by its name in any of these spellings, or null. */
export function expressionOf(name: string): { name: string; drive: Drive } | null {
  const plain = name
    .replaceAll(/[\s._-]/g, '')
    .toLowerCase()
    .replace(/^viseme/, '');
  const known = Object.hasOwn(ALIASES, plain) ? (ALIASES[plain] ?? plain) : plain;
  if (!Object.hasOwn(DRIVES, known)) return null;
  const shapes = Object.entries(DRIVES[known] ?? {});
  return {
    name: known,
    drive: shapes.map(([shape, factor]) => [SHAPE[shape as ArkitName], factor] as const),
  };
}

/** The shapes that raise an expression. */
export function raisedBy(drive: Drive): readonly number[] {
  return drive.flatMap(([shape, factor]) => (factor > 0 ? [shape] : []));
}
