import type {
  CameraPose,
  CatalogueEntry,
  EventMap,
  ModelInfo,
  ModelSource,
  PhysicsOptions,
  Pick,
  Ref,
  Simroom,
  ViewOptions,
} from '../app/api';
import { SimroomError } from '../core/errors';
import { HEADER, type Frame } from '../core/frame';
import { createFakeFace, type FakeFace } from './fake_face';
import { fakeArrays, fakeFrame, fakeModel, sway } from './fake_model';
import { createFakeRoom, type FakeRoom } from './fake_room';

/**
 * A `Simroom` without an engine, for tests of the interface: keeps what it is told, moves its joints a little as
 * time goes, and records every call.
 */
export interface FakeSimroom extends Simroom {
  /** Names and arguments of the calls that change something, in order. */
  readonly calls: readonly (readonly [name: string, ...args: readonly unknown[]])[];
  emit<E extends keyof EventMap>(event: E, value: EventMap[E]): void;
  /** What the next loads do instead of succeeding. */
  failLoads(error: SimroomError | null): void;
  /** Moves the clock on by so many wall seconds. */
  advance(seconds: number): void;
  readonly live: Frame;
  /** The other people. */
  readonly others: FakeRoom;
  readonly faces: FakeFace;
}

export { fakeModel } from './fake_model';

const CATALOGUE: readonly (readonly [id: string, title: string, text: string])[] = [
  ['humanoid', 'Humanoid', 'Stands, squats and falls over: 21 motors to keep it up.'],
  ['quadruped', 'Quadruped', 'Four legs, twelve joints and a trot to find.'],
  ['arm', 'Arm and gripper', 'Six axes at a table of things to pick up.'],
  ['hand', 'Dexterous hand', 'Tendons drive every finger around a ball.'],
  ['cartpole', 'Cart-pole', 'The oldest balancing act.'],
  ['pendulum', 'Double pendulum', 'Chaos in two joints.'],
  ['muscles', 'Muscle arm', 'Six muscles wrap around two bones.'],
  ['dominoes', 'Dominoes', 'One push, two hundred stones.'],
  ['rover', 'Rover', 'A wheeled robot on rough ground.'],
  ['cloth', 'Cloth', 'A blanket falls over what is in its way.'],
];

const PHYSICS: PhysicsOptions = {
  gravity: [0, 0, -9.81],
  wind: [0, 0, 0],
  timestep: 0.005,
  density: 0,
  viscosity: 0,
  integrator: 3,
  cone: 0,
  solver: 2,
  iterations: 100,
  disableflags: 0,
  enableflags: 2,
};

const VIEW: ViewOptions = {
  shadows: true,
  reflections: true,
  skybox: true,
  haze: true,
  fog: false,
  wireframe: false,
  transparent: false,
  geomGroups: [true, true, true, false, false, false],
  siteGroups: [true, true, true, false, false, false],
  flags: { tendon: true, texture: true, static: true, skin: true, flexface: true },
  label: 'none',
  frame: 'none',
  maxPixelRatio: 2,
};

