import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ByteWriter } from '../../core/bytes';
import type { ModelCopy } from '../../core/model';
import { CHANNELS } from '../../face/frame';
import { SHAPE } from '../../face/names';
import { FaceSender } from '../../face/sender';
import type { Person, Request } from '../../protocol/ctl';
import type { Answer, EngineService } from '../../session/engine_service';
import type { RoomEvent } from '../../session/room_messages';
import type { SceneHead } from '../../view/scene_head';
import type { EventMap, RoomInfo } from '../api';
import { Emitter } from '../emitter';
import type { FaceApp } from '../face_api';
import { RoomState } from '../room/room_state';
import type { FaceInfo } from './api';
import { FaceBasics } from './basics';
import type { CodeFace } from './code';
import { Faces } from './faces';

/** What the engine was asked, and how it answers. */
interface Asked {
  readonly faces: (Float32Array | null)[];
  readonly requests: Request[];
  reports: number;
}

const ROOM: RoomInfo = {
  id: 'tag',
  link: 'https://example.org/#room=x',
  host: true,
  role: 'admin',
  locked: false,
  defaultRole: 'developer',
  state: 'open',
};

const person = (seat: number, style: 'android' | 'robot' = 'android'): Person => ({
  seat,
  name: `Person ${seat}`,
  colour: seat,
  role: 'developer',
  mode: 'tape',
  route: seat === 0 ? 'host' : 'p2p',
  rtt: 0,
  dropped: 0,
  look: { style, skin: 0, hair: 0, iris: 0, file: null, fileSize: 0 },
});

const model = (bodies: readonly string[]): ModelCopy =>
  ({
    names: { body: bodies, site: [], text: [] },
    texts: [],
    site_bodyid: new Int32Array(0),
    body_geomadr: new Int32Array(bodies.length),
    body_geomnum: new Int32Array(bodies.length),
    geom_rbound: new Float64Array(0),
    stat: { center: [0, 0, 0], extent: 2, meansize: 0.1 },
  }) as unknown as ModelCopy;

let events: Emitter<EventMap>;
let state: RoomState;
let asked: Asked;
let heads: readonly SceneHead[];
let told: FaceInfo[];
let warnings: string[];
let basics: FaceBasics;
let code: CodeFace;
let faces: Faces;

beforeEach(() => {
  window.localStorage.clear();
  vi.useFakeTimers({ now: 0 });
  events = new Emitter();
  state = new RoomState(events);
  asked = { faces: [], requests: [], reports: 0 };
  heads = [];
  told = [];
  warnings = [];
  const answer = (value?: unknown): Promise<Answer<never>> => Promise.resolve({ value: value as never });
  const service = {
    face: (face: Float32Array | null) => answer(asked.faces.push(face)),
    faceReports: () => answer(asked.reports++),
    request: (request: Request) => answer(asked.requests.push(request)),
  } as unknown as EngineService;
  const ask = (question: (one: EngineService) => Promise<unknown>): Promise<unknown> => question(service);
  const app = {
    engine: { ask, askAtOnce: ask },
    events,
    state,
    view: {
      setHeads: (all: readonly SceneHead[]) => {
        heads = all;
      },
      headPixels: () => 200,
      portrait: () => () => {},
      settling: false,
    },
    settings: () => ({ name: 'Me', colour: 2 }),
    warn: (_code: string, message: string) => warnings.push(message),
    report: (thrown: unknown) => warnings.push(String(thrown)),
    touch: () => {},
  } as unknown as FaceApp;
  events.on('face', (info) => told.push(info));
  basics = new FaceBasics(app);
  ({ code } = basics);
  faces = new Faces(app, basics);
});

afterEach(() => {
  faces.dispose();
  vi.useRealTimers();
});

/** As the app does: first the room's own state hears it. */
function hear(event: RoomEvent): void {
  state.hear(event);
  faces.hear(event);
}

function set(weights: Readonly<Record<string, number>>): void {
  code.set(weights);
  faces.codeChanged();
}

function show(shown: ModelCopy): void {
  basics.onModel.setModel(shown);
  faces.modelChanged();
}

