import { SimroomError } from '../core/errors';
import type { ModelCopy } from '../core/model';
import { CHANNELS } from '../face/frame';
import { ARKIT_NAMES } from '../face/names';
import type { RoomEvent } from '../session/room_messages';
import type { SceneHead } from '../view/scene_head';
import type { EventMap, RoomSettings } from './api';
import type { Emitter } from './emitter';
import type { EngineClient } from './engine_client';
import type { FaceApi, FaceInfo, FaceState } from './faces/api';
import { CodeFace } from './faces/code';
import { stateOf } from './faces/face_state';
import type { Faces } from './faces/faces';
import type { RoomState } from './room/room_state';

/** Where heads are drawn. */
export interface HeadsView {
  /** All heads in the scene. */
  setHeads(heads: readonly SceneHead[]): void;
  /** Largest height of a person's head in the last picture or portrait, device pixels; 0 when it is out of view. */
  headPixels(seat: number): number;
  /** Draws a head into a canvas until it is told to stop. */
  portrait(canvas: HTMLCanvasElement, head: () => SceneHead | null): () => void;
  /** Whether another picture is worth drawing, though the frame be the same: a face in sight has moved, say. */
  readonly settling: boolean;
}

/** What faces need of the app. */
export interface FaceApp {
  readonly engine: EngineClient;
  readonly events: Emitter<EventMap>;
  readonly state: RoomState;
  readonly view: HeadsView;
  /** What others see of oneself. */
  settings(): RoomSettings;
  warn(code: string, message: string): void;
  report(thrown: unknown): void;
  /** Another picture is worth drawing. */
  touch(): void;
}

/** `simroom.face`, and what it needs to hear of the app. */
export interface FacePart {
  readonly face: FaceApi;
  /** Faces of others, as the engine brings them. */
  receive(bytes: Uint8Array): void;
  hear(event: RoomEvent): void;
  /** Another model is shown. */
  setModel(model: ModelCopy): void;
  /** Before every picture. */
  drawing(): void;
  /** The engine lost its worker and has another one. */
  engineBack(): void;
  dispose(): void;
}

/** Until anything about faces has been fetched. */
const NOTHING_YET: FaceInfo = {
  sources: [],
  choices: { eyes: 'auto', brows: 'auto', mouth: 'auto', cheeks: 'auto', head: 'auto' },
  look: { style: 'android', skin: 0, hair: 0, iris: 0, file: null },
  places: [],
  live: { camera: false, microphone: false },
  recording: false,
};

/**
 * Builds `simroom.face`. What makes, receives and shows faces is fetched when it is first used, or a room is entered.
 */
export function createFacePart(app: FaceApp): FacePart {
  const { events } = app;
  const code = new CodeFace();
  /** What those who come later have to hear first. */
  const heard = new Map<RoomEvent['kind'], RoomEvent>();
  let model: ModelCopy | null = null;
  let faces: Faces | null = null;
  let loading: Promise<Faces> | null = null;
  let disposed = false;

  const load = (): Promise<Faces> => {
    loading ??= import('./faces/faces').then(
      (module) => {
        faces = new module.Faces(app, code);
        if (disposed) faces.dispose();
        if (model !== null) faces.setModel(model);
        for (const event of heard.values()) faces.hear(event);
        return faces;
      },
      (cause: unknown) => {
        loading = null;
        throw new SimroomError(
          'faces-unavailable',
          'The part of the app that shows faces could not be fetched. Check the network and try again.',
          { cause },
        );
      },
    );
    return loading;
  };
  /** Now, or as soon as it is here; then a failure is an event. */
  const later = (call: (faces: Faces) => void): void => {
    if (faces === null) load().then(call).catch(app.report);
    else call(faces);
  };
  /** Only what is there can be ended. */
  const ifAny = (call: (faces: Faces) => void): void => {
    if (loading !== null) later(call);
  };

  /** Until then one has the face that code has set. */
  const before = (peer: string | undefined): FaceState | null => {
    if (peer !== undefined) return null;
    const frame = new Float32Array(CHANNELS);
    code.sample(0, frame);
    return stateOf(frame);
  };

  events.on('room', (room) => {
    if (room !== null) later(() => {});
  });

  const face: FaceApi = {
    names: ARKIT_NAMES,
    of: (peer) => (faces === null ? before(peer) : faces.of(peer)),
    set: (weights, head) => {
      code.set(weights, head);
      later((all) => all.codeChanged());
    },
    clear: () => {
      code.close();
      ifAny((all) => all.codeChanged());
    },
    info: () => faces?.info() ?? NOTHING_YET,
    open: async (source) => (await load()).open(source),
    close: (kind) => ifAny((all) => all.close(kind)),
    cut: () => ifAny((all) => all.cut()),
    choose: (region, source) => later((all) => all.choose(region, source)),
    calibrate: (kind) => later((all) => all.calibrate(kind)),
    tune: (kind, changes) => later((all) => all.tune(kind, changes)),
    setLook: async (changes) => (await load()).setLook(changes),
    setFile: async (file) => (await load()).setFile(file),
    put: async (on, peer, size) => (await load()).put(on, peer, size),
    portrait: (canvas, of) => {
      let stop: (() => void) | null = null;
      let stopped = false;
      later((all) => {
        if (!stopped) stop = all.portrait(canvas, of);
      });
      return () => {
        stopped = true;
        stop?.();
      };
    },
    figures: () => faces?.figures() ?? [],
    record: () => later((all) => all.record()),
    stopRecording: async () => (await load()).stopRecording(),
    log: (on) => later((all) => all.log(on)),
  };

  return {
    face,
    receive: (bytes) => faces?.receive(bytes),
    hear: (event) => {
      if (event.kind === 'entered') heard.clear();
      if (event.kind === 'people' || event.kind === 'faces') heard.set(event.kind, event);
      faces?.hear(event);
    },
    setModel: (next) => {
      model = next;
      faces?.setModel(next);
    },
    drawing: () => faces?.drawing(),
    engineBack: () => faces?.engineBack(),
    dispose: () => {
      disposed = true;
      faces?.dispose();
    },
  };
}