/** @param first the model running from the start, or null for an app that has not loaded one yet */
export function createFakeSimroom(first: ModelInfo | null = fakeModel()): FakeSimroom {
  const listeners = new Map<keyof EventMap, Set<(value: never) => void>>();
  const calls: (readonly [string, ...unknown[]])[] = [];
  let model = first;
  let arrays = fakeArrays(first ?? fakeModel());
  let frame = fakeFrame(arrays);
  let failure: SimroomError | null = null;
  let camera: CameraPose = {
    lookat: [0, 0, 0.9],
    distance: 4,
    azimuth: 120,
    elevation: -18,
    fixed: null,
    track: null,
  };
  let view = VIEW;
  let options = PHYSICS;
  let selection: Pick | null = null;

  const emit = <E extends keyof EventMap>(event: E, value: EventMap[E]): void => {
    for (const listener of listeners.get(event) ?? []) listener(value as never);
  };
  const { header } = frame;
  const emitState = (): void =>
    emit('state', {
      tick: frame.header[HEADER.tick] ?? 0,
      time: frame.header[HEADER.time] ?? 0,
      paused: frame.header[HEADER.paused] === 1,
      speed: frame.header[HEADER.speed] ?? 1,
    });
  const record = (name: string, ...args: unknown[]): Promise<void> => {
    calls.push([name, ...args]);
    return Promise.resolve();
  };
  const tickOn = (ticks: number): void => {
    const timestep = model?.timestep ?? 0.005;
    const tick = (frame.header[HEADER.tick] ?? 0) + ticks;
    frame.header[HEADER.tick] = tick;
    frame.header[HEADER.historyTick] = tick;
    frame.header[HEADER.time] = tick * timestep;
    sway(frame, tick * timestep);
  };
  const idOf = (ref: Ref | null | undefined, list: readonly { id: number; name: string }[]): number | null =>
    typeof ref === 'string' ? (list.find((item) => item.name === ref)?.id ?? null) : (ref ?? null);
  const finishLoad = async (title: string): Promise<ModelInfo> => {
    emit('progress', { step: 'compile', what: title, fraction: null });
    await Promise.resolve();
    emit('progress', null);
    if (failure !== null) throw failure;
    model = { ...fakeModel(), name: title, origin: title };
    arrays = fakeArrays(model);
    frame = fakeFrame(arrays);
    emit('model', model);
    emitState();
    return model;
  };

  const { room, chat, others } = createFakeRoom(emit, record);
  const { face, faces } = createFakeFace(emit, record);

  header[HEADER.speed] = 1;
  return {
    version: '0.1.0',
    ready: Promise.resolve(),
    calls,
    emit,
    failLoads: (error) => {
      failure = error;
    },
    advance: (seconds) => {
      if (frame.header[HEADER.paused] === 1) return;
      tickOn(Math.round((seconds * (frame.header[HEADER.speed] ?? 1)) / (model?.timestep ?? 0.005)));
      emitState();
    },
    get live() {
      return frame;
    },

    catalogue: (): Promise<readonly CatalogueEntry[]> =>
      Promise.resolve(
        CATALOGUE.map(([id, title, text]) => ({
          id,
          title,
          text,
          url: `./models/${id}/${id}.xml`,
          thumbnail: `./models/${id}/thumbnail.webp`,
        })),
      ),
    load: async (source: ModelSource) => {
      await record('load', source);
      const title = typeof source === 'string' ? source : 'files';
      return finishLoad(CATALOGUE.find(([id]) => id === source)?.[1] ?? title);
    },
    cancelLoad: () => void record('cancelLoad'),
    reload: async () => {
      await record('reload');
      return finishLoad(model?.name ?? '');
    },
    addFiles: async (files) => {
      await record('addFiles', files);
      return finishLoad('completed');
    },
    model: () => model,
    arrays: () => (model === null ? null : arrays),

    play: async () => {
      await record('play');
      frame.header[HEADER.paused] = 0;
      emitState();
    },
    pause: async () => {
      await record('pause');
      frame.header[HEADER.paused] = 1;
      emitState();
    },
    reset: async (keyframe) => {
      await record('reset', keyframe);
      tickOn(-(frame.header[HEADER.tick] ?? 0));
      emitState();
    },
    step: async (ticks = 1) => {
      await record('step', ticks);
      tickOn(ticks);
      emitState();
    },
    setSpeed: async (speed) => {
      await record('setSpeed', speed);
      frame.header[HEADER.speed] = speed;
      emitState();
    },
    rewind: (tick) => record('rewind', tick),
    scrub: async (ticks) => {
      await record('scrub', ticks);
      frame.header[HEADER.paused] = 1;
      tickOn(ticks);
      emitState();
    },
    state: () =>
      Promise.resolve({
        tick: frame.header[HEADER.tick] ?? 0,
        time: frame.header[HEADER.time] ?? 0,
        qpos: frame.qpos.slice(),
        qvel: new Float64Array(arrays.nv),
        act: new Float64Array(0),
        ctrl: frame.ctrl.slice(),
        hash: '0'.repeat(32),
      }),
    hashAt: () => Promise.resolve(null),
    frame: () => (model === null ? null : frame),

    setCtrl: async (actuator, value) => {
      await record('setCtrl', actuator, value);
      const id = idOf(actuator, model?.actuators ?? []);
      if (id !== null) frame.ctrl[model?.actuators[id]?.index ?? 0] = value;
    },
    clearCtrl: async () => {
      await record('clearCtrl');
      frame.ctrl.fill(0);
    },
    setJoint: (joint, values) => record('setJoint', joint, values),
    setEquality: async (equality, active) => {
      await record('setEquality', equality, active);
      if (typeof equality === 'number') frame.eqActive[equality] = active ? 1 : 0;
    },
    perturb: (body, wrench) => record('perturb', body, wrench),
    options: () => options,
    setOptions: async (changes) => {
      await record('setOptions', changes);
      options = { ...options, ...changes };
    },
    select: (body) => {
      const id = idOf(body, model?.bodies ?? []);
      selection = id === null ? null : { body: id, geom: -1, point: [0, 0, 1], local: [0, 0, 0] };
      void record('select', body);
      emit('selection', selection);
    },
    selection: () => selection,
    camera: {
      get: () => camera,
      set: ({ fixed, track, ...rest }) => {
        void record('camera.set', { fixed, track, ...rest });
        camera = {
          ...camera,
          ...rest,
          fixed: fixed === undefined ? camera.fixed : idOf(fixed, model?.cameras ?? []),
          track: track === undefined ? camera.track : idOf(track, model?.bodies ?? []),
        };
        emit('camera', camera);
      },
      align: () => void record('camera.align'),
    },
    view: {
      get: () => view,
      set: (changes) => {
        void record('view.set', changes);
        view = { ...view, ...changes };
        emit('options', view);
      },
    },
    screenshot: async () => {
      await record('screenshot');
      return new Blob([], { type: 'image/png' });
    },
    stats: () =>
      Promise.resolve({
        rtf: frame.header[HEADER.rtf] ?? 0,
        stepsPerSecond: frame.header[HEADER.stepsPerSecond] ?? 0,
        stepMs: frame.header[HEADER.stepMs] ?? 0,
        frameMs: 0.62,
        fps: 60,
        drawCalls: 9,
        triangles: 41_236,
        wasmBytes: 41_943_040,
        network: {
          peers: [],
          wire: { bytesSent: 0, bytesReceived: 0, packetsSent: 0, packetsReceived: 0 },
        },
      }),
    room,
    chat,
    others,
    face,
    faces,
    tape: {
      save: async () => {
        await record('tape.save');
        return new Blob([]);
      },
      open: async (file) => {
        await record('tape.open', file);
        return finishLoad('tape');
      },
    },
    on: (event, callback) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(callback);
      return () => set.delete(callback);
    },
  };
}
