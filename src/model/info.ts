/**
 * A model in the words of the public API.
 */

import type { ModelCopy, NamedKind } from '../core/model';
import { type Bundle, sortedPaths } from './bundle';

export interface NamedInfo {
  readonly id: number;
  /** The object's name, or a readable stand-in such as `body 7` where it has none. */
  readonly name: string;
}

export interface JointInfo extends NamedInfo {
  readonly type: 'free' | 'ball' | 'slide' | 'hinge';
  readonly body: number;
  readonly qposadr: number;
  /** m or rad; null when not limited. */
  readonly range: readonly [number, number] | null;
}

export interface ActuatorInfo extends NamedInfo {
  readonly group: number;
  /** Index into `ctrl`. */
  readonly index: number;
  /** Control range; null when not limited. */
  readonly range: readonly [number, number] | null;
}

export interface SensorInfo extends NamedInfo {
  readonly adr: number;
  readonly dim: number;
}

export interface KeyframeInfo extends NamedInfo {
  readonly time: number;
}

export interface ModelInfo {
  readonly name: string;
  /** Where it came from, for people: a catalogue title, a URL, a file name. */
  readonly origin: string;
  readonly sizes: Readonly<Record<'nq' | 'nv' | 'nu' | 'nbody' | 'ngeom' | 'nmesh' | 'ntex', number>>;
  /** s. */
  readonly timestep: number;
  readonly bodies: readonly NamedInfo[];
  readonly joints: readonly JointInfo[];
  readonly actuators: readonly ActuatorInfo[];
  readonly keyframes: readonly KeyframeInfo[];
  readonly cameras: readonly NamedInfo[];
  readonly sensors: readonly SensorInfo[];
  readonly equalities: readonly NamedInfo[];
  /** Compile warnings, as the engine words them. */
  readonly warnings: readonly string[];
  /** Paths and sizes of the model's files. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly entry: string;
}

/** `mjtJoint`, in its order. */
const JOINT_TYPES = ['free', 'ball', 'slide', 'hinge'] as const;
/** What MuJoCo calls a model without a name. */
const UNNAMED_MODEL = 'MuJoCo Model';

/** Describes a loaded model. */
export function modelInfo(
  copy: ModelCopy,
  bundle: Bundle,
  origin: string,
  warnings: readonly string[],
): ModelInfo {
  const { nq, nv, nu, nbody, ngeom, nmesh, ntex } = copy;
  const named = (kind: NamedKind): NamedInfo[] =>
    copy.names[kind].map((name, id) => ({ id, name: name === '' ? `${kind} ${id}` : name }));
  const timestep = copy.opt['timestep'];
  return {
    name: copy.modelName === '' || copy.modelName === UNNAMED_MODEL ? bundle.entry : copy.modelName,
    origin,
    sizes: { nq, nv, nu, nbody, ngeom, nmesh, ntex },
    timestep: typeof timestep === 'number' ? timestep : 0,
    bodies: named('body'),
    joints: named('joint').map(({ id, name }) => ({
      id,
      name,
      type: JOINT_TYPES[copy.jnt_type[id] ?? 0] ?? 'free',
      body: copy.jnt_bodyid[id] ?? 0,
      qposadr: copy.jnt_qposadr[id] ?? 0,
      range: copy.jnt_limited[id] === 1 ? pair(copy.jnt_range, id) : null,
    })),
    actuators: named('actuator').map(({ id, name }) => {
      const index = copy.actuator_ctrladr[id] ?? id;
      return {
        id,
        name,
        group: copy.actuator_group[id] ?? 0,
        index,
        range: copy.actuator_ctrllimited[index] === 1 ? pair(copy.actuator_ctrlrange, index) : null,
      };
    }),
    keyframes: named('keyframe').map((key) => ({ ...key, time: copy.key_time[key.id] ?? 0 })),
    cameras: named('camera'),
    sensors: named('sensor').map((sensor) => ({
      ...sensor,
      adr: copy.sensor_adr[sensor.id] ?? 0,
      dim: copy.sensor_dim[sensor.id] ?? 0,
    })),
    equalities: named('equality'),
    warnings,
    files: sortedPaths(bundle).map((path) => ({ path, bytes: bundle.files.get(path)?.length ?? 0 })),
    entry: bundle.entry,
  };
}

function pair(values: Float64Array, id: number): readonly [number, number] {
  return [values[2 * id] ?? 0, values[2 * id + 1] ?? 0];
}
