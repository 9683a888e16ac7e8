import { between, onMidline, type Chart } from './chart';
import { bell, mix, ramp } from './curve';
import type { Point } from './field';
import { PART, type HalfMesh, type Traits } from './mesh';
import type { HeadShape } from './style';
import { MOUTH_BLOCK, outermost, type RingPlace } from './topology';

/** Where the rings lie between the border of the red and the outermost. */
const RINGS = [0, 0, 0, 0.28, 0.62, 1] as const;
/** How much the normals of the rings are those of the face without lips. */
const SMOOTH = [0, 0, 0.35, 0.75, 1, 1] as const;

/** Rows inside the mouth, from the lips: backward, away from the line between the lips, and narrower. */
const INSIDE = [
  [0.0028, 0.0006, 0.97],
  [0.0058, 0.0035, 0.94],
  [0.0078, 0.012, 0.95],
  [0.015, 0.019, 1.08],
  [0.03, 0.02, 1.2],
  [0.046, 0.013, 1.1],
  [0.052, 0.003, 0.7],
] as const;

/** Vertices of the line where the lips meet, from the middle to the left corner, which both have. */
export interface LipVertices {
  readonly upper: readonly number[];
  readonly lower: readonly number[];
}

/** Height of the line where the lips meet, m. */
export function lipLine({ mouth }: HeadShape, y: number): number {
  const t = Math.abs(y) / mouth.width;
  return mouth.z + mouth.curve * t * t - mouth.bow * bell(t, 0, 0.3, 1);
}

/** A vertex of the rings round the mouth. */
export function lipVertex(
  chart: Chart,
  shape: HeadShape,
  { ring, along, upper }: RingPlace,
): [Point, Traits] {
  // 0 in the middle, 1 at the corner.
  const t = 1 - 2 * along;
  const y = shape.mouth.width * Math.sin((t * Math.PI) / 2);
  const z = lipLine(shape, y);
  const line: Point = [chart.front(y, z), y, z];
  const inner = chart.towards(line);
  const outer = chart.direction(...outermost(MOUTH_BLOCK, along, upper));
  // Directions to metres: the mouth is some 0.1 m from the head's middle.
  const distance = Math.hypot(outer.azimuth - inner.azimuth, outer.elevation - inner.elevation) * 0.1;
  const red = Math.min(0.6, redHeight(shape, t, upper) / distance);
  const part = ring <= 2 ? (red * ring) / 2 : mix(red, 1, RINGS[ring] ?? 1);
  const bare = ring === 0 ? line : chart.surface(between(inner, outer, part));
  const column = t === 0 ? 0 : 1;
  const n = chart.normal(bare);
  const out = fullness(shape, upper, ring / 2, t);
  const point = onMidline([bare[0] + n[0] * out, bare[1] + n[1] * out, bare[2] + n[2] * out], column);
  return [
    point,
    {
      part: PART.skin,
      lip: upper ? 1 : -1,
      // The red ends where the lips do.
      lipRow: ring / 2 + 1.1 * ramp(0.88, 1, t),
      light: chart.light(point) * (ring === 0 ? 0.72 : 1),
      normal: onMidline(chart.normal(point), column),
      // The lips' own form is in the triangles only.
      smooth: SMOOTH[ring] ?? 1,
    },
  ];
}

/** Height of the red of a lip, m. */
function redHeight({ mouth }: HeadShape, t: number, upper: boolean): number {
  const bow = upper ? 1 - 0.22 * bell(t, 0, 0.16, 1) : 1;
  return 0.0005 + (upper ? mouth.upper : mouth.lower) * Math.max(0, 1 - t * t) ** 0.6 * bow;
}

/** How far lips stand out, m: most in the middle of the red; drawn in where they meet, at the corners, under the nose. */
function fullness({ mouth }: HeadShape, upper: boolean, row: number, t: number): number {
  const middle = Math.max(0, 1 - t ** 4) ** 0.7;
  const full = mouth.puff * middle * bell(row - 0.55, 0, upper || row === 0 ? 0.55 : 0.65, 1);
  const drawn = 0.0016 * bell(row, 0, 0.3, 1) * middle + 0.0014 * bell(t - 1, row, 0.22, 0.9);
  const groove = upper && row > 0 ? 0.0011 * bell(t, row - 1.9, 0.13, 0.75) : 0;
  return full - drawn - groove;
}

/** The inside of the mouth: rows like the lips' own, each with one corner, closed at the back. */
export function buildInside(mesh: HalfMesh, lips: LipVertices): void {
  const corner = lips.upper.length - 1;
  let rows = lips;
  INSIDE.forEach(([back, away, narrow], k) => {
    const depth = (k + 1) / INSIDE.length;
    const next = (line: readonly number[], up: number): number[] =>
      line.map((vertex, i) => {
        const lip = mesh.points[vertex] ?? [0, 0, 0];
        // Towards its corners the inside is flatter.
        const open = Math.sqrt(1 - (i / corner) ** 2);
        const point: Point = [lip[0] - back, lip[1] * narrow, lip[2] + up * away * open];
        return mesh.add(onMidline(point, i), {
          part: PART.mouth,
          anchor: lip,
          lip: up,
          depth,
          tint: depth,
          lipRow: 0,
          light: k === 0 ? 0.8 : Math.max(0.15, 0.62 - 0.16 * k),
        });
      });
    const upper = next(lips.upper, 1);
    const lower = [...next(lips.lower.slice(0, -1), -1), upper[corner] ?? 0];
    mesh.strip(rows.upper, upper);
    mesh.strip(lower, rows.lower);
    rows = { upper, lower };
  });
  mesh.strip(rows.upper, rows.lower);
}
