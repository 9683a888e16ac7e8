import { SimroomError } from '../core/errors';
import type { ModelCopy } from '../core/model';
import type { Action } from '../tape/action';
import type { Ref } from './api';
import { lookup } from './lookup';

/** Positions of a joint by `mjtJoint`: free, ball, slide, hinge. */
const JOINT_SIZE = [7, 4, 1, 1];

/**
 * What puts a joint where it is wanted.
 *
 * @throws SimroomError `unknown-name`, or `bad-argument` when the joint takes another number of values
 */
export function jointAction(model: ModelCopy, joint: Ref, values: number | readonly number[]): Action {
  const id = lookup(model, 'joint', joint);
  const list = typeof values === 'number' ? [values] : values;
  const size = JOINT_SIZE[model.jnt_type[id] ?? 3] ?? 1;
  if (list.length !== size) {
    throw new SimroomError('bad-argument', `Joint ${joint} takes ${size} values, not ${list.length}.`);
  }
  return { kind: 'qpos', index: model.jnt_qposadr[id] ?? 0, values: Float64Array.from(list) };
}
