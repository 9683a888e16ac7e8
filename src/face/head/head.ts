import { SHAPES } from '../names';
import { mix } from './curve';
import { HalfMesh, JOINT, mirrored, normalsOf, type WholeMesh } from './mesh';
import { LID_GAP } from './lids';
import { lipLine } from './lips';
import { buildParts } from './parts';
import type { Joints } from './rig';
import { shapeDeltas } from './shapes';
import { buildSkin } from './skin';
import { SHAPES_OF, type HeadShape, type StyleName } from './style';
import { jawWeights } from './weights';

/** What turns a vertex besides the jaw, as `rig` has it: 0 nothing, then these, each for left and right. */
export const TURNED_BY = { upperLid: 1, lowerLid: 2, eye: 3, right: 3 } as const;

/**
 * A head's geometry. Head frame: the face looks along x, y points to its own left, z up; the origin lies midway between
 * the eyes. Metres; a head is some 0.24 m high.
 */
export interface HeadModel {
  readonly name: StyleName;
  readonly shape: HeadShape;
  readonly vertices: number;
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** Per vertex: jaw with open lips, jaw with closed lips, lid, and what turns it ({@link TURNED_BY}). */
  readonly rig: Float32Array;
  /** Per vertex: part ({@link PART}), light 0..1, tint, and place across the lips (0 where they meet, 1 where the red ends). */
  readonly looks: Float32Array;
  readonly indices: Uint16Array;
  /** Vertex of the other side. */
  readonly mirror: Uint32Array;
  /** First displacement of each vertex; one more than there are vertices. */
  readonly first: Uint32Array;
  /** Shape of each displacement. */
  readonly shapes: Uint8Array;
  /** 6 for each displacement: of position and of normal, at weight 1. */
  readonly deltas: Float32Array;
  readonly joints: Joints;
  /** No vertex of a lid may come closer to its eye's centre, m. */
  readonly lidRadius: number;
  /** How many vertices are of skin, lids and the inside of the mouth. */
  readonly skinVertices: number;
}

/** Place across the lips of what is no part of them: beyond the last of their rings. */
const OUTSIDE_LIPS = 3;
/** Displacements smaller than this at weight 1 are left out, m; and turns of normals, of their unit length. */
const LEAST = 4e-5;
const LEAST_TURN = 0.012;

/** Builds a head; a tenth of a second. */
export function buildHead(name: StyleName): HeadModel {
  const shape = SHAPES_OF[name];
  const half = new HalfMesh();
  const skin = buildSkin(half, shape);
  const skinHalf = half.points.length;
  buildParts(half, shape, skin);
  const jaw = jawWeights(half, skin);
  const mesh = mirrored(half);
  const n = mesh.points.length;
  const source = Uint32Array.from({ length: n }, (_, i) => (mesh.isRight[i] ? (mesh.mirror[i] ?? 0) : i));

  const positions = Float32Array.from(mesh.points.flat());
  const plain = normalsOf(positions, mesh.triangles, new Float32Array(3 * n));
  const normals = plain.slice();
  mesh.traits.forEach(({ normal, smooth = 1 }, i) => {
    if (!normal) return;
    const mixed = normal.map((value, k) => mix(plain[3 * i + k] ?? 0, value, smooth));
    const length = Math.hypot(...mixed) || 1;
    normals.set(
      mixed.map((value) => value / length),
      3 * i,
    );
  });
  const rig = new Float32Array(4 * n);
  const looks = new Float32Array(4 * n);
  const open = new Float32Array(n);
  const closed = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const traits = mesh.traits[i] ?? { part: 0 };
    const from = source[i] ?? 0;
    open[i] = jaw.open[from] ?? 0;
    closed[i] = jaw.closed[from] ?? 0;
    const joint = traits.joint ?? JOINT.none;
    rig.set(
      [
        open[i] ?? 0,
        closed[i] ?? 0,
        traits.lid ?? 0,
        joint === JOINT.none ? 0 : joint + (mesh.isRight[i] ? TURNED_BY.right : 0),
      ],
      4 * i,
    );
    looks.set([traits.part, traits.light ?? 1, traits.tint ?? 0, traits.lipRow ?? OUTSIDE_LIPS], 4 * i);
  }
  const sparse = sparseDeltas(
    mesh,
    positions,
    plain,
    shapeDeltas(mesh, { open, closed }, shape, (y) => lipLine(shape, y)),
  );
  return {
    name,
    shape,
    vertices: n,
    positions,
    normals,
    rig,
    looks,
    indices: Uint16Array.from(mesh.triangles),
    mirror: mesh.mirror,
    ...sparse,
    joints: { jawOpen: shape.jaw.open, lidGap: shape.eye.upper + shape.eye.lower },
    lidRadius: shape.eye.radius + 0.7 * LID_GAP,
    skinVertices: source.reduce((count, from) => count + (from < skinHalf ? 1 : 0), 0),
  };
}

/** Keeps, vertex by vertex, the shapes that move it, with what they do to its normal. */
function sparseDeltas(
  mesh: WholeMesh,
  positions: Float32Array,
  normals: Float32Array,
  dense: readonly Float32Array[],
): Pick<HeadModel, 'first' | 'shapes' | 'deltas'> {
  const n = mesh.points.length;
  const moved = new Float32Array(3 * n);
  const turned = dense.map((deltas) => {
    for (let i = 0; i < moved.length; i++) moved[i] = (positions[i] ?? 0) + (deltas[i] ?? 0);
    const out = normalsOf(moved, mesh.triangles, new Float32Array(3 * n));
    for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) - (normals[i] ?? 0);
    return out;
  });
  const first = new Uint32Array(n + 1);
  const shapes: number[] = [];
  const deltas: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let s = 0; s < SHAPES; s++) {
      const [move, turn] = [dense[s], turned[s]];
      if (!move || !turn || (isShort(move, 3 * i, LEAST) && isShort(turn, 3 * i, LEAST_TURN))) continue;
      shapes.push(s);
      for (const from of [move, turn]) for (let k = 0; k < 3; k++) deltas.push(from[3 * i + k] ?? 0);
    }
    first[i + 1] = shapes.length;
  }
  return { first, shapes: Uint8Array.from(shapes), deltas: Float32Array.from(deltas) };
}

function isShort(values: Float32Array, at: number, length: number): boolean {
  const [x, y, z] = [values[at] ?? 0, values[at + 1] ?? 0, values[at + 2] ?? 0];
  return x * x + y * y + z * z < length * length;
}
