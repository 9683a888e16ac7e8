import { accessorCount, readAccessor } from './accessor';
import type { Bones } from './bones';
import { isWithin, type Gltf, type GltfNode, type Primitive } from './document';
import { damaged, MOST, tooMuch } from './limits';
import { applyMapping, type Mapping } from './materials';
import { determinant, IDENTITY, multiply } from './matrix';

/** Numbers of a vertex in `Part.rig`: how much it belongs to the head, and follows jaw and eyes. */
export const RIG = { head: 0, jaw: 1, left: 2, right: 3, size: 4 } as const;

/** A primitive as it stands in the file's world: skinned, at rest. */
export interface Part {
  readonly mesh: number;
  readonly primitive: Primitive;
  /** Index among the materials. */
  readonly material: number;
  readonly vertices: number;
  readonly positions: Float32Array;
  /** Unit; null where the file has none. */
  readonly normals: Float32Array | null;
  readonly uvs: Float32Array;
  /** 4 a vertex, linear; null for white. */
  readonly colours: Float32Array | null;
  /** {@link RIG}. */
  readonly rig: Float32Array;
  /** Affine maps into the world, 12 numbers each in columns; one for all, or one for each vertex. */
  readonly maps: Float32Array;
  readonly oneMap: boolean;
  readonly triangles: Uint32Array;
}

const MAP = 12;
const JOINTS = 4;

/**
 * Reads all triangles that are shown.
 *
 * @param moved whether a mesh has shapes
 * @throws SimroomError `head-invalid`, `head-too-large`
 */
export function readParts(
  gltf: Gltf,
  bones: Bones,
  mappings: readonly Mapping[],
  moved: ReadonlySet<number>,
): readonly Part[] {
  let vertices = 0;
  let triangles = 0;
  let primitives = 0;
  return gltf.nodes.flatMap((node, index) =>
    node.mesh < 0 || !node.shown
      ? []
      : (gltf.meshes[node.mesh]?.primitives ?? []).flatMap((primitive): Part[] => {
          const position = primitive.attributes['POSITION'];
          if (typeof position !== 'number') return [];
          const count = accessorCount(gltf, position);
          vertices += count;
          triangles += (primitive.indices < 0 ? count : accessorCount(gltf, primitive.indices)) / 3;
          primitives += 1;
          if (vertices > MOST.vertices) throw tooMuch(vertices, MOST.vertices, 'vertices');
          if (triangles > MOST.triangles) throw tooMuch(triangles, MOST.triangles, 'triangles');
          if (primitives > MOST.primitives) throw tooMuch(primitives, MOST.primitives, 'separate parts');
          return [readPart(gltf, bones, mappings, moved, node, index, primitive)];
        }),
  );
}

function readPart(
  gltf: Gltf,
  bones: Bones,
  mappings: readonly Mapping[],
  moved: ReadonlySet<number>,
  node: GltfNode,
  index: number,
  primitive: Primitive,
): Part {
  const read = (name: string, types: Parameters<typeof readAccessor>[2], n?: number): Float32Array | null => {
    const accessor = primitive.attributes[name];
    return typeof accessor === 'number' ? readAccessor(gltf, accessor, types, n) : null;
  };
  const positions = read('POSITION', ['VEC3']) ?? new Float32Array(0);
  const n = positions.length / 3;
  const normals = read('NORMAL', ['VEC3'], n);
  const material = primitive.material < 0 ? mappings.length - 1 : primitive.material;
  const mapping = mappings[material] ?? { set: 0, offset: [0, 0], rotation: 0, scale: [1, 1] };
  const uvs = read(`TEXCOORD_${mapping.set}`, ['VEC2'], n) ?? new Float32Array(2 * n);
  applyMapping(mapping, uvs);
  const colours = read('COLOR_0', ['VEC4', 'VEC3'], n);

  const joints = node.skin < 0 ? null : read('JOINTS_0', ['VEC4'], n);
  const weights = joints && read('WEIGHTS_0', ['VEC4'], n);
  const placed =
    joints && weights
      ? skinned(gltf, bones, node.skin, n, joints, weights)
      : rigid(gltf, bones, node, index, n, moved.has(node.mesh));
  for (let i = 0; i < n; i++) {
    transform(placed.maps, placed.oneMap ? 0 : i, positions, i, 1);
    if (normals) turnNormal(placed.maps, placed.oneMap ? 0 : i, normals, i);
  }
  return {
    mesh: node.mesh,
    primitive,
    material,
    vertices: n,
    positions,
    normals,
    uvs,
    colours: colours && colours.length === 3 * n ? opaque(colours) : colours,
    ...placed,
    triangles: readTriangles(gltf, primitive.indices, n, determinant(matrixOf(placed.maps)) < 0),
  };
}

type Placed = Pick<Part, 'rig' | 'maps' | 'oneMap'>;

function rigid(
  gltf: Gltf,
  bones: Bones,
  { world }: GltfNode,
  index: number,
  n: number,
  moved: boolean,
): Placed {
  const on = (bone: number): number => (bone >= 0 && isWithin(gltf.nodes, index, bone) ? 1 : 0);
  const [jaw, left, right] = [on(bones.jaw), on(bones.leftEye), on(bones.rightEye)];
  const head = moved ? 1 : Math.max(on(bones.head), jaw, left, right);
  const rig = new Float32Array(RIG.size * n);
  for (let i = 0; i < n; i++) rig.set([head, jaw, left, right], RIG.size * i);
  return { rig, maps: toMap(world), oneMap: true };
}

