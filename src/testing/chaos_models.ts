import type { Mujoco } from '../sim/mujoco';
import { type VirtualModel, virtualModel, virtualMujoco } from './virtual_room';

/** Models for rooms in chaos: coarse in time and small, because every room is simulated many times over. */

/** A cart with a pole, a ball on the floor, a mocap hand that may grasp it: cheap, but with a bit of everything. */
const CART = `
<mujoco model="cart">
  <option timestep="0.02"/><size memory="200K"/>
  <worldbody>
    <geom type="plane" size="5 5 .1"/>
    <body name="cart" pos="0 0 1">
      <joint name="slide" type="slide" axis="1 0 0" damping=".1"/><geom type="box" size=".2 .1 .1" mass="1"/>
      <body name="pole"><joint type="hinge" axis="0 1 0"/><geom type="capsule" fromto="0 0 0 .3 0 .5" size=".04" mass=".2"/></body>
    </body>
    <body name="ball" pos="1 1 .5"><freejoint/><geom size=".1" mass=".3"/></body>
    <body name="hand" mocap="true" pos="-1 0 1"><geom size=".05" contype="0" conaffinity="0"/></body>
  </worldbody>
  <equality><weld body1="hand" body2="ball" active="false"/></equality>
  <actuator><motor joint="slide" gear="10"/></actuator>
  <keyframe><key qpos="0 .1 1 1 .5 1 0 0 0"/></keyframe>
</mujoco>`;

/** Boxes that fall asleep: what `mjSTATE_INTEGRATION` does not carry matters here. */
const BOXES = `
<mujoco model="boxes">
  <option timestep="0.02"><flag sleep="enable"/></option><size memory="400K"/>
  <worldbody>
    <geom type="plane" size="5 5 .1"/>
    ${[0, 1, 2]
      .map(
        (i) => `<body pos="${i * 0.15} 0 .2"${i === 0 ? ' euler="0 20 0"' : ''}>
      <freejoint/><geom type="box" size=".02 .1 .2" mass=".5"/></body>`,
      )
      .join('')}
  </worldbody>
</mujoco>`;

/** Two arms without any contact, and many controls. */
const ARMS = `
<mujoco model="arms">
  <option timestep="0.015" integrator="implicitfast"/><size memory="100K"/>
  <default><joint type="hinge" damping=".2"/><geom type="capsule" size=".03" contype="0" conaffinity="0"/></default>
  <worldbody>
    ${['a', 'b']
      .map(
        (arm, i) => `<body pos="0 ${i} 1"><joint name="${arm}1" axis="0 1 0"/><geom fromto="0 0 0 .3 0 0"/>
      <body pos=".3 0 0"><joint name="${arm}2" axis="0 1 0"/><geom fromto="0 0 0 .3 0 0"/>
      <body pos=".3 0 0"><joint name="${arm}3" axis="0 0 1"/><geom fromto="0 0 0 .2 0 0"/></body></body></body>`,
      )
      .join('')}
  </worldbody>
  <actuator>
    ${['a1', 'a2', 'a3', 'b1', 'b2', 'b3'].map((joint) => `<position joint="${joint}" kp="5"/>`).join('')}
  </actuator>
</mujoco>`;

/** Sizes of each model that actions need. */
export interface Sizes {
  readonly bodies: number;
  readonly movable: readonly number[];
  readonly nu: number;
  readonly nq: number;
  readonly neq: number;
}

/** What all seeds share. */
export interface ChaosStage {
  readonly mujoco: Mujoco;
  readonly models: readonly VirtualModel[];
  readonly sizes: readonly Sizes[];
}

export async function chaosStage(): Promise<ChaosStage> {
  return {
    mujoco: await virtualMujoco(),
    models: [
      await virtualModel(CART, 30_000),
      await virtualModel(BOXES, 120_000),
      await virtualModel(ARMS, 5_000),
    ],
    sizes: [
      { bodies: 5, movable: [1, 2, 3, 4], nu: 1, nq: 9, neq: 1 },
      { bodies: 4, movable: [1, 2, 3], nu: 0, nq: 21, neq: 0 },
      { bodies: 7, movable: [1, 2, 3, 4, 5, 6], nu: 6, nq: 6, neq: 0 },
    ],
  };
}