function host(people: readonly Person[] = [person(0), person(3)]): void {
  state.enter(ROOM);
  hear({ kind: 'faces', world: 1, all: [] });
  hear({ kind: 'people', people });
}

const jaw = (face: Float32Array | null | undefined): number | undefined => face?.[SHAPE.jawOpen];

describe('Faces', () => {
  it('sends nothing outside rooms, nothing while one only idles, and what is set at once', () => {
    set({ jawOpen: 0.5 });
    vi.advanceTimersByTime(1000);
    expect(asked.faces).toEqual([]);
    expect(jaw(faces.of()?.weights)).toBe(0.5);
    code.close();
    faces.codeChanged();
    host();
    vi.advanceTimersByTime(1000);
    expect(asked.faces).toEqual([]);
    set({ jawOpen: 0.75 });
    expect(jaw(asked.faces.at(-1))).toBe(0.75);
    code.close();
    vi.advanceTimersByTime(20);
    faces.codeChanged();
    expect(asked.faces.at(-1)).toBe(null);
  });

  it('tells of code that sets a face as slow things are told, however often it does', () => {
    const before = told.length;
    for (let i = 0; i <= 1000; i++) {
      vi.advanceTimersByTime(1);
      set({ jawOpen: i / 1000 });
    }
    expect(told.length - before).toBeLessThan(6);
    expect(told.at(-1)?.sources).toMatchObject([{ kind: 'code' }]);
    expect(jaw(faces.of()?.weights)).toBe(1);
    code.close();
    faces.codeChanged();
    expect(told.at(-1)?.sources).toEqual([]);
  });

  it('takes no name for somebody who is not there', () => {
    host();
    for (const peer of ['', ' 0', '0x3', '-1', 'x', '77']) expect(faces.of(peer)).toBe(null);
    expect(faces.of('3')).not.toBe(null);
  });

  it('changes a look to one that there is', async () => {
    const before = basics.news.info().look;
    await expect(faces.setLook({ skin: 99 })).rejects.toMatchObject({ code: 'bad-argument' });
    expect(basics.news.info().look).toEqual(before);
    await faces.setLook({ style: 'robot', skin: 0 });
    expect(basics.news.info().look.style).toBe('robot');
  });

  it('tells a room what one looks like, again after the engine was lost, and what is on the model if it is one’s own', () => {
    show(model(['world', 'face']));
    // A robot keeps the face it was made with until somebody moves theirs.
    expect(heads).toEqual([]);
    set({ jawOpen: 0.5 });
    expect(heads.map(({ seat, on }) => ({ seat, on }))).toEqual([{ seat: 0, on: { body: 1 } }]);
    host();
    const { style } = basics.news.info().look;
    const putFace = { kind: 'putFace', object: 'body', id: 1, seat: 0 };
    expect(asked.requests).toMatchObject([{ kind: 'wear', look: { style } }, putFace]);
    hear({ kind: 'people', people: [person(0), person(3), person(4)] });
    expect(asked.requests).toHaveLength(2);
    faces.engineBack();
    hear({ kind: 'people', people: [person(0)] });
    expect(asked.requests).toHaveLength(4);
    show(model(['world', 'torso', 'face']));
    expect(asked.requests.at(-1)).toMatchObject({ ...putFace, id: 2 });
  });

  it('shows everybody else where they are, with their looks, and lets go of who leaves', () => {
    host([person(0), person(3, 'robot'), person(4)]);
    expect(heads.map(({ seat, on, look }) => [seat, on, look.style])).toEqual([
      [3, 'person', 'robot'],
      [4, 'person', 'android'],
    ]);
    const before = heads.find(({ seat }) => seat === 4)?.face;
    hear({ kind: 'people', people: [person(0), person(4, 'robot')] });
    expect(heads.map(({ seat, look }) => [seat, look.style])).toEqual([[4, 'robot']]);
    expect(heads[0]?.face).toBe(before);
    expect(faces.of('3')).toBe(null);
    expect(faces.of('nobody')).toBe(null);
    state.leave();
    expect(heads).toEqual([]);
  });

  it('shows what others send, in the same array', () => {
    host();
    const sender = new FaceSender();
    const frame = new Float32Array(CHANNELS);
    frame[SHAPE.jawOpen] = 0.5;
    for (let i = 0; i < 40; i++) {
      vi.advanceTimersByTime(20);
      frame[SHAPE.mouthPucker] = (i % 2) / 10;
      sender.push(frame, performance.now());
      const message = sender.take(performance.now());
      if (message.length === 0) continue;
      const out = new ByteWriter();
      out.varint(3);
      out.blob(message);
      faces.receive(out.finish());
    }
    expect(jaw(faces.of('3')?.weights)).toBeCloseTo(0.5, 2);
    expect(jaw(heads[0]?.face)).toBeCloseTo(0.5, 2);
    expect(asked.reports).toBeGreaterThan(3);
    expect(faces.figures()).toMatchObject([{ peer: '3', wanted: 60 }]);
  });

  it('puts faces where the host says, in a room, and itself where there is none', async () => {
    show(model(['world', 'torso', 'head']));
    await faces.put({ body: 'head' }, undefined, 0.2);
    expect(basics.news.info().places).toMatchObject([
      { name: 'head', peer: '0', size: 0.2, fromModel: false },
    ]);
    await faces.put({ body: 'head' }, null);
    expect(basics.news.info().places).toEqual([]);
    await expect(faces.put({ body: 'head' }, '7')).rejects.toMatchObject({ code: 'unknown-name' });
    await expect(faces.put({ body: 'tail' })).rejects.toMatchObject({ code: 'unknown-name' });
    host();
    await faces.put({ body: 'head' }, '3', 0.5);
    expect(asked.requests.at(-1)).toEqual({ kind: 'putFace', object: 'body', id: 2, seat: 3, size: 0.5 });
    expect(basics.news.info().places).toEqual([]);
    hear({ kind: 'faces', world: 1, all: [{ object: 'body', id: 2, seat: 3, size: 0.5 }] });
    expect(basics.news.info().places).toMatchObject([{ name: 'head', peer: '3' }]);
    expect(heads.at(-1)).toMatchObject({ seat: 3, on: { body: 2 }, size: 0.5 });
  });

  it('keeps what a guest hears about a model that is still on its way', () => {
    state.enter({ ...ROOM, host: false, role: 'developer' });
    hear({ kind: 'entered', seat: 5 });
    hear({ kind: 'people', people: [person(0), person(5)] });
    const manifest = {
      world: 2,
      bundle: new Uint8Array(32),
      size: 1,
      compiled: new Uint8Array(32),
      origin: '',
    };
    hear({ kind: 'world', manifest });
    hear({ kind: 'faces', world: 2, all: [{ object: 'body', id: 1, seat: 0, size: 0.5 }] });
    show(model(['world', 'face']));
    expect(basics.news.info().places).toMatchObject([{ name: 'face', peer: '0', fromModel: true }]);
    hear({ kind: 'world', manifest: { ...manifest, world: 3 } });
    show(model(['world', 'face']));
    expect(basics.news.info().places).toMatchObject([{ name: 'face', peer: null, fromModel: true }]);
  });

  it('remembers a look, tells the room, and refuses what there is not', async () => {
    host();
    await faces.setLook({ style: 'robot', skin: 1 });
    expect(asked.requests.at(-1)).toMatchObject({
      kind: 'wear',
      look: { style: 'robot', skin: 1, file: null },
    });
    await expect(faces.setLook({ skin: 99 })).rejects.toMatchObject({ code: 'bad-argument' });
    expect(basics.news.info().look).toMatchObject({ style: 'robot', skin: 1 });
    expect(told.at(-1)?.look.style).toBe('robot');
  });

  it('refuses to end a recording that was not begun, and gives one that was as CSV', async () => {
    await expect(faces.stopRecording()).rejects.toMatchObject({ code: 'bad-argument' });
    faces.record();
    expect(basics.news.info().recording).toBe(true);
    for (let i = 0; i < 10; i++) {
      vi.advanceTimersByTime(50);
      set({ jawOpen: i / 10 });
    }
    const csv = await (await faces.stopRecording()).text();
    expect(csv.split('\n').length).toBeGreaterThan(20);
    expect(basics.news.info().recording).toBe(false);
  });
});