function skinned(
  gltf: Gltf,
  bones: Bones,
  skin: number,
  n: number,
  joints: Float32Array,
  weights: Float32Array,
): Placed {
  const { joints: nodes = [], inverseBind = -1 } = gltf.skins[skin] ?? {};
  const inverse = inverseBind < 0 ? null : readAccessor(gltf, inverseBind, ['MAT4']);
  if (inverse && inverse.length < 16 * nodes.length) throw damaged('a skin has fewer matrices than joints');
  const places = nodes.map((node, i) => {
    const world = gltf.nodes[node]?.world ?? IDENTITY;
    return toMap(inverse ? multiply(world, [...inverse.subarray(16 * i, 16 * i + 16)]) : world);
  });
  const belongs = nodes.map((node) =>
    [bones.head, bones.jaw, bones.leftEye, bones.rightEye].map((bone) =>
      bone >= 0 && isWithin(gltf.nodes, node, bone) ? 1 : 0,
    ),
  );
  const rig = new Float32Array(RIG.size * n);
  const maps = new Float32Array(MAP * n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < JOINTS; k++) sum += weights[JOINTS * i + k] ?? 0;
    for (let k = 0; k < JOINTS; k++) {
      const joint = joints[JOINTS * i + k] ?? 0;
      // Without weights a vertex hangs on its first joint.
      const weight = sum > 0 ? (weights[JOINTS * i + k] ?? 0) / sum : k === 0 ? 1 : 0;
      if (weight === 0) continue;
      const place = places[joint];
      const of = belongs[joint];
      if (!place || !of) throw damaged('a vertex hangs on a joint that is not there');
      for (let c = 0; c < MAP; c++) maps[MAP * i + c] = (maps[MAP * i + c] ?? 0) + weight * (place[c] ?? 0);
      for (let c = 0; c < RIG.size; c++)
        rig[RIG.size * i + c] = (rig[RIG.size * i + c] ?? 0) + weight * (of[c] ?? 0);
    }
  }
  return { rig, maps, oneMap: false };
}

function readTriangles(gltf: Gltf, accessor: number, n: number, mirrored: boolean): Uint32Array {
  const triangles =
    accessor < 0
      ? Uint32Array.from({ length: n - (n % 3) }, (_, i) => i)
      : Uint32Array.from(readAccessor(gltf, accessor, ['SCALAR']));
  const whole = triangles.subarray(0, triangles.length - (triangles.length % 3));
  for (const vertex of whole) if (vertex >= n) throw damaged('a triangle has a corner that is not there');
  if (mirrored)
    for (let i = 0; i < whole.length; i += 3) {
      const corner = whole[i] ?? 0;
      whole[i] = whole[i + 1] ?? 0;
      whole[i + 1] = corner;
    }
  return whole;
}

/** Affine part of a matrix, without its last row. */
function toMap(matrix: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: MAP }, (_, i) => matrix[4 * Math.floor(i / 3) + (i % 3)] ?? 0);
}

function matrixOf(map: Float32Array): readonly number[] {
  return Array.from({ length: 16 }, (_, i) => (i % 4 < 3 ? (map[3 * Math.floor(i / 4) + (i % 4)] ?? 0) : 0));
}

/** Takes a vector of a list into the world, in place: w is 1 for places and 0 for displacements. */
export function transform(maps: Float32Array, map: number, list: Float32Array, i: number, w: 0 | 1): void {
  const m = MAP * map;
  const [x, y, z] = [list[3 * i] ?? 0, list[3 * i + 1] ?? 0, list[3 * i + 2] ?? 0];
  for (let k = 0; k < 3; k++)
    list[3 * i + k] =
      (maps[m + k] ?? 0) * x +
      (maps[m + 3 + k] ?? 0) * y +
      (maps[m + 6 + k] ?? 0) * z +
      w * (maps[m + 9 + k] ?? 0);
}

/** As {@link transform}, by the map's cofactors, which keep what is perpendicular so. */
function turnNormal(maps: Float32Array, map: number, list: Float32Array, i: number): void {
  const at = (column: number, row: number): number => maps[MAP * map + 3 * (column % 3) + (row % 3)] ?? 0;
  const n = [list[3 * i] ?? 0, list[3 * i + 1] ?? 0, list[3 * i + 2] ?? 0];
  const out = [0, 0, 0];
  let sign = 0;
  for (let row = 0; row < 3; row++)
    for (let column = 0; column < 3; column++) {
      const cofactor =
        at(column + 1, row + 1) * at(column + 2, row + 2) - at(column + 2, row + 1) * at(column + 1, row + 2);
      out[row] = (out[row] ?? 0) + cofactor * (n[column] ?? 0);
      if (column === 0) sign += cofactor * at(0, row);
    }
  const length = (sign < 0 ? -1 : 1) * (Math.hypot(...out) || 1);
  for (let k = 0; k < 3; k++) list[3 * i + k] = (out[k] ?? 0) / length;
}

function opaque(rgb: Float32Array): Float32Array {
  const n = rgb.length / 3;
  const rgba = new Float32Array(4 * n).fill(1);
  for (let i = 0; i < n; i++) rgba.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return rgba;
}
