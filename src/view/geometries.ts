/**
 * Unit geometries of MuJoCo's shapes, as plain arrays; a surface copies them into buffers of its own.
 *
 * Spheres, ellipsoids and capsules are one shape: two half spheres joined by a band, whose vertices know by `uv.x`
 * (-1 or 1) which half they belong to, so that the shader can pull the halves apart by an instance's half-length.
 */

export interface Shape {
  readonly position: Float32Array;
  readonly normal: Float32Array;
  readonly uv: Float32Array;
  readonly index: Uint32Array | null;
}

/** Fineness of round shapes; native's 28 slices and 16 stacks show their corners. */
export interface Fineness {
  readonly slices: number;
  readonly stacks: number;
}

class Builder {
  readonly #position: number[] = [];
  readonly #normal: number[] = [];
  readonly #uv: number[] = [];
  readonly #index: number[] = [];

  vertex(p: readonly number[], n: readonly number[], u = 0, v = 0): number {
    this.#position.push(p[0] ?? 0, p[1] ?? 0, p[2] ?? 0);
    this.#normal.push(n[0] ?? 0, n[1] ?? 0, n[2] ?? 0);
    this.#uv.push(u, v);
    return this.#position.length / 3 - 1;
  }

  quad(a: number, b: number, c: number, d: number): void {
    this.#index.push(a, b, c, a, c, d);
  }

  triangle(a: number, b: number, c: number): void {
    this.#index.push(a, b, c);
  }

