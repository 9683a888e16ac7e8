import type { EventMap } from '../app/api';
import type { FaceApi, FaceFigures, FaceInfo, FaceState, SourceInfo, PortraitOf } from '../app/faces/api';
import { SimroomError } from '../core/errors';
import { CHANNELS, HEAD } from '../face/frame';
import { ARKIT_NAMES, SHAPES } from '../face/names';
import { setWeights } from '../face/weights';

/** How a test or a demonstration plays with faces. */
export interface FakeFace {
  /** Something about faces changes. */
  change(info: Partial<FaceInfo>): void;
  /** How faces of others arrive. */
  setFigures(figures: readonly FaceFigures[]): void;
  /** The face that somebody has, or null for nobody's; one's own without a name. */
  show(weights: Readonly<Record<string, number>>, peer?: string): void;
  /** Whose portraits are drawn now, in the order in which they were asked for; one's own is undefined. */
  portraits(): readonly (PortraitOf | undefined)[];
  /** What the next calls that can fail do instead of succeeding. */
  fail(error: SimroomError | null): void;
}

type Emit = <E extends keyof EventMap>(event: E, value: EventMap[E]) => void;
type Call = (name: string, ...args: unknown[]) => Promise<void>;

/** A source as it is when it goes well. */
export function fakeSource(changes: Partial<SourceInfo> & Pick<SourceInfo, 'kind'>): SourceInfo {
  return {
    title: changes.kind,
    status: { state: 'on', text: 'It sees a face.' },
    rate: 30,
    drives: [],
    mirrored: false,
    neutral: 'none',
    gain: {},
    ...changes,
  };
}

export function createFakeFace(
  emit: Emit,
  record: Call,
): { readonly face: FaceApi; readonly faces: FakeFace } {
  let info: FaceInfo = {
    sources: [],
    choices: { eyes: 'auto', brows: 'auto', mouth: 'auto', cheeks: 'auto', head: 'auto' },
    look: { style: 'android', skin: 0, hair: 0, iris: 0, file: null },
    places: [],
    live: { camera: false, microphone: false },
    recording: false,
  };
  let figures: readonly FaceFigures[] = [];
  let failure: SimroomError | null = null;
  const own = new Float32Array(CHANNELS);
  const shown = new Map<string, Float32Array>();
  const portraits = new Map<HTMLCanvasElement, PortraitOf | undefined>();

  const change = (changes: Partial<FaceInfo>): void => {
    const next = { ...info, ...changes };
    const open = (kind: string): boolean => next.sources.some((source) => source.kind === kind);
    info = { ...next, live: changes.live ?? { camera: open('webcam'), microphone: open('microphone') } };
    emit('face', info);
  };
  const tuneSource = (kind: string, changes: Partial<SourceInfo>): void =>
    change({ sources: info.sources.map((one) => (one.kind === kind ? { ...one, ...changes } : one)) });
  const act = async (name: string, ...args: unknown[]): Promise<void> => {
    await record(name, ...args);
    if (failure !== null) throw failure;
  };
  const close = (gone: (kind: string) => boolean): void =>
    change({ sources: info.sources.filter(({ kind }) => !gone(kind)) });

  const face: FaceApi = {
    names: ARKIT_NAMES,
    of: (peer) => {
      const frame = peer === undefined ? own : shown.get(peer);
      return frame === undefined ? null : stateOf(frame);
    },
    set: (weights, head = {}) => {
      void record('face.set', weights, head);
      setWeights(weights, own);
      own[HEAD.yaw] = head.yaw ?? own[HEAD.yaw] ?? 0;
    },
    clear: () => {
      void record('face.clear');
      own.fill(0);
    },
    info: () => info,
    open: async (source) => {
      await act('face.open', source);
      const others = info.sources.filter(({ kind }) => kind !== source.kind);
      change({ sources: [...others, fakeSource({ kind: source.kind })] });
    },
    close: (kind) => {
      void record('face.close', kind);
      close((one) => kind === undefined || one === kind);
    },
    cut: () => {
      void record('face.cut');
      close((kind) => kind === 'webcam' || kind === 'microphone');
    },
    choose: (region, source) => {
      void record('face.choose', region, source);
      change({ choices: { ...info.choices, [region]: source } });
    },
    calibrate: (kind) => {
      void record('face.calibrate', kind);
      tuneSource(kind, { neutral: 'calibrating' });
    },
    tune: (kind, { gain, mirrored, neutral }) => {
      void record('face.tune', kind, { gain, mirrored, neutral });
      const before = info.sources.find((one) => one.kind === kind);
      tuneSource(kind, {
        ...(gain === undefined ? {} : { gain: { ...before?.gain, ...gain } }),
        ...(mirrored === undefined ? {} : { mirrored }),
        ...(neutral === null ? { neutral: 'none' } : {}),
      });
    },
    setLook: async (changes) => {
      await act('face.setLook', changes);
      change({ look: { ...info.look, ...changes } });
    },
    setFile: async (file) => {
      await act('face.setFile', file);
      change({ look: { ...info.look, file: file === null ? null : '0'.repeat(64) } });
      return file === null ? 'The head of your style is shown again.' : 'A head with 52 of 52 shapes.';
    },
    put: async (on, peer = 'self', size = 0.25) => {
      await act('face.put', on, peer, size);
      const object = 'body' in on ? 'body' : 'site';
      const ref = 'body' in on ? on.body : on.site;
      const id = typeof ref === 'number' ? ref : 1;
      const others = info.places.filter((place) => place.object !== object || place.id !== id);
      const place = { object, id, name: String(ref), peer, size, fromModel: false } as const;
      change({ places: peer === null ? others : [...others, place] });
    },
    portrait: (canvas, of) => {
      portraits.set(canvas, of);
      return () => void portraits.delete(canvas);
    },
    figures: () => figures,
    record: () => {
      void record('face.record');
      change({ recording: true });
    },
    stopRecording: async () => {
      await act('face.stopRecording');
      change({ recording: false });
      return new Blob(['Timecode,BlendShapeCount\n'], { type: 'text/csv' });
    },
    log: (on) => void record('face.log', on),
  };
  return {
    face,
    faces: {
      change,
      setFigures: (next) => {
        figures = next;
      },
      show: (weights, peer) => {
        const frame = peer === undefined ? own : new Float32Array(CHANNELS);
        setWeights(weights, frame);
        if (peer !== undefined) shown.set(peer, frame);
      },
      portraits: () => [...portraits.values()],
      fail: (error) => {
        failure = error;
      },
    },
  };
}

function stateOf(frame: Float32Array): FaceState {
  return {
    weights: frame.slice(0, SHAPES),
    head: { yaw: frame[HEAD.yaw] ?? 0, pitch: frame[HEAD.pitch] ?? 0, roll: frame[HEAD.roll] ?? 0 },
  };
}
