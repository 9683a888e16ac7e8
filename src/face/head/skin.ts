import { bell, clamp, mix, ramp, through } from './curve';
import { castOut, fieldOf, normalOf, type Bar, type Blob, type Field, type Point } from './field';
import { HalfMesh, JOINT, PART, type Traits } from './mesh';
import type { HeadShape } from './style';
import {
  COLUMNS,
  EYE_BLOCK,
  MOUTH_BLOCK,
  NECK_ROW,
  outermost,
  ringPlace,
  ROWS,
  type RingPlace,
} from './topology';

/** Where a ray starts on the head's axis and where it goes: azimuth to the left of the nose, elevation; radians. */
interface Chart {
  readonly azimuth: number;
  readonly elevation: number;
}

const RADIAN = Math.PI / 180;
/** Where the rays of the face start: behind the eyes, so that every ray leaves the head once. */
const CENTRE: Point = [-0.06, 0, -0.01];
const NECK_AXIS = -0.066;

/** Of the columns, at the height of the eyes; of the rows, in front and at the back. Degrees. */
const AZIMUTH = through([
  [0, 0],
  [2, 4.6],
  [12, 27],
  [22, 52],
  [27, 92],
  [34, 180],
]);
const FRONT = through([
  [0, 90],
  [5, 53],
  [10, 29],
  [16, 0],
  [22, -16.5],
  [27, -25],
  [32, -35],
  [37, -46.5],
  [40, -54],
  [44, -69],
]);
const BACK = through([
  [0, 90],
  [5, 60],
  [10, 37],
  [16, 13],
  [22, -5],
  [27, -15],
  [32, -26],
  [37, -36],
  [40, -42],
  [44, -52],
]);
/** How much narrower the columns stand than at the eyes. */
const NARROWING = through([
  [0, 1],
  [16, 1],
  [24, 0.9],
  [32, 0.84],
  [40, 0.9],
  [46, 1],
]);

/** Lid rings follow their lid this much, from the margin to the socket's edge. */
const LID_FOLLOWS = [1, 0.8, 0.48, 0.17, 0] as const;
/** Where the rings lie between the margin and the socket's edge. */
const LID_RINGS = [0, 0.2, 0.44, 0.72, 1] as const;
/** The same for lips beyond the border of the red. */
const LIP_RINGS = [0, 0, 0, 0.28, 0.62, 1] as const;

/** How much the normals of lip rings are those of the face without lips. */
const LIP_SMOOTH = [0, 0, 0.35, 0.75, 1, 1] as const;

/** Rows inside the mouth, from the lips: backward, away from the line between the lips, and narrower. */
const MOUTH_ROWS = [
  [0.0028, 0.0006, 0.97],
  [0.0058, 0.0035, 0.94],
  [0.0078, 0.012, 0.95],
  [0.015, 0.019, 1.08],
  [0.03, 0.02, 1.2],
  [0.046, 0.013, 1.1],
  [0.052, 0.003, 0.7],
] as const;

/** Gap between an eyeball and the inner edge of its lids, m. */
export const LID_GAP = 0.0004;

/** The skin and its ways to find places on it. */
export interface Skin {
  readonly field: Field;
  /** The surface's x where it is met from the front. */
  front(y: number, z: number): number;
  /** Height of the line between the lips, m. */
  lipLine(y: number): number;
  /** Vertices of each row inside the mouth and those on the lips, upper then lower, from the middle to the corner. */
  readonly lips: { readonly upper: readonly number[]; readonly lower: readonly number[] };
  /** Grid rows and columns of the vertices that are in the grid, for constraints. */
  readonly grid: readonly { readonly vertex: number; readonly column: number; readonly row: number }[];
}

