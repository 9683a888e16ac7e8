import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimroomError } from '../core/errors';
import type { ModelCopy } from '../core/model';
import { SHAPE } from '../face/names';
import type { EventMap } from './api';
import { Emitter } from './emitter';
import { type FaceApp, type FacePart, createFacePart } from './face_api';
import type { FaceApi, FaceInfo } from './faces/api';
import { RoomState } from './room/room_state';

/** A world, a robot whose head the model names, a site. */
const MODEL = {
  names: { body: ['world', 'robot', 'head'], site: ['screen'], text: ['face'] },
  texts: ['head 0.25'],
  site_bodyid: Int32Array.of(1),
  body_geomadr: Int32Array.of(0, 0, 0),
  body_geomnum: Int32Array.of(0, 0, 0),
  geom_rbound: new Float64Array(0),
  stat: { center: [0, 0, 0], extent: 2, meansize: 0.1 },
} as unknown as ModelCopy;

let part: FacePart;
let face: FaceApi;
let events: Emitter<EventMap>;
let told: FaceInfo[];
let reported: unknown[];

beforeEach(() => {
  window.localStorage.clear();
  events = new Emitter();
  told = [];
  reported = [];
  events.on('face', (info) => told.push(info));
  part = createFacePart({
    engine: { ask: () => Promise.resolve(), askAtOnce: () => Promise.resolve() },
    events,
    state: new RoomState(events),
    view: { setHeads: () => {}, headPixels: () => 0, portrait: () => () => {}, settling: false },
    settings: () => ({ name: 'Me', colour: 0 }),
    warn: () => {},
    report: (thrown: unknown) => reported.push(thrown),
    touch: () => {},
  } as unknown as FaceApp);
  ({ face } = part);
  part.setModel(MODEL);
});

afterEach(() => {
  part.dispose();
});

/** Waits for what is fetched when faces are first used. */
async function fetched(): Promise<void> {
  await face.setFile(null);
}

const HUGE = 'x'.repeat(1 << 20);
const PROTOTYPE: unknown = JSON.parse('{"__proto__": 1}');
const SPARSE: unknown = Object.assign([], { length: 52 });

/** Values that are of no use anywhere. */
const WRONG: Readonly<Record<string, unknown>> = {
  null: null,
  NaN,
  Infinity,
  'a number': 7.5,
  'a huge text': HUGE,
  'an empty text': '',
  __proto__name: '__proto__',
  constructor: 'constructor',
  'an empty list': [],
  'a sparse list': SPARSE,
  'a Map': new Map([['jawOpen', 1]]),
  'a function': () => 1,
  'a symbol': Symbol('jawOpen'),
  'a bigint': 1n,
  'a member of the prototype': PROTOTYPE,
  'an unknown member': { nonsense: 1 },
  'an object without prototype': Object.assign(Object.create(null) as object, { constructor: 1 }),
};

type Call = (wrong: never) => unknown;
/** Each function with something wrong at each of its arguments; with what is no mistake there. */
const CALLS: Readonly<Record<string, readonly [Call, fits?: readonly string[]]>> = {
  // Nobody has such a name.
  'of(_)': [(x) => face.of(x), ['an empty text', '__proto__name', 'constructor']],
  'set(_)': [(x) => face.set(x)],
  'set({ jawOpen: _ })': [(x) => face.set({ jawOpen: x })],
  'set({}, _)': [(x) => face.set({}, x)],
  'set({}, { yaw: _ })': [(x) => face.set({}, { yaw: x }), ['a number']],
  'open(_)': [(x) => face.open(x)],
  'open({ kind: _ })': [(x) => face.open({ kind: x, text: '' } as never)],
  'open webcam device': [(x) => face.open({ kind: 'webcam', device: x }), texts()],
  'open webcam task': [(x) => face.open({ kind: 'webcam', task: x }), texts('a huge text')],
  'open microphone': [(x) => face.open({ kind: 'microphone', device: x }), texts()],
  'open audio file': [(x) => face.open({ kind: 'audio', file: x }), texts('a huge text')],
  'open audio silent': [(x) => face.open({ kind: 'audio', file: '', silent: x })],
  'open text': [(x) => face.open({ kind: 'text', text: x }), texts()],
  'open text voice': [(x) => face.open({ kind: 'text', text: '', voice: x }), texts()],
  'open text rate': [(x) => face.open({ kind: 'text', text: '', rate: x }), ['a number']],
  'open recording': [(x) => face.open({ kind: 'recording', file: x })],
  'open recording loop': [(x) => face.open({ kind: 'recording', file: new Blob(), loop: x })],
  'open bridge url': [(x) => face.open({ kind: 'bridge', url: x }), ['__proto__name', 'constructor']],
  'open bridge subject': [(x) => face.open({ kind: 'bridge', subject: x }), texts()],
  'open bridge code': [(x) => face.open({ kind: 'bridge', code: x }), texts()],
  'open bridge phone': [(x) => face.open({ kind: 'bridge', phone: x })],
  'open bridge phone app': [(x) => face.open({ kind: 'bridge', phone: { app: x, address: '' } })],
  'open bridge phone address': [
    (x) => face.open({ kind: 'bridge', phone: { app: 'vtubestudio', address: x } }),
    texts(),
  ],
  'close(_)': [(x) => face.close(x)],
  'choose(_, auto)': [(x) => face.choose(x, 'auto')],
  'choose(mouth, _)': [(x) => face.choose('mouth', x)],
  'calibrate(_)': [(x) => face.calibrate(x)],
  'tune(_, {})': [(x) => face.tune(x, {})],
  'tune(code, _)': [(x) => face.tune('code', x)],
  'tune gain': [(x) => face.tune('code', { gain: x })],
  'tune gain of a shape': [(x) => face.tune('code', { gain: { mouthPucker: 2, jawOpen: x } })],
  'tune mirrored': [(x) => face.tune('code', { mirrored: x })],
  'tune neutral': [(x) => face.tune('code', { neutral: x }), ['null']],
  'setLook(_)': [(x) => face.setLook(x)],
  'setLook style': [(x) => face.setLook({ style: x })],
  'setLook skin': [(x) => face.setLook({ skin: x })],
  'setFile(_)': [(x) => face.setFile(x), ['null']],
  'put(_)': [(x) => face.put(x)],
  'put({ body: _ })': [(x) => face.put({ body: x })],
  'put({ body, site })': [() => face.put({ body: 1, site: 0 } as never)],
  'put(on, _)': [(x) => face.put({ body: 1 }, x), ['null']],
  'put(on, null, _)': [(x) => face.put({ body: 1 }, null, x), ['a number']],
  'portrait(_)': [(x) => face.portrait(x)],
  'portrait(canvas, _)': [
    (x) => face.portrait(document.createElement('canvas'), x),
    ['an empty text', '__proto__name', 'constructor'],
  ],
  'log(_)': [(x) => face.log(x)],
};

