import type { JointInfo, ModelInfo } from '../app/api';
import { frameLayout, frameOn, HEADER, type Frame } from '../core/frame';
import {
  BYTE_ARRAYS,
  DOUBLE_ARRAYS,
  FLOAT_ARRAYS,
  INT_ARRAYS,
  MODEL_SIZES,
  NAMED,
  type ModelCopy,
} from '../core/model';

const LIMBS = ['hip', 'knee', 'ankle', 'shoulder', 'elbow', 'wrist'];

/** A model with a floating base and `hinges` hinges, each with a motor. */
export function fakeModel(hinges = 12): ModelInfo {
  const names = Array.from({ length: hinges }, (_, i) => `${LIMBS[i % 6] ?? 'limb'}_${Math.floor(i / 6)}`);
  const joints: JointInfo[] = [
    { id: 0, name: 'root', type: 'free', body: 1, qposadr: 0, range: null },
    ...names.map((name, i): JointInfo => ({
      id: i + 1,
      name,
      type: 'hinge',
      body: i + 2,
      qposadr: 7 + i,
      range: i % 3 === 2 ? null : [-1.2, 1.6],
    })),
  ];
  return {
    name: 'Humanoid',
    origin: 'Humanoid',
    entry: 'humanoid.xml',
    timestep: 0.005,
    sizes: { nq: 7 + hinges, nv: 6 + hinges, nu: hinges, nbody: hinges + 2, ngeom: 24, nmesh: 0, ntex: 2 },
    bodies: ['world', 'torso', ...names.map((n) => `${n}_link`)].map((name, id) => ({ id, name })),
    joints,
    actuators: names.map((name, id) => ({
      id,
      name,
      group: 0,
      index: id,
      range: id % 5 === 4 ? null : [-1, 1],
    })),
    keyframes: ['squat', 'stand on one leg', 'prone'].map((name, id) => ({ id, name, time: 0 })),
    cameras: ['back', 'side', 'egocentric'].map((name, id) => ({ id, name })),
    sensors: ['torso_accel', 'torso_gyro', 'left_foot_touch', 'right_foot_touch'].map((name, id) => ({
      id,
      name,
      adr: id < 2 ? 3 * id : 4 + id,
      dim: id < 2 ? 3 : 1,
    })),
    equalities: [
      { id: 0, name: 'grip_left' },
      { id: 1, name: 'grip_right' },
    ],
    warnings: ['Sensor noise is set on sensor "torso_gyro" but the noise flag is not enabled.'],
    files: [
      { path: 'humanoid.xml', bytes: 18_342 },
      { path: 'assets/floor.png', bytes: 231_904 },
    ],
  };
}

/** The arrays of {@link fakeModel}: sizes, names and tree are true, the rest is zero. */
export function fakeArrays(model: ModelInfo): ModelCopy {
  const sizes: Partial<Record<(typeof MODEL_SIZES)[number], number>> = {
    ...model.sizes,
    njnt: model.joints.length,
    ncam: model.cameras.length,
    nkey: model.keyframes.length,
    nsensor: model.sensors.length,
    nsensordata: model.sensors.reduce((sum, s) => sum + s.dim, 0),
    nactuator: model.actuators.length,
    neq: model.equalities.length,
  };
  const nbody = model.bodies.length;
  const arrays = {
    ...Object.fromEntries(MODEL_SIZES.map((name) => [name, sizes[name] ?? 0])),
    ...Object.fromEntries(INT_ARRAYS.map((name) => [name, new Int32Array(nbody)])),
    ...Object.fromEntries(DOUBLE_ARRAYS.map((name) => [name, new Float64Array(nbody)])),
    ...Object.fromEntries(FLOAT_ARRAYS.map((name) => [name, new Float32Array(0)])),
    ...Object.fromEntries(BYTE_ARRAYS.map((name) => [name, new Uint8Array(nbody)])),
    body_parentid: Int32Array.from({ length: nbody }, (_, i) => Math.max(0, i === 8 ? 1 : i - 1)),
    body_mass: Float64Array.from({ length: nbody }, (_, i) => (i === 0 ? 0 : 8.907 / i)),
    modelName: model.name,
    names: Object.fromEntries(Object.keys(NAMED).map((kind) => [kind, []])),
    texts: [],
    vis: { global: {}, quality: {}, headlight: {}, map: {}, scale: {}, rgba: {} },
    stat: { center: [0, 0, 1], extent: 2, meansize: 0.1 },
    opt: {},
    nflexfacevert: 0,
    nskinvert: 0,
    flex_faceadr: new Int32Array(0),
    flex_facetexcoord: new Float32Array(0),
  };
  return arrays as unknown as ModelCopy;
}

/** A running frame of a model, with something to look at in it. */
export function fakeFrame(arrays: ModelCopy): Frame {
  const layout = frameLayout(arrays);
  const frame = frameOn(new ArrayBuffer(layout.bytes), layout);
  frame.header[HEADER.speed] = 1;
  frame.header[HEADER.rtf] = 1;
  frame.header[HEADER.stepsPerSecond] = 200;
  frame.header[HEADER.stepMs] = 0.069;
  frame.header[HEADER.contacts] = 8;
  frame.header[HEADER.energy] = 312.4;
  frame.eqActive.fill(1);
  sway(frame, 0);
  return frame;
}

/** Something to look at: every joint swings slowly, every sensor follows. */
export function sway(frame: Frame, time: number): void {
  for (let i = 0; i < frame.qpos.length; i++) frame.qpos[i] = 0.6 * Math.sin(0.9 * time + i);
  frame.qpos.set([0.012, -0.034, 1.282 + 0.01 * Math.sin(time), 1, 0, 0, 0].slice(0, frame.qpos.length));
  for (let i = 0; i < frame.sensordata.length; i++) frame.sensordata[i] = Math.sin(time * (i + 1)) * (i + 1);
  for (let i = 0; i < frame.xpos.length; i++) frame.xpos[i] = i % 3 === 2 ? 1.2 : 0.1 * Math.sin(time + i);
}