/** Builds the left half of the skin, lids and the inside of the mouth. */
export function buildSkin(mesh: HalfMesh, shape: HeadShape): Skin {
  const field = fieldOf([...shape.lumps, lidBall(shape)]);
  const { mouth } = shape;
  const front = (y: number, z: number): number => CENTRE[0] + castOut(field, [CENTRE[0], y, z], [1, 0, 0]);
  const lipLine = (y: number): number => {
    const t = Math.abs(y) / mouth.width;
    return mouth.z + mouth.curve * t * t - mouth.bow * bell(t, 0, 0.3, 1);
  };
  const grid: { vertex: number; column: number; row: number }[] = [];
  const at: number[][] = Array.from({ length: ROWS + 1 }, () => []);
  const lips = { upper: [] as number[], lower: [] as number[] };

  for (let row = 0; row <= ROWS; row++)
    for (let column = 0; column <= COLUMNS; column++) {
      const eye = ringPlace(EYE_BLOCK, column, row);
      const lip = ringPlace(MOUTH_BLOCK, column, row);
      const inHole =
        Math.abs(column - EYE_BLOCK.column) < EYE_BLOCK.width &&
        Math.abs(row - EYE_BLOCK.row) < EYE_BLOCK.height;
      let vertex = -1;
      if (row === 0 && column > 0) vertex = at[0]?.[0] ?? 0;
      else if (inHole) vertex = -1;
      else if (eye) vertex = mesh.add(...lidVertex(eye));
      else if (lip) {
        vertex = mesh.add(...lipVertex(lip));
        if (lip.ring === 0) {
          lips.upper.push(vertex);
          const lower =
            column === MOUTH_BLOCK.width ? vertex : mesh.add(...lipVertex({ ...lip, upper: false }));
          lips.lower.push(lower);
        }
      } else {
        const point = onMidline(surface(row, chart(column, row)), column);
        vertex = mesh.add(point, {
          part: PART.skin,
          light: light(point),
          normal: onMidline(normalOf(field, point), column),
        });
      }
      at[row]?.push(vertex);
      if (vertex >= 0) grid.push({ vertex, column, row });
    }
  weave();
  inside();
  rims();
  return { field, front, lipLine, lips, grid };

  function chart(column: number, row: number): Chart {
    const wide = AZIMUTH(column);
    const narrowing = mix(NARROWING(row), 1, ramp(30, 100, wide));
    const azimuth = wide * narrowing;
    const elevation = mix(FRONT(row), BACK(row), ramp(25, 150, azimuth));
    return { azimuth: azimuth * RADIAN, elevation: elevation * RADIAN };
  }

  function surface(row: number, { azimuth, elevation }: Chart): Point {
    const isNeck = row >= NECK_ROW;
    const origin: Point = isNeck
      ? [NECK_AXIS, 0, mix(shape.neck.from, shape.neck.to, (row - NECK_ROW) / (ROWS - NECK_ROW))]
      : CENTRE;
    const tilt = isNeck ? 0 : elevation;
    const direction: Point = [
      Math.cos(tilt) * Math.cos(azimuth),
      Math.cos(tilt) * Math.sin(azimuth),
      Math.sin(tilt),
    ];
    const t = castOut(field, origin, direction);
    return [origin[0] + t * direction[0], origin[1] + t * direction[1], origin[2] + t * direction[2]];
  }

  function chartOf([x, y, z]: Point): Chart {
    const [dx, dz] = [x - CENTRE[0], z - CENTRE[2]];
    return { azimuth: Math.atan2(y, dx), elevation: Math.atan2(dz, Math.hypot(dx, y)) };
  }

  function between(a: Chart, b: Chart, t: number): Chart {
    return { azimuth: mix(a.azimuth, b.azimuth, t), elevation: mix(a.elevation, b.elevation, t) };
  }

  function lidVertex(place: RingPlace): [Point, Traits] {
    const { ring, along, upper } = place;
    const margin = lidMargin(shape, along, upper);
    const outer = chart(...outermost(EYE_BLOCK, along, upper));
    const point =
      ring === 0 ? margin.point : surface(0, between(chartOf(margin.point), outer, LID_RINGS[ring] ?? 1));
    const follows = LID_FOLLOWS[ring] ?? 0;
    return [
      point,
      {
        part: PART.skin,
        joint: follows > 0 ? (upper ? JOINT.lidUpper : JOINT.lidLower) : JOINT.none,
        lid: follows * margin.gap,
        light: light(point),
        tint: upper ? liner(ring, along, shape.eye.lashes) : 0,
        normal: normalOf(field, point),
      },
    ];
  }

  function lipVertex({ ring, along, upper }: RingPlace): [Point, Traits] {
    const t = 1 - 2 * along;
    const y = mouth.width * Math.sin((t * Math.PI) / 2);
    const line: Point = [front(y, lipLine(y)), y, lipLine(y)];
    const height = lipHeight(t, upper);
    const inner = chartOf(line);
    const outer = chart(...outermost(MOUTH_BLOCK, along, upper));
    const distance = Math.hypot(outer.azimuth - inner.azimuth, outer.elevation - inner.elevation) * 0.1;
    const red = Math.min(0.6, height / distance);
    const part = ring <= 2 ? (red * ring) / 2 : mix(red, 1, LIP_RINGS[ring] ?? 1);
    const bare = ring === 0 ? line : surface(0, between(inner, outer, part));
    const point = onMidline(puffed(bare, upper, ring / 2, t), t === 0 ? 0 : 1);
    return [
      point,
      {
        part: PART.skin,
        lip: upper ? 1 : -1,
        // The red ends where the lips do.
        lipRow: ring / 2 + 1.1 * ramp(0.88, 1, t),
        light: light(point) * (ring === 0 ? 0.72 : 1),
        normal: onMidline(normalOf(field, point), t === 0 ? 0 : 1),
        // The lips' own form is in the triangles only.
        smooth: LIP_SMOOTH[ring] ?? 1,
      },
    ];
  }

  /** Height of the red of a lip, m. */
  function lipHeight(t: number, upper: boolean): number {
    const fullness = Math.max(0, 1 - t * t) ** 0.6;
    const bow = upper ? 1 - 0.22 * bell(t, 0, 0.16, 1) : 1;
    return 0.0005 + (upper ? mouth.upper : mouth.lower) * fullness * bow;
  }

  /** Gives the lips their volume: full in the middle of the red, drawn in where they meet and at the corners. */
  function puffed(point: Point, upper: boolean, row: number, t: number): Point {
    const fullness = Math.max(0, 1 - t ** 4) ** 0.7;
    const full = mouth.puff * fullness * bell(row - 0.55, 0, upper || row === 0 ? 0.55 : 0.65, 1);
    const drawn = 0.0016 * bell(row, 0, 0.3, 1) * fullness + 0.0014 * bell(t - 1, row, 0.22, 0.9);
    const groove = upper && row > 0 ? 0.0011 * bell(t, row - 1.9, 0.13, 0.75) : 0;
    const out = full - drawn - groove;
    const n = normalOf(field, point);
    return [point[0] + n[0] * out, point[1] + n[1] * out, point[2] + n[2] * out];
  }

  /** How open the surface is to light: the free room above it against what a plane would have. */
  function light(point: Point): number {
    const n = normalOf(field, point);
    let open = 0;
    for (const reach of [0.006, 0.014, 0.03])
      open += clamp(
        field(point[0] + n[0] * reach, point[1] + n[1] * reach, point[2] + n[2] * reach) / reach,
        0,
        1,
      );
    return open / 3;
  }

  function weave(): void {
    const slit = MOUTH_BLOCK.row;
    for (let row = 0; row < ROWS; row++)
      for (let column = 0; column < COLUMNS; column++) {
        const isAbove = row === slit - 1;
        const isBelow = row === slit && column < MOUTH_BLOCK.width;
        const pick = (r: number, c: number): number =>
          r === slit && c <= MOUTH_BLOCK.width && !isAbove && (isBelow || c < MOUTH_BLOCK.width)
            ? (lips.lower[c] ?? -1)
            : (at[r]?.[c] ?? -1);
        const [a, b, c, d] = [
          pick(row, column),
          pick(row, column + 1),
          pick(row + 1, column + 1),
          pick(row + 1, column),
        ];
        if (Math.min(a, b, c, d) >= 0) mesh.quad(a, d, c, b);
      }
    const below = mesh.add([NECK_AXIS, 0, shape.neck.to], { part: PART.skin });
    const last = at[ROWS] ?? [];
    for (let column = 0; column < COLUMNS; column++)
      mesh.triangle(below, last[column + 1] ?? 0, last[column] ?? 0);
  }

  /** The inside of the mouth: rows like the lips' own, each with one corner, closed at the back. */
  function inside(): void {
    let rows = { upper: lips.upper, lower: lips.lower };
    MOUTH_ROWS.forEach(([back, away, narrow], k) => {
      const next = (ids: readonly number[], up: number): number[] =>
        ids.map((_, i) => {
          const lip = lipsPoint(i, up);
          const t = i / MOUTH_BLOCK.width;
          // Towards its corners the inside is flatter.
          const open = Math.sqrt(Math.max(0, 1 - t * t));
          const point: Point = [lip[0] - back, lip[1] * narrow, lip[2] + up * away * open];
          return mesh.add(onMidline(point, i), {
            part: PART.mouth,
            anchor: lip,
            lip: up,
            depth: (k + 1) / MOUTH_ROWS.length,
            tint: (k + 1) / MOUTH_ROWS.length,
            lipRow: 0,
            light: k === 0 ? 0.8 : Math.max(0.15, 0.62 - 0.16 * k),
          });
        });
      const upper = next(rows.upper, 1);
      const corner = upper[upper.length - 1] ?? 0;
      const lower = [...next(rows.lower.slice(0, -1), -1), corner];
      mesh.strip(rows.upper, upper);
      mesh.strip(lower, rows.lower);
      rows = { upper, lower };
    });
    mesh.strip(rows.upper, rows.lower);
  }

  function lipsPoint(i: number, up: number): Point {
    return mesh.points[(up > 0 ? lips.upper : lips.lower)[i] ?? 0] ?? CENTRE;
  }

  /** The inner edge of the lids: their thickness, then a strip behind them, so that nothing shows between lid and eye. */
  function rims(): void {
    const ring: { vertex: number; along: number; upper: boolean }[] = [];
    for (const { vertex, column, row } of grid) {
      const place = ringPlace(EYE_BLOCK, column, row);
      if (place?.ring === 0) ring.push({ vertex, along: place.along, upper: place.upper });
    }
    const turn = (r: (typeof ring)[number]): number => (r.upper ? r.along : 2 - r.along);
    ring.sort((a, b) => turn(a) - turn(b));
    let before = ring.map((r) => r.vertex);
    for (const behind of [0, 0.2]) {
      const next = ring.map(({ vertex, along, upper }) => {
        const { gap } = lidMargin(shape, along, upper);
        const point = lidPoint(
          shape,
          along,
          upper,
          shape.eye.radius + LID_GAP * (behind > 0 ? 0.8 : 1.6),
          behind,
        );
        return mesh.add(point, {
          part: PART.skin,
          joint: upper ? JOINT.lidUpper : JOINT.lidLower,
          lid: gap,
          anchor: mesh.points[vertex] ?? point,
          light: upper ? 0.5 : 0.75,
          tint: upper ? 1 : 0.4,
        });
      });
      mesh.strip(next, before, true);
      before = next;
    }
  }
}

