import { mix } from './curve';
import type { HeadColours, Rgb, StyleName } from './style';

/** Colours to choose from, sRGB. */
export const SKIN_TONES: Readonly<Record<StyleName, readonly Rgb[]>> = {
  android: ['#ece7e2', '#d9a47c', '#f2cdb4', '#9a6a4c', '#c9d3dc', '#6b4a38'].map(rgb),
  human: ['#f2c9a8', '#8a5a3c', '#fadcc4', '#c68a5e', '#5e3b28', '#e0aa80'].map(rgb),
  robot: ['#dfe4ea', '#f4c542', '#8fd0c8', '#f08a7a', '#b9a5e8', '#a9b4bf'].map(rgb),
};
export const HAIR_COLOURS: readonly Rgb[] = [
  '#5a3420',
  '#1d1614',
  '#c79a55',
  '#39404a',
  '#8c3b1f',
  '#d8d3cb',
].map(rgb);
export const IRIS_COLOURS: readonly Rgb[] = [
  '#2f7fd0',
  '#4a2c14',
  '#3f7d4f',
  '#25b9d6',
  '#7a4a1e',
  '#6d6fd0',
].map(rgb);
export const ACCENTS: readonly Rgb[] = ['#5b8def', '#e8743b', '#2fae9b', '#f0b429', '#c05bd0', '#e2574c'].map(
  rgb,
);

/**
 * A set of colours that go together, another one for every number; the same number always has the same.
 *
 * @param accent a person's own colour, where they have one
 */
export function coloursFor(style: StyleName, number: number, accent?: Rgb): HeadColours {
  // Different steps, so that neighbours differ in everything.
  const skin = pick(SKIN_TONES[style], number);
  return {
    skin,
    accent: accent ?? pick(ACCENTS, number + Math.floor(number / ACCENTS.length)),
    hair: pick(HAIR_COLOURS, number + 2 * Math.floor(number / HAIR_COLOURS.length)),
    iris: pick(IRIS_COLOURS, number + 3 * Math.floor(number / IRIS_COLOURS.length)),
    lips: style === 'robot' ? darker(skin) : redder(skin),
  };
}

/** `#rrggbb` as three numbers within 0..1; what is not of that form is grey. */
export function rgb(hex: string): Rgb {
  const match = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(hex);
  const part = (i: number): number => (match ? Number.parseInt(match[i] ?? '80', 16) / 255 : 0.5);
  return [part(1), part(2), part(3)];
}

function pick(list: readonly Rgb[], number: number): Rgb {
  const n = list.length;
  return list[((Math.floor(number) % n) + n) % n] ?? [0.5, 0.5, 0.5];
}

/** Lips on skin: its own colour with more blood in it. */
function redder([r, g, b]: Rgb): Rgb {
  return [mix(r, 0.72, 0.35), mix(g * 0.72, 0.3, 0.25), mix(b * 0.76, 0.3, 0.25)];
}

/** Rubber lips on a robot. */
function darker([r, g, b]: Rgb): Rgb {
  return [0.38 * r, 0.42 * g, 0.48 * b];
}
