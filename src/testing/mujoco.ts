import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { instantiateMujoco } from '../sim/mujoco';
import { Sim } from '../sim/sim';

const require = createRequire(import.meta.url);

/** MuJoCo's wasm, compiled once per test file. */
let compiled: Promise<WebAssembly.Module> | null = null;

export function mujocoModule(): Promise<WebAssembly.Module> {
  compiled ??= readFile(require.resolve('@mujoco/mujoco/mujoco.wasm')).then((bytes) =>
    WebAssembly.compile(new Uint8Array(bytes)),
  );
  return compiled;
}

/** Compiles MJCF without assets to MuJoCo's binary form. */
export async function compileXml(xml: string): Promise<Uint8Array> {
  const mujoco = await instantiateMujoco(await mujocoModule());
  const model = mujoco.mj_compile(mujoco.parseXMLString(xml));
  mujoco.mj_saveModel(model, '/test.mjb', null);
  return mujoco.FS.readFile('/test.mjb', { encoding: 'binary' });
}

/** A fresh world of a compiled model. */
export async function simOf(mjb: Uint8Array): Promise<Sim> {
  return new Sim(await instantiateMujoco(await mujocoModule()), mjb);
}

/** A pendulum on a cart with a motor, a free ball, a mocap hand, a weld and two keyframes: a bit of everything. */
export const WORKSHOP = `
<mujoco model="workshop">
  <option timestep="0.002"/>
  <worldbody>
    <geom name="floor" type="plane" size="5 5 .1"/>
    <body name="cart" pos="0 0 1">
      <joint name="slide" type="slide" axis="1 0 0" range="-2 2" limited="true" damping=".1"/>
      <geom name="cart" type="box" size=".2 .1 .1" mass="1"/>
      <body name="pole">
        <joint name="hinge" type="hinge" axis="0 1 0"/>
        <geom name="pole" type="capsule" fromto="0 0 0 .3 0 .5" size=".04" mass=".2"/>
      </body>
    </body>
    <body name="ball" pos="1 1 .5">
      <freejoint name="ball"/>
      <geom name="ball" size=".1" mass=".3"/>
    </body>
    <body name="hand" mocap="true" pos="-1 0 1"><geom size=".05" contype="0" conaffinity="0"/></body>
    <body name="shelf" pos="0 3 1"><geom type="box" size=".5 .1 .02"/></body>
  </worldbody>
  <equality><weld name="grasp" body1="hand" body2="ball" active="false"/></equality>
  <actuator><motor name="push" joint="slide" gear="10" ctrlrange="-1 1" ctrllimited="true"/></actuator>
  <custom><numeric name="initial_keyframe" data="0"/></custom>
  <keyframe>
    <key name="home" qpos="0 .1 1 1 .5 1 0 0 0"/>
    <key name="left" qpos="-1 0 1 1 .5 1 0 0 0"/>
  </keyframe>
</mujoco>`;

/** Twenty boxes in a row with sleeping enabled, the first one tilted: trees fall asleep again soon after. */
export const SLEEPERS = `
<mujoco model="sleepers">
  <option timestep="0.002"><flag sleep="enable"/></option>
  <worldbody>
    <geom type="plane" size="5 5 .1"/>
    ${Array.from(
      { length: 20 },
      (_, i) => `<body name="box${i}" pos="${i * 0.15} 0 .2"${i === 0 ? ' euler="0 20 0"' : ''}>
      <freejoint/><geom type="box" size=".02 .1 .2" mass=".5"/></body>`,
    ).join('\n    ')}
  </worldbody>
</mujoco>`;

/** A model that diverges by itself after a while: an actuator with far too much positive feedback. */
export const UNSTABLE = `
<mujoco model="unstable">
  <option timestep="0.01"/>
  <worldbody>
    <body name="runaway"><joint name="spin" type="slide" axis="0 0 1"/><geom size=".1" mass="1"/></body>
  </worldbody>
  <actuator><general name="feedback" joint="spin" biastype="affine" biasprm="1 50 5"/></actuator>
</mujoco>`;