/**
 * The line painted along the upper lid, where this is more than a half: thickest towards the outer corner, beyond which
 * heavy lashes have a wing.
 */
function liner(ring: number, along: number, lashes: number): number {
  if (ring === 1) return 1.9 * Math.max(0, lashes - 0.5) * ramp(0.11, 0, along);
  return ring === 0 ? mix(0.5, 0.8, lashes * ramp(1, 0.5, along) * (0.5 + 0.5 * ramp(0.7, 0.15, along))) : 0;
}

function onMidline(point: Point, column: number): Point {
  return column === 0 || column === COLUMNS ? [point[0], 0, point[2]] : point;
}

/** The closed lid, which the skin melts round. */
function lidBall({ eye }: HeadShape): Blob | Bar {
  const r = eye.radius + eye.lid;
  return { at: eye.at, radii: [r, r, r], blend: eye.blend };
}

/**
 * A point of the lids' margin: it lies on the lid's ball, and upper and lower margin have the same y where they have the
 * same `along`, so that turned about the eye's y axis they meet.
 */
export function lidMargin(
  shape: HeadShape,
  along: number,
  upper: boolean,
): { readonly point: Point; readonly gap: number } {
  const { eye } = shape;
  const t = Math.cos(Math.PI * along);
  const open = (side: 'upper' | 'lower'): number => eye[side] * opening(eye, t);
  return {
    point: lidPoint(shape, along, upper, eye.radius + eye.lid, 0),
    gap: (open('upper') + open('lower')) / (eye.upper + eye.lower),
  };
}

/** How far the lids are apart along an eye, as a part of the most: an almond, or an oval for lenses. */
export function opening({ almond }: HeadShape['eye'], t: number): number {
  return Math.max(0, 1 - Math.abs(t) ** 2.2) ** almond;
}

/** @param behind how far beyond the margin, away from the opening, radians */
function lidPoint({ eye }: HeadShape, along: number, upper: boolean, radius: number, behind: number): Point {
  const t = mix(Math.cos(Math.PI * along), 1 - 2 * along, 0.35);
  const wide = Math.cos(Math.PI * along);
  const open = opening(eye, wide);
  const up = upper ? 1 : -1;
  const angle = up * (upper ? eye.upper : eye.lower) * open + eye.tilt * t + up * behind * (0.3 + 0.7 * open);
  const y = radius * Math.sin(eye.width * t * (1 + behind * (1 - open)));
  const rho = Math.sqrt(Math.max(0, radius * radius - y * y));
  return [eye.at[0] + rho * Math.cos(angle), eye.at[1] + y, eye.at[2] + rho * Math.sin(angle)];
}
