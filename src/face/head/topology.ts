/**
 * The grid that the skin is made of, for the left half: columns go round the head from the middle of the face to the
 * middle of the back, rows from the crown down to the end of the neck. Round each eye and the mouth a block of the grid
 * is bent into rings, which follow the lids and the lips; everywhere else it stays a grid, so that four quads meet at
 * every vertex but the crown.
 */
export const COLUMNS = 34;
export const ROWS = 50;

/** A block of the grid in which rings lie round a hole. */
export interface Ringed {
  readonly column: number;
  readonly row: number;
  /** Half width and half height of the hole, in cells. */
  readonly width: number;
  readonly height: number;
  readonly rings: number;
}

export const EYE_BLOCK: Ringed = { column: 12, row: 16, width: 6, height: 2, rings: 4 };
/** Its hole is a slit: the line where the lips meet. */
export const MOUTH_BLOCK: Ringed = { column: 0, row: 32, width: 10, height: 0, rings: 5 };

/** First row whose rays are cast level from the neck's axis. */
export const NECK_ROW = 45;

/** Where a grid vertex lies in a block. */
export interface RingPlace {
  /** 0 at the hole. */
  readonly ring: number;
  /** Round the ring's upper or lower half, 0 at the corner away from the nose (the left one), 1 at the other. */
  readonly along: number;
  readonly upper: boolean;
}

/** Whether a vertex is within a block's hole, where there is no skin. */
export function isHole(block: Ringed, column: number, row: number): boolean {
  return Math.abs(column - block.column) < block.width && Math.abs(row - block.row) < block.height;
}

/** The place of a vertex in a block; null outside it and within its hole. Vertices in line with the corners are upper. */
export function ringPlace(block: Ringed, column: number, row: number): RingPlace | null {
  const i = column - block.column;
  const j = block.row - row;
  const ring = Math.max(Math.abs(i) - block.width, Math.abs(j) - block.height);
  if (ring < 0 || ring > block.rings) return null;
  const [a, b] = [block.width + ring, block.height + ring];
  const up = Math.abs(j);
  const walked = i === a ? up : up === b ? b + a - i : b + 2 * a + b - up;
  return { ring, along: walked / (2 * a + 2 * b), upper: j >= 0 };
}

/** Column and row, with fractions, of a point on a block's outermost ring: the inverse of {@link ringPlace} there. */
export function outermost(block: Ringed, along: number, upper: boolean): readonly [number, number] {
  const [a, b] = [block.width + block.rings, block.height + block.rings];
  const walked = along * (2 * a + 2 * b);
  const [i, j] =
    walked <= b ? [a, walked] : walked <= b + 2 * a ? [b + a - walked, b] : [-a, 2 * b + 2 * a - walked];
  return [block.column + i, block.row - (upper ? j : -j)];
}
