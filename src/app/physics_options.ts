import { OPTIONS } from '../core/frame';
import type { PhysicsOptions, Vec3 } from './api';

type NumberOption = Exclude<keyof PhysicsOptions, 'gravity' | 'wind'>;

/** The physics options in a frame's `options` section. */
export function readOptions(from: Float64Array): PhysicsOptions {
  const vec = (at: number): Vec3 => [from[at] ?? 0, from[at + 1] ?? 0, from[at + 2] ?? 0];
  const number = (name: NumberOption): number => from[OPTIONS[name]] ?? 0;
  return {
    gravity: vec(OPTIONS.gravity),
    wind: vec(OPTIONS.wind),
    timestep: number('timestep'),
    density: number('density'),
    viscosity: number('viscosity'),
    integrator: number('integrator'),
    cone: number('cone'),
    solver: number('solver'),
    iterations: number('iterations'),
    disableflags: number('disableflags'),
    enableflags: number('enableflags'),
  };
}
