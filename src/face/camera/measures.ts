import { type Eye, EYES } from './topology';

/** What is measured on a face, in the order of {@link MEASURES}; twice what each side has, the person's left first. */
export const MEASURES = [
  // Eyes: heights of the lids above the line between the corners, cm; where the iris is to the person's left and up from
  // the middle of that line, in widths of the eye.
  'upperLidLeft',
  'upperLidRight',
  'lowerLidLeft',
  'lowerLidRight',
  'gazeLeft',
  'gazeRight',
  'gazeUpLeft',
  'gazeUpRight',
  // Brows: heights, cm.
  'browInnerLeft',
  'browInnerRight',
  'browLeft',
  'browRight',
  'browOuterLeft',
  'browOuterRight',
  // Corners of the mouth: outwards from its middle, and up from the nose, cm.
  'cornerOutLeft',
  'cornerOutRight',
  'cornerUpLeft',
  'cornerUpRight',
  // Heights of the lips beside their middle, from the nose, cm.
  'upperLeft',
  'upperRight',
  'lowerLeft',
  'lowerRight',
  // Between the lips, where they meet above and below, from the nose, their red, mouth and chin to the person's left,
  // chin's height from the nose, cm.
  'gap',
  'upperInner',
  'lowerInner',
  'upperRed',
  'lowerRed',
  'mouthX',
  'chinX',
  'chinY',
] as const;

export type Measure = (typeof MEASURES)[number];

/** Index of each measure by its name. */
export const AT = Object.fromEntries(MEASURES.map((name, i) => [name, i])) as Readonly<
  Record<Measure, number>
>;

/** Landmarks of one side of the face that are measured, apart from its eye. */
interface Side {
  readonly eye: Eye;
  readonly browInner: readonly number[];
  readonly brow: readonly number[];
  readonly browOuter: readonly number[];
  readonly corner: number;
  readonly upper: readonly number[];
  readonly lower: readonly number[];
}

const LEFT: Side = {
  eye: EYES.left,
  browInner: [285, 336],
  brow: [334, 282],
  browOuter: [300, 293, 276],
  corner: 291,
  upper: [267, 269],
  lower: [314, 405],
};
const RIGHT: Side = {
  eye: EYES.right,
  browInner: [55, 107],
  brow: [105, 52],
  browOuter: [70, 63, 46],
  corner: 61,
  upper: [37, 39],
  lower: [84, 181],
};
/** Tip and foot of the nose: heights of the mouth are from there, since what shifts both is no expression. */
const NOSE = [4, 2];
/** Down the middle of the mouth: upper lip's upper and lower edge, lower lip's, the chin. */
const UPPER_EDGE = 0;
const UPPER_INNER = 13;
const LOWER_INNER = 14;
const LOWER_EDGE = 17;
const CHIN = 152;

/**
 * Measures a face.
 *
 * @param points x to the person's left, y up, z forward of each landmark, of a head held level, cm (`HeadPose.points`)
 * @param out gets one number for each of {@link MEASURES}
 */
export function measure(points: Float32Array, out: Float32Array): void {
  const nose = meanHeight(points, NOSE);
  const middle = (across(points, UPPER_EDGE) + across(points, LOWER_EDGE)) / 2;
  side(points, LEFT, 0, 1, nose, middle, out);
  side(points, RIGHT, 1, -1, nose, middle, out);
  out[AT.gap] = distance(points, UPPER_INNER, LOWER_INNER);
  out[AT.upperInner] = height(points, UPPER_INNER) - nose;
  out[AT.lowerInner] = height(points, LOWER_INNER) - nose;
  out[AT.upperRed] = height(points, UPPER_EDGE) - height(points, UPPER_INNER);
  out[AT.lowerRed] = height(points, LOWER_INNER) - height(points, LOWER_EDGE);
  out[AT.mouthX] = middle / 2 + (across(points, LEFT.corner) + across(points, RIGHT.corner)) / 4;
  out[AT.chinX] = across(points, CHIN);
  out[AT.chinY] = height(points, CHIN) - nose;
}

/** @param offset 0 is the person's left, 1 their right */
function side(
  points: Float32Array,
  part: Side,
  offset: 0 | 1,
  outwards: number,
  nose: number,
  middle: number,
  out: Float32Array,
): void {
  const { eye } = part;
  const width = distance(points, eye.inner, eye.outer) || 1;
  const middleX = (across(points, eye.inner) + across(points, eye.outer)) / 2;
  const middleY = (height(points, eye.inner) + height(points, eye.outer)) / 2;
  out[AT.upperLidLeft + offset] = lid(points, eye.upper, 2) - middleY;
  out[AT.lowerLidLeft + offset] = lid(points, eye.lower, 3) - middleY;
  out[AT.gazeLeft + offset] = (across(points, eye.iris) - middleX) / width;
  out[AT.gazeUpLeft + offset] = (height(points, eye.iris) - middleY) / width;
  out[AT.browInnerLeft + offset] = meanHeight(points, part.browInner);
  out[AT.browLeft + offset] = meanHeight(points, part.brow);
  out[AT.browOuterLeft + offset] = meanHeight(points, part.browOuter);
  out[AT.cornerOutLeft + offset] = outwards * (across(points, part.corner) - middle / 2);
  out[AT.cornerUpLeft + offset] = height(points, part.corner) - nose;
  out[AT.upperLeft + offset] = meanHeight(points, part.upper) - nose;
  out[AT.lowerLeft + offset] = meanHeight(points, part.lower) - nose;
}

/** Of the middle three of a lid's points, the first of which is given. */
function lid(points: Float32Array, edge: readonly number[], first: number): number {
  let sum = 0;
  for (let i = first; i < first + 3; i++) sum += height(points, edge[i] ?? 0);
  return sum / 3;
}

function across(points: Float32Array, i: number): number {
  return points[3 * i] ?? 0;
}

function height(points: Float32Array, i: number): number {
  return points[3 * i + 1] ?? 0;
}

function meanHeight(points: Float32Array, indices: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < indices.length; i++) sum += height(points, indices[i] ?? 0);
  return sum / indices.length;
}

/** Seen from the front: the depth of landmarks is the least certain of them. */
function distance(points: Float32Array, a: number, b: number): number {
  return Math.hypot(across(points, a) - across(points, b), height(points, a) - height(points, b));
}
