/**
 * Copies what the page needs to know of a compiled model out of the wasm heap.
 */

import type { MjData, MjModel } from '@mujoco/mujoco';
import {
  DOUBLE_ARRAYS,
  FLOAT_ARRAYS,
  INT_ARRAYS,
  MODEL_SIZES,
  type ModelCopy,
  NAMED,
  type NamedKind,
  type Visual,
} from '../core/model';
import { boolsOf } from './bools';
import { bytes, doubles, floats, ints } from './heap';
import type { Mujoco } from './mujoco';

const VISUAL_GROUPS = ['global', 'quality', 'headlight', 'map', 'scale', 'rgba'] as const;
/** Numbers per face in a scene's flex section: three vertices of two texture coordinates. */
const FACE_TEXCOORDS = 6;
const FACE_VERTICES = 3;

/**
 * A plain copy of a model. Nothing in it points into the wasm heap, and all its arrays may be transferred.
 *
 * @param data of the same model; its positions are overwritten where flexes have to be laid out
 */
export function describe(mujoco: Mujoco, model: MjModel, data: MjData): ModelCopy {
  return {
    ...fields(MODEL_SIZES, (name) => model[name]),
    ...fields(INT_ARRAYS, (name) => ints(model[name]).slice()),
    ...fields(DOUBLE_ARRAYS, (name) => doubles(model[name]).slice()),
    ...fields(FLOAT_ARRAYS, (name) => floats(model[name]).slice()),
    mat_texuniform: boolsOf(model, 'mat_texuniform'),
    light_castshadow: boolsOf(model, 'light_castshadow'),
    light_active: boolsOf(model, 'light_active'),
    jnt_limited: boolsOf(model, 'jnt_limited'),
    actuator_ctrllimited: boolsOf(model, 'actuator_ctrllimited'),
    eq_active0: boolsOf(model, 'eq_active0'),
    flex_flatskin: boolsOf(model, 'flex_flatskin'),
    tex_data: bytes(model.tex_data).slice(),
    modelName: nameAt(model, 0),
    names: namesOf(model),
    texts: Array.from(ints(model.text_adr), (address) => textAt(model.text_data, address)),
    vis: visualOf(model),
    stat: {
      center: [...doubles(model.stat.center)],
      extent: model.stat.extent,
      meansize: model.stat.meansize,
    },
    opt: numbersOf(model.opt),
    nskinvert: model.nskinvert,
    ...flexFaces(mujoco, model, data),
  };
}

/** The buffers of a copy, for a transfer. */
export function buffersOf(copy: ModelCopy): ArrayBuffer[] {
  return Object.values(copy).flatMap((value) =>
    ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
  );
}

function fields<K extends string, V>(names: readonly K[], get: (name: K) => V): Record<K, V> {
  const result: Partial<Record<K, V>> = {};
  for (const name of names) result[name] = get(name);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name has just been set
  return result as Record<K, V>;
}

function nameAt(model: MjModel, address: number): string {
  return textAt(model.names, address);
}

/** The text that begins there, up to its 0. */
function textAt(chars: unknown, address: number): string {
  if (!(chars instanceof Int8Array)) throw new TypeError('expected the texts of the model as int8');
  const end = chars.indexOf(0, address);
  return new TextDecoder().decode(Uint8Array.from(chars.subarray(address, end < 0 ? chars.length : end)));
}

function namesOf(model: MjModel): Record<NamedKind, readonly string[]> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant table
  const kinds = Object.keys(NAMED) as NamedKind[];
  return fields(kinds, (kind) => {
    const [, addresses] = NAMED[kind];
    return Array.from(ints(model[addresses]), (address) => nameAt(model, address));
  });
}

function visualOf(model: MjModel): Visual {
  return fields(VISUAL_GROUPS, (group) => numbersOf(model.vis[group]));
}

/** All numbers and vectors of a struct, by its own field names. */
function numbersOf(struct: object): Record<string, number | number[]> {
  const result: Record<string, number | number[]> = {};
  // Embind puts a struct's fields on its class as accessors.
  const prototype: unknown = Object.getPrototypeOf(struct);
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (descriptor.get === undefined) continue;
    const value: unknown = Reflect.get(struct, name);
    if (typeof value === 'number') result[name] = value;
    else if (value instanceof Float32Array || value instanceof Float64Array) result[name] = [...value];
  }
  return result;
}

/**
 * Layout and texture coordinates of the flex faces as the engine's visualizer unrolls them, which a frame follows.
 */
function flexFaces(
  mujoco: Mujoco,
  model: MjModel,
  data: MjData,
): Pick<ModelCopy, 'nflexfacevert' | 'flex_faceadr' | 'flex_facetexcoord'> {
  if (model.nflex === 0)
    return { nflexfacevert: 0, flex_faceadr: new Int32Array(), flex_facetexcoord: new Float32Array() };
  mujoco.mj_kinematics(model, data);
  mujoco.mj_comPos(model, data);
  mujoco.mj_flex(model, data);
  const scene = new mujoco.MjvScene(model, 1);
  const option = new mujoco.MjvOption();
  const perturb = new mujoco.MjvPerturb();
  const camera = new mujoco.MjvCamera();
  // Hidden groups would leave their faces out, and a person may show them later.
  bytes(option.flexgroup).fill(1);
  mujoco.mjv_updateScene(model, data, option, perturb, camera, mujoco.mjtCatBit.mjCAT_ALL.value, scene);
  const texcoords = floats(scene.flextexcoord).slice();
  const result = {
    nflexfacevert: (texcoords.length / FACE_TEXCOORDS) * FACE_VERTICES,
    flex_faceadr: ints(scene.flexfaceadr).map((face) => face * FACE_VERTICES),
    flex_facetexcoord: texcoords,
  };
  for (const object of [camera, perturb, option, scene]) object.delete();
  return result;
}
