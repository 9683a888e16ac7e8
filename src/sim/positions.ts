import type { MjData, MjModel } from '@mujoco/mujoco';
import { doubles, ints } from './heap';
import type { Mujoco } from './mujoco';

/** Sets some of qpos, normalises its quaternions, and zeroes the velocities of the joints concerned. */
export function setPositions(
  mujoco: Mujoco,
  model: MjModel,
  data: MjData,
  index: number,
  values: Float64Array,
): void {
  doubles(data.qpos).set(values, index);
  const qposadr = ints(model.jnt_qposadr);
  const dofadr = ints(model.jnt_dofadr);
  const qvel = doubles(data.qvel);
  for (let joint = 0; joint < model.njnt; joint++) {
    const start = qposadr[joint] ?? 0;
    const end = qposadr[joint + 1] ?? model.nq;
    if (end <= index || start >= index + values.length) continue;
    qvel.fill(0, dofadr[joint] ?? 0, dofadr[joint + 1] ?? model.nv);
  }
  mujoco.mj_normalizeQuat(model, data.qpos);
  mujoco.mj_forward(model, data);
}
