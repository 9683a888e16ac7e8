import type { MjModel } from '@mujoco/mujoco';
import { doubles, ints } from './heap';
import { enumValue, type Mujoco } from './mujoco';

/** A model names the keyframe it starts at as `<custom><numeric name="initial_keyframe" data="0"/></custom>`. */
const INITIAL_KEYFRAME = 'initial_keyframe';

/** The keyframe that a model names as its start, or -1: then it starts at `qpos0`, as everywhere. */
export function initialKeyframe(mujoco: Mujoco, model: MjModel): number {
  const id = mujoco.mj_name2id(model, enumValue(mujoco.mjtObj.mjOBJ_NUMERIC), INITIAL_KEYFRAME);
  if (id < 0) return -1;
  const keyframe = doubles(model.numeric_data)[ints(model.numeric_adr)[id] ?? 0] ?? -1;
  return Number.isInteger(keyframe) && keyframe < model.nkey ? keyframe : -1;
}
