import { checkExtensions } from './extensions';
import {
  countAt,
  indexAt,
  indicesAt,
  isObject,
  numbersAt,
  objectAt,
  objectsAt,
  textAt,
  toIndex,
  type Json,
} from './json';
import { damaged, invalid, MOST, tooMuch } from './limits';
import { compose, IDENTITY, multiply, type Matrix } from './matrix';

/** A node of the scene's tree. */
export interface GltfNode {
  readonly name: string;
  /** -1 for none, as below. */
  readonly parent: number;
  readonly mesh: number;
  readonly skin: number;
  /** From its own frame to the file's world. */
  readonly world: Matrix;
  /** Part of the scene that is shown. */
  readonly shown: boolean;
}

/** Triangles of one material. */
export interface Primitive {
  /** Accessors by what they are of. */
  readonly attributes: Json;
  readonly indices: number;
  readonly material: number;
  /** For each morph target, accessors of displacements. */
  readonly targets: readonly Json[];
}

export interface GltfMesh {
  readonly primitives: readonly Primitive[];
  /** Names of its morph targets, as far as there are any. */
  readonly targetNames: readonly string[];
}

export interface Skin {
  readonly joints: readonly number[];
  /** Accessor of matrices, one for each joint; -1 for identities. */
  readonly inverseBind: number;
}

/** A range of the bytes. */
export interface BufferView {
  readonly bytes: Uint8Array;
  /** Bytes from one element to the next; 0 where they are packed. */
  readonly stride: number;
}

/** What a GLB describes, with every reference checked; numbers are read when they are needed. */
export interface Gltf {
  readonly json: Json;
  readonly nodes: readonly GltfNode[];
  readonly meshes: readonly GltfMesh[];
  readonly skins: readonly Skin[];
  readonly views: readonly BufferView[];
  readonly accessors: readonly Json[];
}

const TRIANGLES = 4;
/** `VEC4` float32 with the widest padding that glTF allows. */
const MAX_STRIDE = 252;

/**
 * Reads a GLB's description.
 *
 * @throws SimroomError `head-invalid`, `head-too-large`, `assets-missing`
 */
export function readDocument(json: unknown, bin: Uint8Array): Gltf {
  if (!isObject(json)) throw damaged('its description is no object');
  const version = textAt(objectAt(json, 'asset'), 'version');
  if (version !== null && !version.startsWith('2.'))
    throw invalid(
      `This head is glTF ${version.slice(0, 8)}, and only 2.0 can be read.`,
      'Export it as glTF 2.0 (.glb).',
    );
  checkExtensions(json);
  const views = readViews(json, bin);
  const accessors = objectsAt(json, 'accessors');
  const materials = objectsAt(json, 'materials').length;
  const meshes = objectsAt(json, 'meshes').map((mesh) => readMesh(mesh, accessors.length, materials));
  const nodeCount = objectsAt(json, 'nodes').length;
  const skins = objectsAt(json, 'skins').map((skin): Skin => {
    const joints = indicesAt(skin, 'joints', nodeCount);
    if (joints.length > MOST.joints) throw tooMuch(joints.length, MOST.joints, 'joints');
    return { joints, inverseBind: indexAt(skin, 'inverseBindMatrices', accessors.length) };
  });
  const nodes = readNodes(json, meshes.length, skins.length);
  return { json, nodes, meshes, skins, views, accessors };
}

function readViews(json: Json, bin: Uint8Array): readonly BufferView[] {
  const buffers = objectsAt(json, 'buffers');
  buffers.forEach((buffer, i) => {
    if (i > 0) throw damaged('it has more than the one buffer that a GLB holds');
    const length = countAt(buffer, 'byteLength');
    if (length > bin.length) throw damaged(`its buffer should have ${length} bytes and has ${bin.length}`);
  });
  return objectsAt(json, 'bufferViews').map((view) => {
    indexAt(view, 'buffer', buffers.length);
    const offset = countAt(view, 'byteOffset');
    const length = countAt(view, 'byteLength');
    const stride = countAt(view, 'byteStride');
    if (offset + length > bin.length) throw damaged('a buffer view reaches beyond the end');
    if (stride > MAX_STRIDE) throw damaged('a stride is too long');
    return { bytes: bin.subarray(offset, offset + length), stride };
  });
}

