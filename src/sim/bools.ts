/**
 * MuJoCo's `mjtBool` arrays, whose embind getters throw in 3.14 ("unknown type memory_view<bool>").
 *
 * An `mjModel` is one buffer with its arrays in a fixed order, each starting at a multiple of 64 bytes: the address
 * of an array follows from a readable neighbour. Values other than 0 and 1 would show that the order has changed.
 */

import type { MjModel } from '@mujoco/mujoco';
import type { BYTE_ARRAYS } from '../core/model';
import { SimroomError } from '../core/errors';

/** Alignment of the arrays in an `mjModel`, bytes. */
const ALIGNMENT = 64;

export type BoolArray = Exclude<(typeof BYTE_ARRAYS)[number], 'tex_data'>;

interface Place {
  readonly size: 'njnt' | 'nlight' | 'nmat' | 'neq' | 'nu' | 'nflex';
  /** The readable array right before it, or right behind. */
  readonly side: 'after' | 'before';
  readonly neighbour: keyof MjModel;
}

const PLACES: Readonly<Record<BoolArray, Place>> = {
  jnt_limited: { size: 'njnt', side: 'after', neighbour: 'jnt_group' },
  light_castshadow: { size: 'nlight', side: 'after', neighbour: 'light_texid' },
  light_active: { size: 'nlight', side: 'after', neighbour: 'light_range' },
  mat_texuniform: { size: 'nmat', side: 'after', neighbour: 'mat_texid' },
  eq_active0: { size: 'neq', side: 'after', neighbour: 'eq_objtype' },
  actuator_ctrllimited: { size: 'nu', side: 'before', neighbour: 'actuator_ctrlrange' },
  flex_flatskin: { size: 'nflex', side: 'before', neighbour: 'flex_bvhadr' },
};

/**
 * A copy of a boolean array of the model, 0 or 1 per object.
 *
 * @throws SimroomError `engine-failed` when the model's layout is not the expected one
 */
export function boolsOf(model: MjModel, name: BoolArray): Uint8Array {
  const { size, side, neighbour: neighbourName } = PLACES[name];
  const length = model[size];
  if (length === 0) return new Uint8Array();
  const neighbour: unknown = model[neighbourName];
  if (!ArrayBuffer.isView(neighbour)) throw layoutError(name);
  const start =
    side === 'before'
      ? neighbour.byteOffset - aligned(length)
      : aligned(neighbour.byteOffset + neighbour.byteLength);
  const copy = new Uint8Array(neighbour.buffer, start, length).slice();
  if (copy.some((value) => value > 1)) throw layoutError(name);
  return copy;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function layoutError(name: string): SimroomError {
  return new SimroomError(
    'engine-failed',
    `mjModel.${name} is not where this build of MuJoCo should have it: the engine and the app do not belong together. ` +
      'Reload the page.',
  );
}
