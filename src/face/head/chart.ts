import { clamp, mix, ramp, through } from './curve';
import { castOut, fieldOf, normalOf, type Field, type Lump, type Point } from './field';
import type { HeadShape } from './style';
import { COLUMNS, NECK_ROW, ROWS } from './topology';

/** A direction from the head's middle: azimuth to the left of the nose, elevation; radians. */
export interface Direction {
  readonly azimuth: number;
  readonly elevation: number;
}

const RADIAN = Math.PI / 180;
/** Where the rays of the face start: behind the eyes, so that every ray leaves the head once. */
const CENTRE: Point = [-0.06, 0, -0.01];
export const NECK_AXIS = -0.066;

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

/** How far from the surface it is looked for what keeps light off it, m. */
const LIGHT_REACHES = [0.006, 0.014, 0.03];

/** The head's surface as a map: where the grid's columns and rows lie on it. */
export class Chart {
  readonly field: Field;

  /** @param more lumps that the skin melts round */
  constructor(
    private readonly shape: HeadShape,
    more: readonly Lump[],
  ) {
    this.field = fieldOf([...shape.lumps, ...more]);
  }

  /** The surface's x where it is met from the front, m. */
  front(y: number, z: number): number {
    return CENTRE[0] + castOut(this.field, [CENTRE[0], y, z], [1, 0, 0]);
  }

  /** The direction of a grid vertex; columns and rows may have fractions. */
  direction(column: number, row: number): Direction {
    const wide = AZIMUTH(column);
    const azimuth = wide * mix(NARROWING(row), 1, ramp(30, 100, wide));
    const elevation = mix(FRONT(row), BACK(row), ramp(25, 150, azimuth));
    return { azimuth: azimuth * RADIAN, elevation: elevation * RADIAN };
  }

  /** The direction in which a point lies. */
  towards([x, y, z]: Point): Direction {
    const [dx, dz] = [x - CENTRE[0], z - CENTRE[2]];
    return { azimuth: Math.atan2(y, dx), elevation: Math.atan2(dz, Math.hypot(dx, y)) };
  }

  /** The surface in a direction; on the neck, whose rays are level, in a row. */
  surface({ azimuth, elevation }: Direction, row = 0): Point {
    const isNeck = row >= NECK_ROW;
    const { from, to } = this.shape.neck;
    const origin: Point = isNeck
      ? [NECK_AXIS, 0, mix(from, to, (row - NECK_ROW) / (ROWS - NECK_ROW))]
      : CENTRE;
    const tilt = isNeck ? 0 : elevation;
    const direction: Point = [
      Math.cos(tilt) * Math.cos(azimuth),
      Math.cos(tilt) * Math.sin(azimuth),
      Math.sin(tilt),
    ];
    const t = castOut(this.field, origin, direction);
    return [origin[0] + t * direction[0], origin[1] + t * direction[1], origin[2] + t * direction[2]];
  }

  normal(point: Point): Point {
    return normalOf(this.field, point);
  }

  /** How open the surface is to light, 0..1: the free room above it against what a plane would have. */
  light(point: Point): number {
    const n = this.normal(point);
    let open = 0;
    for (const reach of LIGHT_REACHES) {
      const free = this.field(point[0] + n[0] * reach, point[1] + n[1] * reach, point[2] + n[2] * reach);
      open += clamp(free / reach, 0, 1);
    }
    return open / LIGHT_REACHES.length;
  }
}

export function between(a: Direction, b: Direction, t: number): Direction {
  return { azimuth: mix(a.azimuth, b.azimuth, t), elevation: mix(a.elevation, b.elevation, t) };
}

/** Puts vertices of the first and the last column exactly into the plane of symmetry. */
export function onMidline(point: Point, column: number): Point {
  return column === 0 || column === COLUMNS ? [point[0], 0, point[2]] : point;
}