function readMesh(mesh: Json, accessors: number, materials: number): GltfMesh {
  const names: string[][] = [targetNames(mesh)];
  const primitives = objectsAt(mesh, 'primitives').flatMap((primitive): Primitive[] => {
    const targets = objectsAt(primitive, 'targets');
    names.push(targetNames(primitive));
    // Points and lines are no part of a face, and nobody exports strips.
    if (countAt(primitive, 'mode', TRIANGLES) !== TRIANGLES) return [];
    const attributes = objectAt(primitive, 'attributes');
    for (const list of [attributes, ...targets])
      for (const accessor of Object.values(list)) toIndex(accessor, accessors, 'attributes');
    return [
      {
        attributes,
        indices: indexAt(primitive, 'indices', accessors),
        material: indexAt(primitive, 'material', materials),
        targets,
      },
    ];
  });
  return { primitives, targetNames: names.find((list) => list.length > 0) ?? [] };
}

/** glTF has no place for them; programs agree on this one, some at the primitive. */
function targetNames(owner: Json): string[] {
  const list = objectAt(owner, 'extras')['targetNames'];
  return Array.isArray(list)
    ? list.slice(0, MOST.targets).map((name: unknown) => (typeof name === 'string' ? name : ''))
    : [];
}

function readNodes(json: Json, meshes: number, skins: number): readonly GltfNode[] {
  const list = objectsAt(json, 'nodes');
  const children = list.map((node) => indicesAt(node, 'children', list.length));
  const parents = new Int32Array(list.length).fill(-1);
  children.forEach((of, parent) => {
    for (const child of of) {
      if (parents[child] !== -1) throw damaged('a node has two parents');
      parents[child] = parent;
    }
  });

  const scenes = objectsAt(json, 'scenes');
  const scene = scenes[Math.max(0, indexAt(json, 'scene', scenes.length))];
  const roots = list.flatMap((_, i) => (parents[i] === -1 ? [i] : []));
  const inScene = new Set(scene ? indicesAt(scene, 'nodes', list.length) : roots);

  const nodes = new Map<number, GltfNode>();
  const waiting = [...roots];
  for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
    const node = list[i] ?? {};
    const above = nodes.get(parents[i] ?? -1);
    const local = localMatrix(node);
    nodes.set(i, {
      name: textAt(node, 'name') ?? '',
      parent: parents[i] ?? -1,
      mesh: indexAt(node, 'mesh', meshes),
      skin: indexAt(node, 'skin', skins),
      world: above ? multiply(above.world, local) : local,
      shown: above?.shown === true || inScene.has(i),
    });
    for (const child of children[i] ?? []) waiting.push(child);
  }
  return list.map((_, i) => {
    const node = nodes.get(i);
    if (!node) throw damaged('its nodes go round in a circle');
    if (!node.world.every(Number.isFinite)) throw damaged('a node is infinitely far away');
    return node;
  });
}

function localMatrix(node: Json): Matrix {
  const matrix = numbersAt(node, 'matrix', 16);
  if (matrix) return matrix;
  const translation = numbersAt(node, 'translation', 3);
  const rotation = numbersAt(node, 'rotation', 4);
  const scale = numbersAt(node, 'scale', 3);
  if (!translation && !rotation && !scale) return IDENTITY;
  return compose(translation ?? [0, 0, 0], rotation ?? [0, 0, 0, 1], scale ?? [1, 1, 1]);
}

/** Whether a node is another one or hangs on it. */
export function isWithin(nodes: readonly GltfNode[], node: number, ancestor: number): boolean {
  for (let i = node; i >= 0; i = nodes[i]?.parent ?? -1) if (i === ancestor) return true;
  return false;
}
