import { SimroomError, toPlainError, fromPlainError } from '../core/errors';
import { type Frame, HEADER } from '../core/frame';
import type { ModelCopy } from '../core/model';
import type { Action } from '../tape/action';
import type { UnstableEvent } from '../session/world/authority';
import { CameraControl } from '../view/camera';
import { Gestures } from '../view/gestures';
import { View } from '../view/view';
import type {
  CameraRequest,
  EventMap,
  ModelInfo,
  ModelSource,
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
import { createFacePart, type FacePart } from './face_api';
import { continueFork, forkInTab, isFork } from './fork_tab';
import { Hands } from './hands';
import { instabilityInWords } from './instability';
import { lookup } from './lookup';
import { ModelLoader, type LoadedModel } from './model_loader';
import { PictureLoop } from './picture_loop';
import { isRoomLink } from './room/address';
import { type RoomPart, createRoomPart } from './room_api';
import { checkScreenshotSize } from './screenshot';
import { StateEvents } from './state_events';
import { openTape, saveTape } from './tape_files';
import { DEFAULT_VIEW_OPTIONS, visualRequest } from './view_options';
import { compileMujoco } from './wasm';
import { createWorldApi } from './world_api';

/** Shown when the address names no other model. */
const DEFAULT_MODEL = 'humanoid';

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

  const states = new StateEvents((state) => events.emit('state', state));
  const engine = new EngineClient(module, {
    onFrame: (live) => {
      loop.again();
      states.take(live.frame);
    },
    onUnstable: (event) => onUnstable(event),
    onRoom: (event) => {
      rooms.hear(event);
      faces.hear(event);
    },
    onFaces: (bytes) => faces.receive(bytes),
    onDeath: () => rooms.engineDied(),
    onRestart: (reason, fromCheckpoint) => {
      rooms.engineBack();
      faces.engineBack();
      warn(
        'engine-restarted',
        fromCheckpoint
          ? `The physics engine stopped again (${reason}) and is back, paused a little earlier: change something before you go on.`
          : `The physics engine stopped (${reason}) and is back where it was.`,
      );
    },
    onFailed: report,
  });
  const autosave = new Autosave(() => {
    const room = rooms.state.info;
    // The world of somebody else's room is kept there.
    const resume = room === null || room.host ? engine.snapshot() : null;
    return resume === null ? null : { resume, time: engine.live?.frame.header[HEADER.time] ?? 0 };
  });
  /** Everything a person does goes this way. */
  async function submit(action: Action): Promise<void> {
    allow();
    autosave.touch();
    await engine.submit(action);
  }
  function allow(): void {
    rooms.state.require('developer', 'change the world');
  }
  const loader = new ModelLoader(
    module,
    (model, resume) => rooms.place(model, resume),
    (progress) => {
      // Entering a room has its own.
      if (!joining) events.emit('progress', progress);
    },
  );
  const camera = new CameraControl(() => {
    loop.touch();
    events.emit('camera', camera.get());
  });
  const view = new View(canvas, { ...options, ...FIRST_PICTURE }, camera);
  const hands = new Hands(
    {
      pick: (ray) => engine.pick(ray, options.geomGroups),
      submit: (action) => void submit(action).catch(report),
      allow,
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
  let joining = false;
  events.on('joining', (step) => {
    joining = step !== null;
  });
  const rooms: RoomPart = createRoomPart({
    engine,
    loader,
    autosave,
    events,
    camera,
    loaded: () => loaded,
    adopt,
    loadDefault: () => adopt(loader.load(DEFAULT_MODEL)),
    warn,
    pick: (x, y) => engine.pick(camera.ray(x, y), options.geomGroups),
    forkInTab: () => forkInTab(loaded, engine.snapshot()),
    frame: () => engine.live?.frame ?? null,
  });
  const faces: FacePart = createFacePart({
    engine,
    events,
    state: rooms.state,
    view,
    settings: () => rooms.room.settings(),
    warn,
    report,
    touch: () => loop.again(),
  });
  const loop = new PictureLoop(engine, {
    onModel: (live) => {
      const { model } = live.compiled;
      // First, so that letting go is not put on the new world's tape.
      hands.setModel(model);
      gestures.cancel();
      camera.setModel(model);
      view.setModel(model);
      faces.setModel(model);
      choose(null);
    },
    draw: (live, now) => {
      faces.drawing();
      view.draw(live.frame, now);
      hands.update(live.frame);
      rooms.drawn();
      if (camera.following || view.settling) loop.touch();
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
  events.on('peer', (peers) => {
    view.setPeople(peers.map(({ id, name, colour }) => ({ seat: Number(id), name, colour })));
    loop.touch();
  });
  const observer = new ResizeObserver(() => {
    view.resize(canvas.clientWidth, canvas.clientHeight, window.devicePixelRatio);
    loop.touch();
  });
  observer.observe(canvas);

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
    if (loaded === null) throw noModel();
    return loaded.live.compiled.model;
  }

  /** The newest frame of the running model. */
  function frameOf(): Frame {
    need();
    const { live } = engine;
    if (live === null) throw noModel();
    return live.frame;
  }

  async function adopt(loading: Promise<LoadedModel>, resumed = false): Promise<ModelInfo> {
    const model = await loading;
    loaded = model;
    loop.adopt(model.live);
    autosave.keepModel(model, resumed);
    events.emit('model', model.info);
    loop.touch();
    return model.info;
  }

  /** As a person asked for it: a failure is an event too. */
  async function take(load: () => Promise<LoadedModel>, resumed = false): Promise<ModelInfo> {
    try {
      rooms.state.require('developer', 'load models');
      return await adopt(load(), resumed);
    } catch (thrown) {
      const error = fromPlainError(toPlainError(thrown, 'engine-failed'));
      events.emit('error', error);
      throw error;
    }
  }

  const simroom: Simroom = {
    version: __APP_VERSION__,
    ready,
    catalogue: fetchCatalogue,
    load: (source: ModelSource) =>
      take(() => (isFork(source) ? continueFork(source, loader) : loader.load(source)), isFork(source)),
    cancelLoad: () => loader.cancel(),
    reload: () => take(() => loader.reload()),
    addFiles: (files) => take(() => loader.addFiles(files)),
    model: () => loaded?.info ?? null,
    arrays: () => loaded?.live.compiled.model ?? null,

    ...createWorldApi({ engine, submit, allow, model: need, frame: frameOf }),
    frame: () => engine.live?.frame ?? null,

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
        network: await rooms.figures(),
      };
    },

    tape: {
      save: async () => {
        need();
        if (loaded === null) throw noModel();
        return saveTape(await engine.tape(), loaded);
      },
      open: async (file) => {
        const tape = await openTape(file);
        const info = await take(() => loader.continue(tape.source, tape.origin, tape.resume), true);
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
    room: rooms.room,
    face: faces.face,
    chat: rooms.chat,
    on: (event, callback) => events.on(event, callback),
  };

  async function offerLeftWorld(): Promise<void> {
    const left = await autosave.left();
    if (left === null || isRoomLink(window.location.href)) return;
    await ready;
    warn('room-left', `You left ${left.origin} at ${left.time.toFixed(1)} s.`, {
      label: 'Continue there',
      run: async () => {
        await take(() => loader.continue(left.source, left.origin, left.resume), true);
      },
    });
  }

  void offerLeftWorld();
  engine.setVisual(visualRequest(options)).catch(report);
  loop.start();

  return {
    simroom,
    dispose() {
      loop.dispose();
      faces.dispose();
      rooms.dispose();
      observer.disconnect();
      gestures.dispose();
      autosave.dispose();
      engine.dispose();
      view.dispose();
    },
  };
}

function noModel(): SimroomError {
  return new SimroomError('no-model', 'No model is loaded yet: load one first.');
}
