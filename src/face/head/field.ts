/** Distance to a surface, m: negative inside. Good near the surface, a bound farther away. */
export type Field = (x: number, y: number, z: number) => number;

export type Point = readonly [number, number, number];

/** A rounded lump, or its mirror image for y < 0: all of a head is made of these. Metres, head frame. */
export interface Blob {
  readonly at: Point;
  readonly radii: Point;
  /** Width of the seam over which it melts into what came before, m. */
  readonly blend: number;
  /** 2 is an ellipsoid; larger is boxier. */
  readonly power?: number;
  /** Turn about y, radians: positive lowers the front. */
  readonly tilt?: number;
  /** Takes away instead of adding. */
  readonly cut?: boolean;
}

/** A tapered round bar between two points, or its mirror image for y < 0. */
export interface Bar {
  readonly from: Point;
  readonly to: Point;
  readonly radius: readonly [number, number];
  readonly blend: number;
  readonly cut?: boolean;
}

export type Lump = Blob | Bar;

/** Joins lumps in their order into one smooth surface, symmetric in y. */
export function fieldOf(lumps: readonly Lump[]): Field {
  const parts = lumps.map((lump) => ({
    distance: 'at' in lump ? blob(lump) : bar(lump),
    blend: lump.blend,
    cut: lump.cut ?? false,
  }));
  return (x, y, z) => {
    const side = Math.abs(y);
    let d = Infinity;
    for (const { distance, blend, cut } of parts) {
      const other = distance(x, side, z);
      d = cut ? -smoothMin(-d, other, blend) : smoothMin(d, other, blend);
    }
    return d;
  };
}

/** Quadratic smooth minimum: equals `Math.min` where the two differ by more than `width`. */
export function smoothMin(a: number, b: number, width: number): number {
  const h = Math.max(0, width - Math.abs(a - b));
  return Math.min(a, b) - (width > 0 ? (h * h) / (4 * width) : 0);
}

/** First order distance to the superellipsoid Σ|pᵢ/rᵢ|ⁿ = 1: its value by the length of its gradient. */
function blob({ at, radii, power = 2, tilt = 0 }: Blob): Field {
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  const least = Math.min(...radii);
  return (x, y, z) => {
    const [dx, dz] = [x - at[0], z - at[2]];
    const a = Math.abs(cos * dx - sin * dz) / radii[0];
    const b = Math.abs(y - at[1]) / radii[1];
    const c = Math.abs(sin * dx + cos * dz) / radii[2];
    const value =
      power === 2 ? Math.sqrt(a * a + b * b + c * c) : (a ** power + b ** power + c ** power) ** (1 / power);
    if (value < 1e-6) return -least;
    const u = (a / value) ** (power - 1) / radii[0];
    const v = (b / value) ** (power - 1) / radii[1];
    const w = (c / value) ** (power - 1) / radii[2];
    return (value - 1) / Math.sqrt(u * u + v * v + w * w);
  };
}

function bar({ from, to, radius }: Bar): Field {
  const [ax, ay, az] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const square = ax * ax + ay * ay + az * az || 1;
  return (x, y, z) => {
    const [dx, dy, dz] = [x - from[0], y - from[1], z - from[2]];
    const t = Math.min(1, Math.max(0, (dx * ax + dy * ay + dz * az) / square));
    const [x0, y0, z0] = [dx - t * ax, dy - t * ay, dz - t * az];
    return Math.sqrt(x0 * x0 + y0 * y0 + z0 * z0) - (radius[0] + t * (radius[1] - radius[0]));
  };
}

/** A ray leaves the field at most this far from its origin, m. */
const REACH = 0.4;
/** Steps along it, m: what is thinner than the least may be passed through. */
const STEP = { least: 0.001, most: 0.012 };
/** Halvings of the last step: to a tenth of a micrometre. */
const HALVINGS = 17;

/**
 * Where a ray that starts inside first leaves the surface, as a distance along it (the direction is of unit length);
 * 0 where it starts outside.
 */
export function castOut(field: Field, origin: Point, direction: Point): number {
  const at = (t: number): number =>
    field(origin[0] + t * direction[0], origin[1] + t * direction[1], origin[2] + t * direction[2]);
  let low = 0;
  let high = 0;
  for (let d = at(0); d < 0 && high < REACH; d = at(high)) {
    low = high;
    high += Math.min(STEP.most, Math.max(STEP.least, -0.7 * d));
  }
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (at(middle) < 0) low = middle;
    else high = middle;
  }
  return low;
}

/** Unit outward normal of the field. */
export function normalOf(field: Field, [x, y, z]: Point): Point {
  const h = 2e-4;
  const nx = field(x + h, y, z) - field(x - h, y, z);
  const ny = field(x, y + h, z) - field(x, y - h, z);
  const nz = field(x, y, z + h) - field(x, y, z - h);
  const length = Math.hypot(nx, ny, nz) || 1;
  return [nx / length, ny / length, nz / length];
}