  build(): Shape {
    return {
      position: new Float32Array(this.#position),
      normal: new Float32Array(this.#normal),
      uv: new Float32Array(this.#uv),
      index: new Uint32Array(this.#index),
    };
  }
}

const ring = (slices: number, j: number): [number, number] => {
  const az = (2 * Math.PI * j) / slices;
  return [Math.cos(az), Math.sin(az)];
};

/** Unit sphere in two halves, `uv.x` naming the half: sphere, ellipsoid and capsule. */
export function roundShape({ slices, stacks }: Fineness): Shape {
  const b = new Builder();
  const half = Math.max(2, stacks >> 1);
  const rows: number[] = [];
  for (const side of [-1, 1]) {
    for (let i = 0; i <= half; i++) {
      const el = (Math.PI / 2) * (side < 0 ? i / half - 1 : i / half);
      const vertices = Array.from({ length: slices + 1 }, (_, j) => {
        const [x, y] = ring(slices, j);
        const p = [x * Math.cos(el), y * Math.cos(el), Math.sin(el)];
        return b.vertex(p, p, side);
      });
      rows.push(vertices[0] ?? 0);
    }
  }
  for (let i = 0; i + 1 < rows.length; i++) {
    const low = rows[i] ?? 0;
    const high = rows[i + 1] ?? 0;
    for (let j = 0; j < slices; j++) {
      // At the poles one edge has no length.
      if (i > 0) b.triangle(low + j, low + j + 1, high + j + 1);
      if (i + 2 < rows.length) b.triangle(low + j, high + j + 1, high + j);
    }
  }
  return b.build();
}

function disk(b: Builder, slices: number, z: number, up: number): void {
  const centre = b.vertex([0, 0, z], [0, 0, up]);
  const rim = Array.from({ length: slices + 1 }, (_, j) => b.vertex([...ring(slices, j), z], [0, 0, up]));
  for (let j = 0; j < slices; j++) {
    const [a, c] = [rim[j] ?? 0, rim[j + 1] ?? 0];
    if (up > 0) b.triangle(centre, a, c);
    else b.triangle(centre, c, a);
  }
}

/** Radius 1, z from -1 to 1, closed. */
export function cylinderShape({ slices }: Fineness): Shape {
  const b = new Builder();
  for (let j = 0; j < slices; j++) {
    const [x0, y0] = ring(slices, j);
    const [x1, y1] = ring(slices, j + 1);
    b.quad(
      b.vertex([x0, y0, -1], [x0, y0, 0]),
      b.vertex([x1, y1, -1], [x1, y1, 0]),
      b.vertex([x1, y1, 1], [x1, y1, 0]),
      b.vertex([x0, y0, 1], [x0, y0, 0]),
    );
  }
  disk(b, slices, -1, -1);
  disk(b, slices, 1, 1);
  return b.build();
}

/** Base of radius 1 at z = 0, tip at z = 1. */
export function coneShape({ slices }: Fineness): Shape {
  const b = new Builder();
  for (let j = 0; j < slices; j++) {
    const [x0, y0] = ring(slices, j);
    const [x1, y1] = ring(slices, j + 1);
    const [xm, ym] = ring(slices, j + 0.5);
    b.triangle(
      b.vertex([x0, y0, 0], [x0, y0, 1]),
      b.vertex([x1, y1, 0], [x1, y1, 1]),
      b.vertex([0, 0, 1], [xm, ym, 1]),
    );
  }
  disk(b, slices, 0, -1);
  return b.build();
}

/** The cube from -1 to 1. */
export function boxShape(): Shape {
  const b = new Builder();
  for (let axis = 0; axis < 3; axis++) {
    for (const side of [-1, 1]) {
      const n = [0, 0, 0];
      n[axis] = side;
      const corners = [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ].map(([u, v]) => {
        const p = [0, 0, 0];
        p[axis] = side;
        p[(axis + 1) % 3] = u ?? 0;
        p[(axis + 2) % 3] = v ?? 0;
        return b.vertex(p, n);
      });
      const [a = 0, c = 0, d = 0, e = 0] = corners;
      if (side > 0) b.quad(a, c, d, e);
      else b.quad(e, d, c, a);
    }
  }
  return b.build();
}

/** The square from -1 to 1 at z = 0, facing up. */
export function planeShape(): Shape {
  const b = new Builder();
  const up = [0, 0, 1];
  b.quad(b.vertex([-1, -1], up), b.vertex([1, -1], up), b.vertex([1, 1], up), b.vertex([-1, 1], up));
  return b.build();
}

/** `mjGEOM_TRIANGLE`: two unit legs along x and y, seen from both sides. */
export function triangleShape(): Shape {
  const b = new Builder();
  for (const z of [1, -1]) {
    const n = [0, 0, 1];
    const corners = [b.vertex([0, 0], n), b.vertex([1, 0], n), b.vertex([0, 1], n)] as const;
    if (z > 0) b.triangle(...corners);
    else b.triangle(corners[0], corners[2], corners[1]);
  }
  return b.build();
}

/** Ribbons between pairs of points: `normal` leads to the other end, `uv.x` is the side of the line. */
function ribbons(ends: readonly (readonly [readonly number[], readonly number[]])[]): Shape {
  const b = new Builder();
  for (const [from, to] of ends) {
    const d = to.map((x, i) => x - (from[i] ?? 0));
    const back = d.map((x) => -x);
    b.quad(b.vertex(from, d, -1), b.vertex(from, d, 1), b.vertex(to, back, -1), b.vertex(to, back, 1));
  }
  return b.build();
}

/** From the origin to z = 1. */
export function lineShape(): Shape {
  return ribbons([
    [
      [0, 0, 0],
      [0, 0, 1],
    ],
  ]);
}

/** The twelve edges of the cube from -1 to 1. */
export function lineBoxShape(): Shape {
  const ends: [number[], number[]][] = [];
  for (let axis = 0; axis < 3; axis++)
    for (const u of [-1, 1])
      for (const v of [-1, 1]) {
        const from = [0, 0, 0];
        from[axis] = -1;
        from[(axis + 1) % 3] = u;
        from[(axis + 2) % 3] = v;
        const to = [...from];
        to[axis] = 1;
        ends.push([from, to]);
      }
  return ribbons(ends);
}
