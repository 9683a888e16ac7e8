import type { ViewOptions } from '../../../src/core/picture';
import { HEADER, MAX_PERSONS, PERSON, type Frame } from '../../../src/core/frame';
import { EngineClient } from '../../../src/app/engine_client';
import { type LoadedModel, ModelLoader } from '../../../src/app/model_loader';
import { DEFAULT_VIEW_OPTIONS } from '../../../src/app/view_options';
import { compileMujoco } from '../../../src/app/wasm';
import { createWorldApi } from '../../../src/app/world_api';
import { CHANNELS, HEAD } from '../../../src/face/frame';
import { lookFor, type FaceLook } from '../../../src/face/look';
import { ARKIT_NAMES, SHAPE } from '../../../src/face/names';
import { CameraControl } from '../../../src/view/camera';
import type { SceneHead } from '../../../src/view/scene_head';
import { View } from '../../../src/view/view';

/** The view with people and heads as a test says, in a world that it loads and steps. */

type Vec3 = readonly [number, number, number];

/** Weights by name (a name without its side stands for both) and the angles of the head. */
export type FaceValues = Readonly<Record<string, number>>;

export interface TestPerson {
  readonly seat: number;
  readonly name: string;
  readonly colour: string;
  readonly eye: Vec3;
  readonly lookat: Vec3;
  readonly hit?: Vec3;
}

export interface TestHead {
  readonly seat: number;
  readonly on?: SceneHead['on'];
  readonly size?: number;
  readonly colour?: string;
  readonly look?: Partial<FaceLook>;
  readonly face?: FaceValues;
}

const canvas = document.querySelector<HTMLCanvasElement>('#view') ?? document.createElement('canvas');
const camera = new CameraControl();
const view = new View(canvas, DEFAULT_VIEW_OPTIONS, camera);
const module = compileMujoco();
let loaded: LoadedModel | null = null;
let people: readonly TestPerson[] = [];
let heads: SceneHead[] = [];
const errors: string[] = [];
const portraits: (() => void)[] = [];
/** How often is looked whether something has come, ms. */
const LOOK_MS = 10;

const engine = new EngineClient(module, {
  onFrame: () => {},
  onUnstable: () => {},
  onRoom: () => {},
  onFaces: () => {},
  onDeath: () => errors.push('the engine died'),
  onRestart: () => {},
  onFailed: ({ message }) => errors.push(message),
});
const loader = new ModelLoader(
  module,
  (model, resume) => engine.load(model, resume === null ? {} : { resume }),
  () => {},
);

function need(): LoadedModel {
  if (loaded === null) throw new Error('load a model first');
  return loaded;
}

const world = createWorldApi({
  engine,
  submit: (action) => engine.submit(action),
  allow: () => {},
  model: () => need().live.compiled.model,
  frame: () => need().live.frame,
});

function resize(): void {
  view.resize(canvas.clientWidth, canvas.clientHeight, window.devicePixelRatio);
}

function populate({ header, persons }: Frame): void {
  header[HEADER.personCount] = Math.min(people.length, MAX_PERSONS);
  people.forEach(({ seat, eye, lookat, hit }, i) => {
    const at = PERSON.stride * i;
    persons[at + PERSON.seat] = seat;
    persons.set(eye, at + PERSON.eye);
    persons.set(lookat, at + PERSON.lookat);
    persons[at + PERSON.pointing] = hit === undefined ? 0 : 1;
    if (hit !== undefined) persons.set(hit, at + PERSON.hit);
  });
}

function write(face: Float32Array, values: FaceValues): void {
  face.fill(0);
  for (const name of ARKIT_NAMES)
    face[SHAPE[name]] = values[name] ?? values[name.replace(/Left$|Right$/, '')] ?? 0;
  for (const name of ['yaw', 'pitch', 'roll'] as const) face[HEAD[name]] = values[name] ?? 0;
}

function headOf({ seat, on = 'person', size, colour = '#39c5a8', look, face = {} }: TestHead): SceneHead {
  const values = new Float32Array(CHANNELS);
  write(values, face);
  return {
    seat,
    on,
    size: size ?? null,
    look: { ...lookFor(seat), ...look },
    colour,
    glb: null,
    face: values,
  };
}

function draw(now = performance.now()): void {
  const { frame } = need().live;
  populate(frame);
  view.draw(frame, now);
}

const page = {
  errors,
  camera,
  view,
  world,
  resize,
  /** Waits until the frame of the world's present state is here. */
  async frame(): Promise<void> {
    const { tick, qpos } = await world.state();
    for (;;) {
      const { header, qpos: shown } = need().live.frame;
      if (header[HEADER.tick] === tick && qpos.every((q, i) => shown[i] === q)) return;
      engine.lendBuffers();
      await new Promise((go) => setTimeout(go, LOOK_MS));
    }
  },
  async load(files: Record<string, string> | string): Promise<void> {
    loaded = await loader.load(typeof files === 'string' ? files : { files });
    const { model } = loaded.live.compiled;
    await world.pause();
    camera.setModel(model);
    view.setModel(model);
    resize();
  },
  setOptions(changes: Partial<ViewOptions>): void {
    view.setOptions({ ...DEFAULT_VIEW_OPTIONS, ...changes });
  },
  setPeople(list: readonly TestPerson[]): void {
    people = list;
    view.setPeople(list);
  },
  setHeads(list: readonly TestHead[]): void {
    heads = list.map(headOf);
    view.setHeads(heads);
  },
  face(index: number, values: FaceValues): void {
    const head = heads[index];
    if (head !== undefined) write(head.face, values);
  },
  draw,
  /** Draws until all heads are there, and marks have come to rest. */
  async settle(): Promise<void> {
    for (let calm = 0; calm < 3;) {
      draw();
      const seen = heads.every(({ seat }) => view.headPixels(seat) > 0);
      calm = view.settling || !seen ? 0 : calm + 1;
      await new Promise((go) => setTimeout(go, 20));
    }
    draw();
  },
  /** The picture, as it is in the canvas. */
  picture(): string {
    draw();
    return canvas.toDataURL('image/png');
  },
  /** Puts portraits of the heads into the page. */
  portraits(sides: readonly number[]): void {
    const place = document.querySelector('#portraits');
    sides.forEach((side, i) => {
      const portrait = Object.assign(document.createElement('canvas'), { width: side, height: side });
      place?.append(portrait);
      const stop = view.portrait(portrait, () => heads[i] ?? null);
      portraits.push(() => {
        stop();
        portrait.remove();
      });
    });
  },
  /** Nobody is there any more, for the next test; what went wrong. */
  clear(): string[] {
    for (const remove of portraits.splice(0)) remove();
    page.setHeads([]);
    page.setPeople([]);
    return errors.splice(0);
  },
};

export type HeadsPage = typeof page;

Object.assign(window, { heads: page });
