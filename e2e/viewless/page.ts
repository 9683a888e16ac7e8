import { SimroomError } from '../../src/core/errors';
import type { EventMap, ModelInfo } from '../../src/app/api';
import { Autosave } from '../../src/app/autosave';
import { Emitter } from '../../src/app/emitter';
import { EngineClient } from '../../src/app/engine_client';
import { type LoadedModel, ModelLoader } from '../../src/app/model_loader';
import { type RoomPart, createRoomPart } from '../../src/app/room_api';
import { compileMujoco } from '../../src/app/wasm';
import { createWorldApi } from '../../src/app/world_api';
import { CameraControl } from '../../src/view/camera';

/**
 * The app without its view, for browsers that have no WebGL here: the same engine, the same rooms, the same calls.
 */

/** How often a frame is asked for: nobody looks, ms. */
const FRAME_MS = 50;

const events = new Emitter<EventMap>();
const module = compileMujoco();
const said: string[] = [];
let loaded: LoadedModel | null = null;

const engine = new EngineClient(module, {
  onFrame: () => {},
  onUnstable: () => {},
  onRoom: (event) => rooms.hear(event),
  onFaces: () => {},
  onDeath: () => rooms.engineDied(),
  onRestart: () => rooms.engineBack(),
  onFailed: ({ message }) => said.push(message),
});
const loader = new ModelLoader(
  module,
  (model, resume) => rooms.place(model, resume),
  () => {},
);

async function adopt(loading: Promise<LoadedModel>): Promise<ModelInfo> {
  loaded = await loading;
  return loaded.info;
}

function need<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new SimroomError('no-model', 'No model is loaded yet.');
  return value;
}

const rooms: RoomPart = createRoomPart({
  engine,
  loader,
  autosave: new Autosave(() => null),
  events,
  camera: new CameraControl(),
  loaded: () => loaded,
  adopt,
  loadDefault: () => adopt(loader.load('pendulum')),
  warn: (code, message) => said.push(`${code}: ${message}`),
  pick: () => Promise.resolve(null),
  forkInTab: () => Promise.reject(new SimroomError('bad-argument', 'This page opens no tabs.')),
  frame: () => engine.live?.frame ?? null,
});

setInterval(() => engine.lendBuffers(), FRAME_MS);

const viewless = {
  ...createWorldApi({
    engine,
    submit: (action) => engine.submit(action),
    allow: () => {},
    model: () => need(loaded).live.compiled.model,
    frame: () => need(engine.live).frame,
  }),
  load: (files: Record<string, string>) => adopt(loader.load({ files })),
  frame: () => engine.live?.frame ?? null,
  model: () => loaded?.info ?? null,
  room: rooms.room,
  chat: rooms.chat,
  figures: () => rooms.figures(),
  /** Warnings and failures so far. */
  said: () => said,
};

Object.assign(window, { viewless });
