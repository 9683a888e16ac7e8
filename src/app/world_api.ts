import { SimroomError } from '../core/errors';
import { type Frame, HEADER } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { editField } from '../sim/edits';
import type { Action } from '../tape/action';
import type { PhysicsOptions, Ref, Simroom, Vec3 } from './api';
import type { EngineClient } from './engine_client';
import { jointAction } from './joint_action';
import { lookup } from './lookup';
import { readOptions } from './physics_options';

/** What changing and reading the world needs of the app. */
export interface WorldAccess {
  readonly engine: EngineClient;
  /** Everything a person does goes this way. @throws SimroomError `role-refused` */
  submit(action: Action): Promise<void>;
  /** @throws SimroomError `role-refused` when one may not change the world */
  allow(): void;
  /** The running model's arrays. @throws SimroomError `no-model` */
  model(): ModelCopy;
  /** The newest frame of the running model. @throws SimroomError `no-model` */
  frame(): Frame;
}

type WorldApi = Pick<
  Simroom,
  | 'play'
  | 'pause'
  | 'reset'
  | 'step'
  | 'setSpeed'
  | 'rewind'
  | 'scrub'
  | 'state'
  | 'hashAt'
  | 'setCtrl'
  | 'clearCtrl'
  | 'setJoint'
  | 'setEquality'
  | 'perturb'
  | 'options'
  | 'setOptions'
>;

/** The part of the API that drives the running world: names become ids, wishes become actions. */
export function createWorldApi({ engine, submit, allow, model, frame }: WorldAccess): WorldApi {
  return {
    play: () => submit({ kind: 'pause', paused: false }),
    pause: () => submit({ kind: 'pause', paused: true }),
    reset: async (keyframe?: Ref) =>
      submit({
        kind: 'reset',
        keyframe: keyframe === undefined ? -1 : lookup(model(), 'keyframe', keyframe),
      }),
    step: async (ticks = 1) => {
      if (!Number.isInteger(ticks) || ticks < 1) {
        throw new SimroomError('bad-argument', `step takes a whole number of ticks from 1 on, not ${ticks}.`);
      }
      allow();
      if (frame().header[HEADER.paused] !== 1) await submit({ kind: 'pause', paused: true });
      await engine.step(ticks);
    },
    setSpeed: (speed) => submit({ kind: 'speed', speed }),
    rewind: async (tick) => {
      allow();
      await engine.rewind(tick);
    },
    scrub: async (ticks) => {
      allow();
      await engine.scrub(ticks);
    },

    state: () => engine.state(),
    hashAt: (tick) => engine.hashAt(tick),

    setCtrl: async (actuator, value) => {
      const index = model().actuator_ctrladr[lookup(model(), 'actuator', actuator)] ?? -1;
      if (index < 0)
        throw new SimroomError('bad-argument', `Actuator ${actuator} has no control of its own.`);
      await submit({ kind: 'ctrl', index, value });
    },
    clearCtrl: async () => submit({ kind: 'ctrls', values: new Float64Array(model().nu) }),
    setJoint: async (joint, values) => submit(jointAction(model(), joint, values)),
    setEquality: async (equality, active) =>
      submit({ kind: 'equality', index: lookup(model(), 'equality', equality), active }),
    perturb: async (body, wrench) =>
      submit({
        kind: 'wrench',
        body: lookup(model(), 'body', body),
        force: wrench?.force ?? [0, 0, 0],
        torque: wrench?.torque ?? [0, 0, 0],
      }),
    options: () => readOptions(frame().options),
    setOptions: async (changes) => {
      model();
      for (const [name, value] of Object.entries(changes) as [keyof PhysicsOptions, number | Vec3][]) {
        const values = Float64Array.from(typeof value === 'number' ? [value] : value);
        await submit({ kind: 'edit', field: editField(`opt.${name}`), index: 0, values });
      }
    },
  };
}
