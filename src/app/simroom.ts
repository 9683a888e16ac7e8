import { SimroomError, toPlainError, fromPlainError } from '../core/errors';
import { type Frame, HEADER } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { editField } from '../sim/edits';
import type { Action } from '../tape/action';
import type { UnstableEvent } from '../session/authority';
import { CameraControl } from '../view/camera';
import { Gestures } from '../view/gestures';
import { View } from '../view/view';
import type {
  CameraRequest,
  EventMap,
  ModelInfo,
  ModelSource,
  PhysicsOptions,
  Pick,
  Ref,
  Simroom,
  Stats,
  Vec3,
  ViewOptions,
} from './api';
import { Autosave } from './autosave';
import { fetchCatalogue } from './catalogue';
import { Emitter } from './emitter';
import { EngineClient } from './engine_client';
import { Hands } from './hands';
import { instabilityInWords } from './instability';
import { jointAction } from './joint_action';
import { lookup } from './lookup';
import { ModelLoader, type LoadedModel } from './model_loader';
import { PictureLoop } from './picture_loop';
import { readOptions } from './physics_options';
import { checkScreenshotSize } from './screenshot';
import { openTape, saveTape } from './tape_files';
import { DEFAULT_VIEW_OPTIONS, visualRequest } from './view_options';
import { compileMujoco } from './wasm';

/** State events come at most so often, ms, unless something was started or stopped. */
const STATE_EVENT_MS = 250;

/**
 * Left out of the very first picture, and there from the second on: the programs for them take longer to compile than
 * everything else until then.
 */
const FIRST_PICTURE = { shadows: false, reflections: false } as const;

/** The whole app behind its public API, and how to end it. */
export interface SimroomApp {
  readonly simroom: Simroom;
  dispose(): void;
}

/**
 * Builds the app: engine, loader, view, hands; nothing is loaded yet.
 *
 * @param canvas the view's canvas; its CSS size is followed
 * @throws SimroomError `webgl-unavailable`
 */
