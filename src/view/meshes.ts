import type { ModelCopy } from '../core/model';
import type { Shape } from './geometries';

/** A vertex normal further from the face's than this (cosine) is replaced by it, as native does for sharp edges. */
const SMOOTH_COSINE = 0.8;

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}

/** Unit normal of the triangle whose corners lie at offsets `a`, `b`, `c` in `p`. */
function faceNormal(p: ArrayLike<number>, a: number, b: number, c: number): [number, number, number] {
  const ux = at(p, b) - at(p, a);
  const uy = at(p, b + 1) - at(p, a + 1);
  const uz = at(p, b + 2) - at(p, a + 2);
  const vx = at(p, c) - at(p, a);
  const vy = at(p, c + 1) - at(p, a + 1);
  const vz = at(p, c + 2) - at(p, a + 2);
  const n: [number, number, number] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = Math.hypot(...n) || 1;
  return [n[0] / length, n[1] / length, n[2] / length];
}

/** A mesh as its faces, with smooth normals except over sharp edges; vertices in the mesh's frame, m. */
export function meshShape(m: ModelCopy, mesh: number): Shape {
  const faces = at(m.mesh_facenum, mesh);
  const first = at(m.mesh_faceadr, mesh);
  const vert = at(m.mesh_vertadr, mesh);
  const norm = at(m.mesh_normaladr, mesh);
  const tex = at(m.mesh_texcoordadr, mesh);
  const position = new Float32Array(9 * faces);
  const normal = new Float32Array(9 * faces);
  const uv = new Float32Array(6 * faces);
  for (let f = 0; f < faces; f++) {
    for (let corner = 0; corner < 3; corner++) {
      const i = 3 * (first + f) + corner;
      const v = 3 * (vert + at(m.mesh_face, i));
      position.set(m.mesh_vert.subarray(v, v + 3), 9 * f + 3 * corner);
    }
    const flat = faceNormal(position, 9 * f, 9 * f + 3, 9 * f + 6);
    for (let corner = 0; corner < 3; corner++) {
      const i = 3 * (first + f) + corner;
      const n = 3 * (norm + at(m.mesh_facenormal, i));
      const smooth = m.mesh_normal.subarray(n, n + 3);
      const cosine = at(smooth, 0) * flat[0] + at(smooth, 1) * flat[1] + at(smooth, 2) * flat[2];
      normal.set(tex < 0 && cosine < SMOOTH_COSINE ? flat : smooth, 9 * f + 3 * corner);
      if (tex >= 0) {
        const t = 2 * (tex + at(m.mesh_facetexcoord, i));
        uv.set(m.mesh_texcoord.subarray(t, t + 2), 6 * f + 2 * corner);
      }
    }
  }
  return { position, normal, uv, index: null };
}

/** The convex hull MuJoCo collides with, flat shaded; null where the mesh has none. */
export function hullShape(m: ModelCopy, mesh: number): Shape | null {
  const graph = at(m.mesh_graphadr, mesh);
  if (graph < 0) return null;
  const vertices = at(m.mesh_graph, graph);
  const faces = at(m.mesh_graph, graph + 1);
  const start = graph + 2 + 3 * vertices + 3 * faces;
  const vert = at(m.mesh_vertadr, mesh);
  const position = new Float32Array(9 * faces);
  const normal = new Float32Array(9 * faces);
  for (let f = 0; f < faces; f++) {
    for (let corner = 0; corner < 3; corner++) {
      const v = 3 * (vert + at(m.mesh_graph, start + 3 * f + corner));
      position.set(m.mesh_vert.subarray(v, v + 3), 9 * f + 3 * corner);
    }
    const n = faceNormal(position, 9 * f, 9 * f + 3, 9 * f + 6);
    for (let corner = 0; corner < 3; corner++) normal.set(n, 9 * f + 3 * corner);
  }
  return { position, normal, uv: new Float32Array(6 * faces), index: null };
}

/** A height field with its sides and bottom, flat shaded; in its own frame, m. */
export function hfieldShape(m: ModelCopy, hfield: number): Shape {
  const rows = at(m.hfield_nrow, hfield);
  const cols = at(m.hfield_ncol, hfield);
  const adr = at(m.hfield_adr, hfield);
  const [sx, sy, top, base] = [0, 1, 2, 3].map((i) => at(m.hfield_size, 4 * hfield + i)) as [
    number,
    number,
    number,
    number,
  ];
  const x = (c: number): number => sx * ((2 * c) / (cols - 1) - 1);
  const y = (r: number): number => sy * ((2 * r) / (rows - 1) - 1);
  const z = (r: number, c: number): number => top * at(m.hfield_data, adr + r * cols + c);

  const triangles = 2 * (rows - 1) * (cols - 1) + 4 * (rows - 1) + 4 * (cols - 1) + 2;
  const position = new Float32Array(9 * triangles);
  const normal = new Float32Array(9 * triangles);
  let count = 0;
  const triangle = (...corners: readonly [number, number, number][]): void => {
    corners.forEach((corner, i) => position.set(corner, 9 * count + 3 * i));
    const n = faceNormal(position, 9 * count, 9 * count + 3, 9 * count + 6);
    for (let i = 0; i < 3; i++) normal.set(n, 9 * count + 3 * i);
    count++;
  };
  const grid = (r: number, c: number): [number, number, number] => [x(c), y(r), z(r, c)];
  const foot = (r: number, c: number): [number, number, number] => [x(c), y(r), -base];
  // A wall below two neighbouring grid points, seen from the side that is on the right going from a to b.
  const wall = (ra: number, ca: number, rb: number, cb: number): void => {
    triangle(foot(ra, ca), foot(rb, cb), grid(rb, cb));
    triangle(foot(ra, ca), grid(rb, cb), grid(ra, ca));
  };
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < cols; c++) {
      triangle(grid(r + 1, c), grid(r, c), grid(r + 1, c + 1));
      triangle(grid(r, c), grid(r, c + 1), grid(r + 1, c + 1));
    }
    wall(r + 1, 0, r, 0);
    wall(r, cols - 1, r + 1, cols - 1);
  }
  for (let c = 0; c + 1 < cols; c++) {
    wall(0, c, 0, c + 1);
    wall(rows - 1, c + 1, rows - 1, c);
  }
  const corner = (r: number, c: number): [number, number, number] => foot(r * (rows - 1), c * (cols - 1));
  triangle(corner(0, 0), corner(1, 0), corner(1, 1));
  triangle(corner(0, 0), corner(1, 1), corner(0, 1));
  return { position, normal, uv: new Float32Array(6 * triangles), index: null };
}
