import { coloursFor, HAIR_COLOURS, IRIS_COLOURS, SKIN_TONES } from './head/colours';
import { STYLE_NAMES, type HeadColours, type Rgb, type StyleName } from './head/style';

/** What somebody's head looks like, as everybody in a room is told. */
export interface FaceLook {
  readonly style: StyleName;
  /** Indices into `SKIN_TONES` of the style, `HAIR_COLOURS` and `IRIS_COLOURS`. */
  readonly skin: number;
  readonly hair: number;
  readonly iris: number;
  /** SHA-256 of their own GLB, hex; it is shown instead of the style once it is here. */
  readonly file: string | null;
}

/** A look for somebody who has chosen none: another one for every number. */
export function lookFor(number: number): FaceLook {
  const n = Math.abs(Math.floor(number));
  return {
    style: STYLE_NAMES[n % STYLE_NAMES.length] ?? 'android',
    skin: n % SKIN_TONES.human.length,
    hair: Math.floor(n / 2) % HAIR_COLOURS.length,
    iris: Math.floor(n / 3) % IRIS_COLOURS.length,
    file: null,
  };
}

/** @param accent the person's own colour */
export function coloursOf({ style, skin, hair, iris }: FaceLook, accent: Rgb): HeadColours {
  const colours = coloursFor(style, skin, accent);
  return {
    ...colours,
    hair: HAIR_COLOURS[hair] ?? colours.hair,
    iris: IRIS_COLOURS[iris] ?? colours.iris,
  };
}
