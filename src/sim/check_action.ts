import type { MjModel } from '@mujoco/mujoco';
import { SimroomError } from '../core/errors';
import type { Action } from '../tape/action';
import { ints } from './heap';

/** Speeds people can ask for; below it nothing visibly moves, above it only "as fast as it can" makes sense. */
export const MIN_SPEED = 0.01;
export const MAX_SPEED = 100;

/** Ticks that one `step` action may ask for: an hour of a 1 ms model. */
export const MAX_STEP_TICKS = 3_600_000;

/** Wrenches beyond it (N, N m) are mistakes, and would only break the state. */
const MAX_WRENCH = 1e9;

const FINITE = 'use finite numbers';

/**
 * Whether an action fits a model. Edits and checkpoints are checked where they are taken apart.
 *
 * @throws SimroomError `bad-argument`
 */
export function checkAction(model: MjModel, action: Action): void {
  switch (action.kind) {
    case 'ctrl':
      check(action.index < model.nu, `control ${action.index}`, `there are ${model.nu}`);
      check(Number.isFinite(action.value), `control value ${action.value}`, 'use a finite number');
      break;
    case 'ctrls':
      check(action.values.length === model.nu, `${action.values.length} controls`, `give ${model.nu}`);
      check(action.values.every(Number.isFinite), 'a control that is not finite', FINITE);
      break;
    case 'drag': {
      checkBody(model, action.body);
      // MuJoCo would divide by its inverse mass of zero.
      const fixed =
        ints(model.body_weldid)[action.body] === 0 && (ints(model.body_mocapid)[action.body] ?? -1) < 0;
      check(!fixed, `a drag of body ${action.body}`, 'it is fixed to the world');
      const numbers = [...action.point, ...action.target, ...action.quat];
      check(numbers.every(Number.isFinite), 'a drag with a number that is not finite', FINITE);
      break;
    }
    case 'move':
      check(action.target.every(Number.isFinite), 'a target that is not finite', FINITE);
      break;
    case 'turn':
      check(action.quat.every(Number.isFinite), 'an orientation that is not finite', FINITE);
      break;
    case 'wrench': {
      checkBody(model, action.body);
      const small = [...action.force, ...action.torque].every((part) => Math.abs(part) <= MAX_WRENCH);
      check(small, 'a wrench that is not finite or beyond 1e9 N', 'use a smaller one');
      break;
    }
    case 'qpos': {
      const end = action.index + action.values.length;
      check(end <= model.nq, `qpos ${action.index}..${end}`, `nq is ${model.nq}`);
      check(action.values.every(Number.isFinite), 'a position that is not finite', FINITE);
      break;
    }
    case 'equality':
      check(action.index < model.neq, `equality ${action.index}`, `there are ${model.neq}`);
      break;
    case 'reset':
      check(action.keyframe < model.nkey, `keyframe ${action.keyframe}`, `there are ${model.nkey}`);
      break;
    case 'speed': {
      const { speed } = action;
      const inRange = speed === Infinity || (speed >= MIN_SPEED && speed <= MAX_SPEED);
      check(inRange, `speed ${speed}`, `use ${MIN_SPEED} to ${MAX_SPEED}, or Infinity`);
      break;
    }
    case 'step':
      check(action.ticks >= 1 && action.ticks <= MAX_STEP_TICKS, `${action.ticks} ticks`, 'use 1 or more');
      break;
    case 'release':
    case 'edit':
    case 'pause':
    case 'checkpoint':
    case 'restore':
      break;
  }
}

function checkBody(model: MjModel, body: number): void {
  check(body > 0 && body < model.nbody, `body ${body}`, `use 1 to ${model.nbody - 1}`);
}

function check(holds: boolean, what: string, next: string): void {
  if (!holds) throw new SimroomError('bad-argument', `The model does not take ${what}: ${next}.`);
}
