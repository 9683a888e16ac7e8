import { SimroomError } from '../core/errors';
import type { ModelCopy } from '../core/model';
import { ARKIT_NAMES } from '../face/names';
import type { RoomEvent } from '../session/room_messages';
import type { SceneHead } from '../view/scene_head';
import type { EventMap, RoomSettings } from './api';
import type { Emitter } from './emitter';
import type { EngineClient } from './engine_client';
import type { FaceApi, FaceState } from './faces/api';
import * as read from './faces/arguments';
import { FaceBasics } from './faces/basics';
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

/** `Peer.id` of oneself where there is no room. */
const ALONE = '0';

/**
 * Builds `simroom.face`. What opens sources, receives and shows faces is fetched when it is first used, or a room is
 * entered.
 */
export function createFacePart(app: FaceApp): FacePart {
  const { events, state } = app;
  const basics = new FaceBasics(app);
  const { code, own, onModel, news } = basics;
  /** What those who come later have to hear first. */
  const heard = new Map<RoomEvent['kind'], RoomEvent>();
  let faces: Faces | null = null;
  let loading: Promise<Faces> | null = null;
  let disposed = false;

  const load = (): Promise<Faces> => {
    loading ??= import('./faces/faces').then(
      (module) => {
        faces = new module.Faces(app, basics);
        if (disposed) faces.dispose();
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

  /** One's own face, which is put together with every picture once the rest is here. */
  const ownNow = (): FaceState => {
    own.compose(performance.now());
    return stateOf(own.face);
  };
  const isSelf = (peer: string | undefined): boolean =>
    peer === undefined || peer === (state.info === null ? ALONE : String(state.self));
  /** How one's own face is put together has changed. */
  const changed = (): void => {
    if (faces !== null) {
      faces.ownChanged();
      return;
    }
    own.compose(performance.now());
    news.tell();
  };

  events.on('room', (room) => {
    if (room !== null) later(() => {});
  });

  const face: FaceApi = {
    names: ARKIT_NAMES,
    of: (peer) => {
      const whose = read.readPeer(peer);
      if (faces !== null) return faces.of(whose);
      return isSelf(whose) ? ownNow() : null;
    },
    set: (weights, head) => {
      code.set(weights, head);
      later((all) => all.codeChanged());
    },
    clear: () => {
      code.close();
      ifAny((all) => all.codeChanged());
    },
    info: () => {
      if (faces === null) ownNow();
      return news.info();
    },
    open: async (source) => {
      const request = read.readRequest(source);
      await (await load()).open(request);
    },
    close: (kind) => {
      const which = read.readKindOrAll(kind);
      ifAny((all) => all.close(which));
    },
    cut: () => ifAny((all) => all.cut()),
    choose: (region, source) => {
      own.choose(read.readRegion(region), read.readChoice(source));
      changed();
    },
    calibrate: (kind) => {
      own.calibrate(read.readKind(kind, 'source'));
      changed();
    },
    tune: (kind, changes) => {
      own.tune(read.readKind(kind, 'source'), read.readTune(changes));
      changed();
    },
    setLook: async (changes) => {
      const look = read.readLook(changes);
      await (await load()).setLook(look);
    },
    setFile: async (file) => {
      const head = read.readHeadFile(file);
      return (await load()).setFile(head);
    },
    put: async (on, peer, size) => {
      const place = read.readOn(on);
      const wearer = read.readWearer(peer);
      const height = read.readSize(size);
      await (await load()).put(place, wearer, height);
    },
    portrait: (canvas, of) => {
      const target = read.readCanvas(canvas);
      const whose = read.readPortraitOf(of);
      let stop: (() => void) | null = null;
      let stopped = false;
      later((all) => {
        if (!stopped) stop = all.portrait(target, whose);
      });
      return () => {
        stopped = true;
        stop?.();
      };
    },
    figures: () => faces?.figures() ?? [],
    record: () => later((all) => all.record()),
    stopRecording: async () => (await load()).stopRecording(),
    log: (on) => {
      const isOn = read.readSwitch(on);
      later((all) => all.log(isOn));
    },
  };

  return {
    face,
    receive: (bytes) => faces?.receive(bytes),
    hear: (event) => {
      if (event.kind === 'entered') heard.clear();
      if (event.kind === 'people' || event.kind === 'faces') heard.set(event.kind, event);
      faces?.hear(event);
    },
    setModel: (model) => {
      onModel.setModel(model);
      if (faces === null) news.tell();
      else faces.modelChanged();
    },
    drawing: () => faces?.drawing(),
    engineBack: () => faces?.engineBack(),
    dispose: () => {
      disposed = true;
      faces?.dispose();
    },
  };
}
