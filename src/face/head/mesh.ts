import type { Point } from './field';

/** What a vertex is made of: chooses its colour and finish. */
export const PART = {
  skin: 0,
  eye: 1,
  teeth: 2,
  mouth: 3,
  tongue: 4,
  brow: 5,
  accent: 6,
  hair: 7,
} as const;

/** What turns a vertex besides the jaw. */
export const JOINT = { none: 0, lidUpper: 1, lidLower: 2, eye: 3 } as const;

/** What building a head knows of a vertex; what is left out is 0. */
export interface Traits {
  readonly part: number;
  /** How much of the jaw's turn it follows with open lips, and with lips kept closed. */
  readonly jaw?: number;
  readonly joint?: number;
  /** How much of its lid's turn it follows. */
  readonly lid?: number;
  /** The place on the skin whose motion it follows; its own where left out. */
  readonly anchor?: Point;
  /** 1 on the upper side of the lips, -1 on the lower, 0 elsewhere. */
  readonly lip?: number;
  /** Across the lips, 0 on the line where they meet, 1 at the border of the red, more beyond. */
  readonly lipRow?: number;
  /** How deep inside the mouth, 0 at the lips, 1 at its back. */
  readonly depth?: number;
  /** 1 in full light, less in folds. */
  readonly light?: number;
  /** Unit normal of the smooth surface, and how much of it to take, 0..1; the rest is the triangles'. */
  readonly normal?: Point;
  readonly smooth?: number;
  /** A free number for the part's colouring: lips on skin, gum on teeth. */
  readonly tint?: number;
}

/** A growing half of a head, y ≥ 0; vertices with y = 0 are shared with the other half. */
export class HalfMesh {
  readonly points: Point[] = [];
  readonly traits: Traits[] = [];
  readonly triangles: number[] = [];

  add(point: Point, traits: Traits): number {
    this.points.push(point);
    this.traits.push(traits);
    return this.points.length - 1;
  }

  /** A triangle, seen counterclockwise from outside; left out where two corners are one. */
  triangle(a: number, b: number, c: number): void {
    if (a !== b && b !== c && c !== a) this.triangles.push(a, b, c);
  }

  quad(a: number, b: number, c: number, d: number): void {
    this.triangle(a, b, c);
    this.triangle(a, c, d);
  }

  /** Joins two rows of equally many vertices; `first` lies to the left of `second` when walking along it. */
  strip(first: readonly number[], second: readonly number[], closed = false): void {
    const n = first.length;
    for (let i = 0; i < (closed ? n : n - 1); i++) {
      const j = (i + 1) % n;
      const [a, b, c, d] = [first[i], first[j], second[j], second[i]];
      if (a !== undefined && b !== undefined && c !== undefined && d !== undefined) this.quad(a, d, c, b);
    }
  }
}

/** Both halves. */
export interface WholeMesh {
  readonly points: readonly Point[];
  readonly traits: readonly Traits[];
  /** 1 for vertices made by mirroring. */
  readonly isRight: Uint8Array;
  /** Index of the same vertex on the other side. */
  readonly mirror: Uint32Array;
  readonly triangles: Uint32Array;
}

/** Adds the mirror image; symmetric to the last bit. */
export function mirrored(half: HalfMesh): WholeMesh {
  const n = half.points.length;
  const points = [...half.points];
  const traits = [...half.traits];
  const other = new Uint32Array(n);
  half.points.forEach(([x, y, z], i) => {
    if (y === 0) {
      other[i] = i;
      return;
    }
    const trait = half.traits[i] ?? { part: PART.skin };
    other[i] = points.length;
    points.push([x, -y, z]);
    const { anchor, normal } = trait;
    traits.push({
      ...trait,
      ...(anchor && { anchor: flipped(anchor) }),
      ...(normal && { normal: flipped(normal) }),
    });
  });
  const mirror = new Uint32Array(points.length);
  const isRight = new Uint8Array(points.length);
  other.forEach((right, left) => {
    mirror[left] = right;
    mirror[right] = left;
    if (right !== left) isRight[right] = 1;
  });
  const triangles = new Uint32Array(2 * half.triangles.length);
  for (let i = 0; i < half.triangles.length; i += 3) {
    for (let k = 0; k < 3; k++) {
      const vertex = half.triangles[i + k] ?? 0;
      triangles[2 * i + k] = vertex;
      // Turned round, as the mirror turns it.
      triangles[2 * i + 5 - k] = other[vertex] ?? 0;
    }
  }
  return { points, traits, isRight, mirror, triangles };
}

function flipped([x, y, z]: Point): Point {
  return [x, -y, z];
}

/** Unit normals by the area of adjacent triangles. */
export function normalsOf(positions: Float32Array, triangles: Uint32Array, out: Float32Array): Float32Array {
  out.fill(0);
  const p = positions;
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [3 * (triangles[i] ?? 0), 3 * (triangles[i + 1] ?? 0), 3 * (triangles[i + 2] ?? 0)];
    const ux = (p[b] ?? 0) - (p[a] ?? 0);
    const uy = (p[b + 1] ?? 0) - (p[a + 1] ?? 0);
    const uz = (p[b + 2] ?? 0) - (p[a + 2] ?? 0);
    const vx = (p[c] ?? 0) - (p[a] ?? 0);
    const vy = (p[c + 1] ?? 0) - (p[a + 1] ?? 0);
    const vz = (p[c + 2] ?? 0) - (p[a + 2] ?? 0);
    add(out, a, b, c, 0, uy * vz - uz * vy);
    add(out, a, b, c, 1, uz * vx - ux * vz);
    add(out, a, b, c, 2, ux * vy - uy * vx);
  }
  for (let i = 0; i < out.length; i += 3) {
    const [x, y, z] = [out[i] ?? 0, out[i + 1] ?? 0, out[i + 2] ?? 0];
    const length = Math.sqrt(x * x + y * y + z * z) || 1;
    for (let k = 0; k < 3; k++) out[i + k] = (out[i + k] ?? 0) / length;
  }
  return out;
}

function add(out: Float32Array, a: number, b: number, c: number, axis: number, value: number): void {
  out[a + axis] = (out[a + axis] ?? 0) + value;
  out[b + axis] = (out[b + axis] ?? 0) + value;
  out[c + axis] = (out[c + axis] ?? 0) + value;
}