function texts(...more: readonly string[]): readonly string[] {
  return ['an empty text', '__proto__name', 'constructor', ...more];
}

/** What there is to see of faces, besides rates, and idling where nothing was set. */
function seen(): string {
  const info = face.info();
  const own = info.sources.length > 0 ? face.of() : null;
  return JSON.stringify([info, own?.head.yaw, own?.weights[SHAPE.jawOpen]], (key, value: unknown) =>
    key === 'rate' ? 0 : value,
  );
}

const errorOf = async (call: () => unknown): Promise<unknown> => {
  try {
    const result = call();
    // Whoever awaits nothing has to be told at once.
    if (!(result instanceof Promise)) return result;
    await result;
  } catch (error) {
    return error;
  }
  return 'no error';
};

describe.each(['before', 'after'])('%s the rest of the faces is there', (when) => {
  it.each(Object.entries(CALLS))(
    '%s refuses what is wrong, and changes nothing',
    async (_name, [call, fits]) => {
      if (when === 'after') {
        face.set({ jawOpen: 0.5, eyeBlinkLeft: 0 }, { yaw: 0.25 });
        await fetched();
      }
      const before = seen();
      for (const [what, wrong] of Object.entries(WRONG)) {
        if (fits?.includes(what) === true) continue;
        const error = await errorOf(() => call(wrong as never));
        expect(error, what).toBeInstanceOf(SimroomError);
        const { code, message } = error as SimroomError;
        expect(['bad-argument', 'unknown-name'], what).toContain(code);
        expect(message.length, what).toBeLessThan(700);
        expect(message, what).toMatch(/[.?]$/);
      }
      expect(seen()).toBe(before);
      await fetched();
      expect(reported).toEqual([]);
    },
  );

  it('says in words which regions, sources, shapes and members there are', async () => {
    expect(() => face.choose('nose' as never, 'auto')).toThrow(/no region "nose": use one of eyes, brows/);
    expect(() => face.choose('mouth', 'phone' as never)).toThrow(/no source "phone": use one of auto, code/);
    expect(() => face.tune('code', { gain: { jawOpne: 1 } as never })).toThrow(
      /"jawOpne".*simroom\.face\.names/,
    );
    expect(() => face.tune('code', { gains: {} } as never)).toThrow(/"gains": use one of gain, mirrored/);
    await expect(face.setLook({ file: 'a'.repeat(64) } as never)).rejects.toThrow(/"file": use one of style/);
    expect(() => face.tune(null as never, {})).toThrow('The source is null: it is one of code');
  });
});

it('takes a choice and a tuning at once, and tells of them before anything is fetched', () => {
  face.choose('mouth', 'microphone');
  expect(face.info().choices.mouth).toBe('microphone');
  expect(told.at(-1)?.choices.mouth).toBe('microphone');
  face.set({ jawOpen: 0.25, mouthSmileLeft: 0.5 });
  face.tune('code', { gain: { jawOpen: 2 }, mirrored: true });
  const weights = face.of()?.weights;
  expect(weights?.[SHAPE.jawOpen]).toBe(0.5);
  expect(weights?.[SHAPE.mouthSmileRight]).toBe(0.5);
  expect(face.info().sources).toMatchObject([
    { kind: 'code', drives: ['mouth'], mirrored: true, gain: { jawOpen: 2 } },
  ]);
});

it('tells what is true before and after the rest is there', async () => {
  const before = face.info();
  const own = face.of('0');
  expect(before.places).toEqual([
    { object: 'body', id: 2, name: 'head', peer: null, size: 0.25, fromModel: true },
  ]);
  expect(told.at(-1)?.places).toEqual(before.places);
  expect(own).not.toBe(null);
  expect(face.of('1')).toBe(null);
  await fetched();
  expect(face.info()).toEqual(before);
  await face.put({ body: 'head' });
  expect(face.info().places).toMatchObject([{ name: 'head', peer: '0' }]);
});
