import { ColorManagement, LinearSRGBColorSpace, WebGLRenderer } from 'three';
import { coloursFor } from '../../../src/face/head/colours';
import type { StyleName } from '../../../src/face/head/style';
import { ARKIT_NAMES, SHAPE, SHAPES } from '../../../src/face/names';
import { HeadKinds } from '../../../src/view/head_kinds';
import { HeadPortraits } from '../../../src/view/head_portraits';

/** Pictures of faces, as portraits have them, to be compared pixel by pixel. */

/** Weights by name. */
export type Face = Readonly<Record<string, number>>;

/** How much a picture differs from another one. */
export interface Difference {
  /** Pixels that differ clearly. */
  readonly pixels: number;
  /** Their middle, in sides from the middle of the picture: to the right, and up. */
  readonly x: number;
  readonly y: number;
}

/** A part of a picture, in sides from its middle: to the right, and up. */
export interface Region {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** Levels (of 255, the channel that differs most) by which a pixel differs clearly. */
const CLEAR = 16;
const COLUMNS = 9;
/** Numbers whose colours have pale skin, on which nothing is dark but the inside of the mouth, and dark skin. */
const PALE = 0;
const DARK = 5;
const BACKGROUND = '#8a929c';

ColorManagement.enabled = false;
const renderer = new WebGLRenderer();
renderer.outputColorSpace = LinearSRGBColorSpace;
const portraits = new HeadPortraits(new HeadKinds());

async function draw(
  style: StyleName,
  side: number,
  faces: readonly Face[],
  { number = PALE, yaw = 0 } = {},
): Promise<ImageData[]> {
  const colours = coloursFor(style, number);
  const quaternion = [Math.cos(yaw / 2), 0, 0, Math.sin(yaw / 2)];
  const drawn = faces.map((face) => {
    const weights = new Float32Array(SHAPES);
    for (const name of ARKIT_NAMES) weights[SHAPE[name]] = face[name] ?? 0;
    return { style, colours, weights, quaternion, context: context(side, side) };
  });
  await portraits.draw(renderer, drawn);
  return drawn.map(({ context: { canvas }, context: from }) =>
    from.getImageData(0, 0, canvas.width, canvas.height),
  );
}

function context(width: number, height: number): CanvasRenderingContext2D {
  const made = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', {
    willReadFrequently: true,
  });
  if (made === null) throw new Error('no 2D canvas');
  return made;
}

/** How much the pixel at `at` differs, in levels. */
function apart(a: ImageData, b: ImageData, at: number, bAt = at): number {
  let most = 0;
  for (let k = 0; k < 4; k++) most = Math.max(most, Math.abs((a.data[at + k] ?? 0) - (b.data[bAt + k] ?? 0)));
  return most;
}

function differenceOf(a: ImageData, b: ImageData): Difference {
  const side = a.width;
  let [pixels, x, y] = [0, 0, 0];
  for (let i = 0; i < side * side; i++) {
    if (apart(a, b, 4 * i) < CLEAR) continue;
    pixels++;
    x += (i % side) + 0.5;
    y += Math.floor(i / side) + 0.5;
  }
  return { pixels, x: x / pixels / side - 0.5, y: 0.5 - y / pixels / side };
}

/** Of all pixels in which either picture differs from the neutral one, the part in which both do, one mirrored. */
function likeness(neutral: ImageData, a: ImageData, b: ImageData): number {
  const side = a.width;
  let [both, either] = [0, 0];
  for (let i = 0; i < side * side; i++) {
    const mirrored = i - (i % side) + side - 1 - (i % side);
    const one = apart(a, neutral, 4 * i) >= CLEAR;
    const other = apart(b, neutral, 4 * mirrored) >= CLEAR;
    if (one && other) both++;
    if (one || other) either++;
  }
  return both / either;
}

const page = {
  /** Neutral and all shapes in rows, as a PNG's data URL. */
  async sheet(style: StyleName, side: number): Promise<string> {
    const faces = await draw(style, side, [{}, ...ARKIT_NAMES.map((name) => ({ [name]: 1 }))]);
    const sheet = context(COLUMNS * side, Math.ceil(faces.length / COLUMNS) * side);
    sheet.fillStyle = BACKGROUND;
    sheet.fillRect(0, 0, sheet.canvas.width, sheet.canvas.height);
    for (const [i, face] of faces.entries()) {
      const bitmap = await createImageBitmap(face);
      sheet.drawImage(bitmap, side * (i % COLUMNS), side * Math.floor(i / COLUMNS));
      bitmap.close();
    }
    return sheet.canvas.toDataURL('image/png');
  },

  /** Of each cell of two sheets, the part of its pixels that differ clearly. */
  async compare(one: string, other: string, side: number): Promise<number[]> {
    const [a, b] = await Promise.all([one, other].map(pixelsOf));
    if (a === undefined || b === undefined || a.width !== b.width || a.height !== b.height) return [NaN];
    const cells = Array.from({ length: COLUMNS * Math.ceil(a.height / side) }, () => 0);
    for (let i = 0; i < a.width * a.height; i++) {
      if (apart(a, b, 4 * i) < CLEAR) continue;
      const cell = Math.floor((i % a.width) / side) + COLUMNS * Math.floor(i / a.width / side);
      cells[cell] = (cells[cell] ?? 0) + 1 / (side * side);
    }
    return cells.slice(0, SHAPES + 1);
  },

  /** How each face differs from the neutral one. @param yaw of the head to its own left, rad */
  async differences(style: StyleName, side: number, faces: readonly Face[], yaw = 0): Promise<Difference[]> {
    const [neutral, ...others] = await draw(style, side, [{}, ...faces], { yaw });
    return others.map((face) => differenceOf(face, neutral ?? face));
  },

  /** How alike the changes of two faces are, one of them mirrored: 1 is the same. */
  async mirrored(
    style: StyleName,
    side: number,
    pairs: readonly (readonly [Face, Face])[],
  ): Promise<number[]> {
    const [neutral, ...others] = await draw(style, side, [{}, ...pairs.flat()]);
    return pairs.map((_, i) => {
      const [a, b] = [others[2 * i], others[2 * i + 1]];
      return neutral && a && b ? likeness(neutral, a, b) : NaN;
    });
  },

  /**
   * Of each face, how many pixels of a region have colours that `is` picks: the inside of a mouth is dark, an eyeball
   * white.
   */
  async count(
    style: StyleName,
    side: number,
    faces: readonly Face[],
    region: Region,
    is: 'dark' | 'white',
  ): Promise<number[]> {
    const drawn = await draw(style, side, faces, { number: is === 'dark' ? PALE : DARK });
    return drawn.map(({ data }) => {
      let found = 0;
      for (let i = 0; i < side * side; i++) {
        const x = ((i % side) + 0.5) / side - 0.5;
        const y = 0.5 - (Math.floor(i / side) + 0.5) / side;
        if (x < region.left || x > region.right || y < region.bottom || y > region.top) continue;
        const [r = 0, g = 0, b = 0] = data.subarray(4 * i, 4 * i + 3);
        if (is === 'dark' ? Math.max(r, g, b) < 95 : Math.min(r, g, b) > 185) found++;
      }
      return found;
    });
  },
};

async function pixelsOf(url: string): Promise<ImageData> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const { width, height } = image;
  const to = context(width, height);
  to.drawImage(image, 0, 0);
  return to.getImageData(0, 0, width, height);
}

export type ShapesPage = typeof page;

Object.assign(window, { shapes: page });