export function createSimroom(canvas: HTMLCanvasElement): SimroomApp {
  const events = new Emitter<EventMap>();
  const module = compileMujoco();
  let options: ViewOptions = DEFAULT_VIEW_OPTIONS;
  let loaded: LoadedModel | null = null;
  let selected: Pick | null = null;
  /** Whether the picture has all that the options say. */
  let complete = false;
  let markReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    markReady = resolve;
  });

  const warn = (code: string, message: string, action?: { label: string; run: () => Promise<void> }): void =>
    events.emit('warning', action === undefined ? { code, message } : { code, message, action });
  const report = (thrown: unknown): void =>
    events.emit('error', fromPlainError(toPlainError(thrown, 'engine-failed')));

  const engine = new EngineClient(module, {
    onFrame: (live) => {
      loop.frameArrived();
      announceState(live.frame);
    },
    onUnstable: (event) => onUnstable(event),
    onRestart: (reason, fromCheckpoint) =>
      warn(
        'engine-restarted',
        fromCheckpoint
          ? `The physics engine stopped again (${reason}) and is back, paused a little earlier: change something before you go on.`
          : `The physics engine stopped (${reason}) and is back where it was.`,
      ),
    onFailed: report,
  });
  const autosave = new Autosave(() => {
    const resume = engine.snapshot();
    return resume === null ? null : { resume, time: engine.live?.frame.header[HEADER.time] ?? 0 };
  });
  /** Everything a person does goes this way. */
  function submit(action: Action): Promise<void> {
    autosave.touch();
    return engine.submit(action);
  }
  const loader = new ModelLoader(module, engine, (progress) => events.emit('progress', progress));
  const camera = new CameraControl(() => {
    loop.touch();
    events.emit('camera', camera.get());
  });
  const view = new View(canvas, { ...options, ...FIRST_PICTURE }, camera);
  const hands = new Hands(
    {
      pick: (ray) => engine.pick(ray, options.geomGroups),
      submit: (action) => void submit(action).catch(report),
    },
    camera,
    () => selected,
    {
      select: (pick) => choose(pick),
      immovable: (body) => {
        const name = bodyName(body);
        warn('immovable', `${name} is fixed to the world: only what has joints can be pulled.`);
      },
      moved: () => loop.touch(),
      failed: report,
    },
  );
  const gestures = new Gestures(canvas, camera, hands);
  const loop = new PictureLoop(engine, {
    onModel: (live) => {
      const { model } = live.compiled;
      // First, so that letting go is not put on the new world's tape.
      hands.setModel(model);
      gestures.cancel();
      camera.setModel(model);
      view.setModel(model);
      choose(null);
    },
    draw: (live, now) => {
      view.draw(live.frame, now);
      hands.update(live.frame);
      if (camera.following) loop.touch();
      if (!complete) {
        complete = true;
        setTimeout(() => {
          view.setOptions(options);
          loop.touch();
        });
      }
      markReady();
    },
  });
  const observer = new ResizeObserver(() => {
    view.resize(canvas.clientWidth, canvas.clientHeight, window.devicePixelRatio);
    loop.touch();
  });
  observer.observe(canvas);

  let announced = { at: -Infinity, paused: -1, speed: NaN };
  function announceState({ header }: Frame): void {
    const now = performance.now();
    const paused = header[HEADER.paused] ?? 0;
    const speed = header[HEADER.speed] ?? 1;
    const same = paused === announced.paused && speed === announced.speed;
    if (same && now - announced.at < STATE_EVENT_MS) return;
    announced = { at: now, paused, speed };
    events.emit('state', {
      tick: header[HEADER.tick] ?? 0,
      time: header[HEADER.time] ?? 0,
      paused: paused === 1,
      speed,
    });
  }

  function choose(pick: Pick | null): void {
    selected = pick;
    view.setSelection(pick?.body ?? null);
    loop.touch();
    events.emit('selection', pick);
  }

  function bodyName(body: number): string {
    return loaded?.info.bodies[body]?.name ?? `body ${body}`;
  }

  function onUnstable(event: UnstableEvent): void {
    if (loaded === null) return;
    warn('simulation-unstable', instabilityInWords(event, need(), loaded.info), {
      label: 'Go back to the last good state',
      run: () => engine.rewind(event.good),
    });
  }

  /** The running model's arrays. */
  function need(): ModelCopy {
    if (loaded === null) throw new SimroomError('no-model', 'No model is loaded yet: load one first.');
    return loaded.live.compiled.model;
  }

  /** The newest frame of the running model. */
  function frameOf(): Frame {
    need();
    const { live } = engine;
    if (live === null) throw new SimroomError('no-model', 'No model is loaded yet: load one first.');
    return live.frame;
  }

  async function take(loading: Promise<LoadedModel>, resumed = false): Promise<ModelInfo> {
    try {
      loaded = await loading;
      loop.adopt(loaded.live);
      autosave.keepModel(loaded, resumed);
    } catch (thrown) {
      const error = fromPlainError(toPlainError(thrown, 'engine-failed'));
      events.emit('error', error);
      throw error;
    }
    events.emit('model', loaded.info);
    loop.touch();
    return loaded.info;
  }

  async function edit(name: string, values: readonly number[]): Promise<void> {
    await engine.submit({
      kind: 'edit',
      field: editField(name),
      index: 0,
      values: Float64Array.from(values),
    });
  }

  const simroom: Simroom = {
    version: __APP_VERSION__,
    ready,
    catalogue: fetchCatalogue,
    load: (source: ModelSource) => take(loader.load(source)),
    cancelLoad: () => loader.cancel(),
    reload: () => take(loader.reload()),
    addFiles: (files) => take(loader.addFiles(files)),
    model: () => loaded?.info ?? null,
    arrays: () => loaded?.live.compiled.model ?? null,

    play: () => submit({ kind: 'pause', paused: false }),
    pause: () => submit({ kind: 'pause', paused: true }),
    reset: async (keyframe?: Ref) =>
      submit({
        kind: 'reset',
        keyframe: keyframe === undefined ? -1 : lookup(need(), 'keyframe', keyframe),
      }),
    step: async (ticks = 1) => {
      if (!Number.isInteger(ticks) || ticks < 1) {
        throw new SimroomError('bad-argument', `step takes a whole number of ticks from 1 on, not ${ticks}.`);
      }
      if (frameOf().header[HEADER.paused] !== 1) await submit({ kind: 'pause', paused: true });
      await engine.step(ticks);
    },
    setSpeed: (speed) => submit({ kind: 'speed', speed }),
    rewind: (tick) => engine.rewind(tick),
    scrub: (ticks) => engine.scrub(ticks),

    state: () => engine.state(),
    hashAt: (tick) => engine.hashAt(tick),
    frame: () => engine.live?.frame ?? null,

    setCtrl: async (actuator, value) => {
      const model = need();
      const index = model.actuator_ctrladr[lookup(model, 'actuator', actuator)] ?? -1;
      if (index < 0)
        throw new SimroomError('bad-argument', `Actuator ${actuator} has no control of its own.`);
      await submit({ kind: 'ctrl', index, value });
    },
    clearCtrl: async () => submit({ kind: 'ctrls', values: new Float64Array(need().nu) }),
    setJoint: async (joint, values) => submit(jointAction(need(), joint, values)),
    setEquality: async (equality, active) =>
      submit({ kind: 'equality', index: lookup(need(), 'equality', equality), active }),
    perturb: async (body, wrench) =>
      submit({
        kind: 'wrench',
        body: lookup(need(), 'body', body),
        force: wrench?.force ?? [0, 0, 0],
        torque: wrench?.torque ?? [0, 0, 0],
      }),
    options: () => readOptions(frameOf().options),
    setOptions: async (changes) => {
      need();
      for (const [name, value] of Object.entries(changes) as [keyof PhysicsOptions, number | Vec3][]) {
        await edit(`opt.${name}`, typeof value === 'number' ? [value] : value);
      }
    },

    select: (body) => {
      if (body === null) {
        choose(null);
        return;
      }
      const id = lookup(need(), 'body', body);
      const { xpos } = frameOf();
      const point: Vec3 = [xpos[3 * id] ?? 0, xpos[3 * id + 1] ?? 0, xpos[3 * id + 2] ?? 0];
      choose({ body: id, geom: -1, point, local: [0, 0, 0] });
    },
    selection: () => selected,

    camera: {
      get: () => camera.get(),
      set: ({ fixed, track, ...rest }: CameraRequest) => {
        const id = (kind: 'camera' | 'body', ref: Ref | null | undefined) =>
          ref === undefined || ref === null ? ref : lookup(need(), kind, ref);
        camera.set({ ...rest, fixed: id('camera', fixed), track: id('body', track) });
      },
      align: () => camera.align(),
    },
    view: {
      get: () => options,
      set: (changes) => {
        options = { ...options, ...changes };
        view.setOptions(options);
        view.resize(canvas.clientWidth, canvas.clientHeight, window.devicePixelRatio);
        void engine.setVisual(visualRequest(options)).catch(report);
        loop.touch();
        events.emit('options', options);
      },
    },
    screenshot: async (size) => {
      const width = size?.width ?? canvas.width;
      const height = size?.height ?? canvas.height;
      checkScreenshotSize(width, height);
      // The newest frame may not be drawn yet; in a hidden tab it never is.
      loop.drawNow();
      return view.screenshot(width, height);
    },
    stats: async (): Promise<Stats> => {
      const { header } = frameOf();
      return {
        rtf: header[HEADER.rtf] ?? 0,
        stepsPerSecond: header[HEADER.stepsPerSecond] ?? 0,
        stepMs: header[HEADER.stepMs] ?? 0,
        frameMs: loop.figures.frameMs,
        fps: loop.figures.fps,
        drawCalls: view.figures.drawCalls,
        triangles: view.figures.triangles,
        wasmBytes: header[HEADER.wasmBytes] ?? 0,
      };
    },

    tape: {
      save: async () => {
        need();
        if (loaded === null) throw new SimroomError('no-model', 'No model is loaded yet: load one first.');
        return saveTape(await engine.tape(), loaded);
      },
      open: async (file) => {
        const tape = await openTape(file);
        const info = await take(loader.continue(tape.source, tape.origin, tape.resume), true);
        const { hash } = await engine.state();
        if (hash !== tape.hash) {
          warn(
            'tape-differs',
            'This tape was recorded with another build of the physics and does not play to the same state here.',
          );
        }
        return info;
      },
    },
    on: (event, callback) => events.on(event, callback),
  };

  async function offerLeftRoom(): Promise<void> {
    const left = await autosave.left();
    if (left === null) return;
    await ready;
    warn('room-left', `You left ${left.origin} at ${left.time.toFixed(1)} s.`, {
      label: 'Continue there',
      run: async () => {
        await take(loader.continue(left.source, left.origin, left.resume), true);
      },
    });
  }

  void offerLeftRoom();
  engine.setVisual(visualRequest(options)).catch(report);
  loop.start();

  return {
    simroom,
    dispose() {
      loop.dispose();
      observer.disconnect();
      gestures.dispose();
      autosave.dispose();
      engine.dispose();
      view.dispose();
    },
  };
}
