// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { ModelCopy } from '../core/model';
import {
  boxShape,
  coneShape,
  cylinderShape,
  lineBoxShape,
  planeShape,
  roundShape,
  type Shape,
} from './geometries';
import { hfieldShape, meshShape } from './meshes';

const FINE = { slices: 96, stacks: 64 };

type Vec3 = [number, number, number];

/** Corners and normals of every triangle, with `move` applied to the vertices. */
function triangles(shape: Shape, move = (p: Vec3, _u: number): Vec3 => p): { p: Vec3[]; n: Vec3[] }[] {
  const index = shape.index ?? Uint32Array.from({ length: shape.position.length / 3 }, (_, i) => i);
  const at = (values: Float32Array, i: number): Vec3 => [...values.subarray(3 * i, 3 * i + 3)] as Vec3;
  return Array.from({ length: index.length / 3 }, (_, t) => {
    const corners = [...index.subarray(3 * t, 3 * t + 3)];
    return {
      p: corners.map((i) => move(at(shape.position, i), shape.uv[2 * i] ?? 0)),
      n: corners.map((i) => at(shape.normal, i)),
    };
  });
}

const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** By the divergence theorem: right only if the surface is closed and every face looks outwards. */
function volume(list: readonly { p: Vec3[] }[]): number {
  return list.reduce(
    (sum, { p: [a = [0, 0, 0], b = [0, 0, 0], c = [0, 0, 0]] }) => sum + dot(a, cross(b, c)) / 6,
    0,
  );
}

/** Faces without area, such as the band between a sphere's halves, look nowhere. */
function expectOutwardNormals(list: readonly { p: Vec3[]; n: Vec3[] }[]): void {
  const inward = list.filter(({ p: [a = [0, 0, 0], b = [0, 0, 0], c = [0, 0, 0]], n }) => {
    const face = cross(sub(b, a), sub(c, a));
    return Math.hypot(...face) > 1e-9 && n.some((normal) => dot(face, normal) <= 0);
  });
  expect(inward).toEqual([]);
}

describe('unit shapes are closed, and their faces and normals look outwards', () => {
  it.each([
    ['sphere', roundShape(FINE), (4 / 3) * Math.PI],
    ['cylinder', cylinderShape(FINE), 2 * Math.PI],
    ['cone', coneShape(FINE), Math.PI / 3],
    ['box', boxShape(), 8],
  ])('%s', (_, shape, expected) => {
    const list = triangles(shape);
    expect(volume(list) / expected).toBeCloseTo(1, 2);
    expectOutwardNormals(list);
  });

  it('a sphere pulled apart by its halves is a capsule', () => {
    const capsule = triangles(roundShape(FINE), ([x, y, z], half) => [x, y, z + 3 * half]);
    expect(volume(capsule) / ((4 / 3) * Math.PI + 6 * Math.PI)).toBeCloseTo(1, 2);
  });

  it('a plane looks up', () => {
    const list = triangles(planeShape());
    expectOutwardNormals(list);
    expect(list.every(({ n }) => n.every((normal) => normal[2] === 1))).toBe(true);
  });
});

it('each vertex of a line box leads to the other end of its edge', () => {
  const { position, normal } = lineBoxShape();
  for (let i = 0; i < position.length; i += 3) {
    const end = [0, 1, 2].map((k) => (position[i + k] ?? 0) + (normal[i + k] ?? 0));
    expect(end.map(Math.abs)).toEqual([1, 1, 1]);
    expect([...normal.subarray(i, i + 3)].filter((x) => x !== 0).map(Math.abs)).toEqual([2]);
  }
});

describe('meshes', () => {
  /** Two triangles sharing an edge, folded by `angle` rad, with the shared vertices' normals averaged. */
  const folded = (angle: number, texcoordadr = -1): ModelCopy => {
    const [s, c] = [Math.sin(angle), Math.cos(angle)];
    const mean = [0, -Math.sin(angle / 2), Math.cos(angle / 2)];
    return {
      mesh_facenum: [2],
      mesh_faceadr: [0],
      mesh_vertadr: [0],
      mesh_normaladr: [0],
      mesh_texcoordadr: [texcoordadr],
      mesh_face: Int32Array.of(0, 2, 1, 0, 1, 3),
      mesh_facenormal: Int32Array.of(0, 0, 0, 0, 0, 0),
      mesh_facetexcoord: new Int32Array(6),
      mesh_vert: Float32Array.of(0, 0, 0, 1, 0, 0, 0, -1, 0, 0, c, s),
      mesh_normal: Float32Array.from(mean),
      mesh_texcoord: new Float32Array(2),
    } as unknown as ModelCopy;
  };

  it('keep a smooth normal over a gentle fold and drop it over a sharp edge', () => {
    const gentle = meshShape(folded(0.5), 0).normal;
    expect(gentle[2]).toBeCloseTo(Math.cos(0.25));
    const sharp = meshShape(folded(2), 0).normal;
    expect(Math.abs(sharp[2] ?? 0)).toBeCloseTo(1);
  });

  it('with texture coordinates always keep their own normals', () => {
    expect(meshShape(folded(2, 0), 0).normal[2]).toBeCloseTo(Math.cos(1));
  });

  it('of height fields are closed: terrain, walls and floor', () => {
    const hfield = {
      hfield_nrow: [3],
      hfield_ncol: [4],
      hfield_adr: [0],
      hfield_size: Float64Array.of(2, 1, 0.5, 0.25),
      hfield_data: new Float32Array(12).fill(1),
    } as unknown as ModelCopy;
    const list = triangles(hfieldShape(hfield, 0));
    expect(volume(list)).toBeCloseTo(4 * 2 * (0.5 + 0.25));
    expectOutwardNormals(list);
  });
});
