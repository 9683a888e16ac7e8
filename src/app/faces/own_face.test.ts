import { beforeEach, describe, expect, it } from 'vitest';
import { CHANNELS, HEAD } from '../../face/frame';
import { SHAPE } from '../../face/names';
import { REGIONS, type Region } from '../../face/regions';
import { CodeFace } from './code';
import { FaceMemory } from './memory';
import { OwnFace } from './own_face';
import { SourceSlot } from './slot';
import type { FaceSource, SourceKind } from './source';

/** A source that says one thing of some regions. */
class Steady implements FaceSource {
  readonly face = new Float32Array(CHANNELS);
  regions: readonly Region[] = REGIONS;
  broken = false;

  constructor(
    readonly kind: SourceKind,
    weight: number,
  ) {
    this.face.fill(weight);
  }

  sample(_now: number, out: Float32Array): number {
    if (this.broken) throw new Error('It fell over.');
    out.set(this.face);
    return this.regions.reduce((mask, region) => mask | (1 << REGIONS.indexOf(region)), 0);
  }

  close(): void {
    this.broken = false;
  }
}

let code: CodeFace;
let own: OwnFace;
let now: number;
let failed: SourceKind[];

beforeEach(() => {
  window.localStorage.clear();
  code = new CodeFace();
  failed = [];
  own = new OwnFace(code, new FaceMemory(), (kind) => failed.push(kind));
  now = 1000;
});

function open(source: FaceSource): SourceSlot {
  const slot = new SourceSlot(source.kind, own.tuningOf(source.kind));
  own.add(slot);
  slot.hold(source);
  return slot;
}

/** The face so many frames later, at 60 Hz. */
function later(frames = 1): Float32Array {
  for (let i = 0; i < frames; i++) own.compose((now += 1000 / 60));
  return own.face;
}

describe('OwnFace', () => {
  it('idles without any source: it blinks, and nobody drives it', () => {
    let blinked = 0;
    for (let i = 0; i < 600; i++) blinked = Math.max(blinked, later()[SHAPE.eyeBlinkLeft] ?? 0);
    expect(blinked).toBeGreaterThan(0.9);
    expect(own.isDriven).toBe(false);
    expect(own.open).toEqual([]);
  });

  it('takes each region from the first source that has something to say', () => {
    const bridge = new Steady('bridge', 0.25);
    bridge.regions = ['mouth'];
    open(bridge);
    const recording = open(new Steady('recording', 0.5));
    recording.source?.sample(0, new Float32Array(CHANNELS));
    const face = later(60);
    expect(face[SHAPE.jawOpen]).toBeCloseTo(0.5);
    expect(own.isDriven).toBe(true);
    expect(recording.drives).toEqual(REGIONS);
    code.set({ jawOpen: 1 });
    later();
    expect(face[SHAPE.jawOpen]).toBe(1);
    expect(face[SHAPE.browInnerUp]).toBeCloseTo(0.5);
    expect(recording.drives).toEqual(['eyes', 'brows', 'cheeks', 'head']);
    code.close();
    expect(later()[SHAPE.jawOpen]).toBeCloseTo(0.5);
  });

  it('takes a region from the source that was chosen, and from others while that one has nothing to say', () => {
    const recording = new Steady('recording', 0.25);
    const text = new Steady('text', 0.75);
    open(recording);
    open(text);
    own.choices.mouth = 'recording';
    expect(later()[SHAPE.jawOpen]).toBeCloseTo(0.25);
    expect(later()[SHAPE.browInnerUp]).toBeCloseTo(0.75);
    recording.regions = ['eyes'];
    expect(later()[SHAPE.jawOpen]).toBeCloseTo(0.75);
    text.regions = [];
    expect(later()[SHAPE.jawOpen]).toBe(0);
    own.choices.eyes = 'idle';
    later();
    expect(own.isDriven).toBe(false);
  });

  it('takes what is no number for rest, and what is out of range for the nearest', () => {
    const source = new Steady('recording', 0);
    source.face[SHAPE.jawOpen] = NaN;
    source.face[SHAPE.mouthPucker] = 17;
    source.face[SHAPE.mouthFunnel] = -3;
    source.face[HEAD.yaw] = NaN;
    open(source);
    const face = later(3);
    expect(face[SHAPE.jawOpen]).toBe(0);
    expect(face[SHAPE.mouthPucker]).toBe(1);
    expect(face[SHAPE.mouthFunnel]).toBe(0);
    expect(face.every((value) => Number.isFinite(value))).toBe(true);
  });

  it('follows a source that trembles closely, and arrives', () => {
    open(new Steady('bridge', 0));
    later(10);
    open(new Steady('bridge', 0.8));
    expect(later(90)[SHAPE.browInnerUp]).toBeCloseTo(0.8, 2);
  });

  it('takes a neutral face off, remembers it, and tells when it has it', () => {
    const source = new Steady('recording', 0.2);
    const slot = open(source);
    own.calibrate('recording');
    later();
    expect(slot.info(now).neutral).toBe('calibrating');
    later(60);
    expect(slot.info(now).neutral).toBe('set');
    expect(own.face[SHAPE.jawOpen]).toBeCloseTo(0);
    source.face.fill(1);
    expect(later()[SHAPE.jawOpen]).toBe(1);
    const again = new OwnFace(new CodeFace(), new FaceMemory(), () => {});
    expect(again.tuningOf('recording').neutralFace[SHAPE.jawOpen]).toBeCloseTo(0.2, 3);
    own.tune('recording', { neutral: null });
    expect(slot.info(now).neutral).toBe('none');
  });

  it('turns shapes up and down, and left to right, and remembers it', () => {
    const source = new Steady('recording', 0);
    source.face[SHAPE.jawOpen] = 0.5;
    source.face[SHAPE.eyeBlinkLeft] = 1;
    source.face[HEAD.yaw] = 0.2;
    open(source);
    own.tune('recording', { gain: { jawOpen: 1.5 }, mirrored: true });
    const face = later();
    expect(face[SHAPE.jawOpen]).toBeCloseTo(0.75);
    expect(face[SHAPE.eyeBlinkLeft]).toBe(0);
    expect(face[SHAPE.eyeBlinkRight]).toBe(1);
    expect(face[HEAD.yaw]).toBeCloseTo(-0.2);
    const again = new OwnFace(new CodeFace(), new FaceMemory(), () => {}).tuningOf('recording');
    expect(again.mirrored).toBe(true);
    expect(again.gainOf(SHAPE.jawOpen)).toBe(1.5);
  });

  it('goes on without a source that throws, and says so', () => {
    const source = new Steady('recording', 0.5);
    const slot = open(source);
    later();
    source.broken = true;
    later();
    expect(failed).toEqual(['recording']);
    expect(slot.status).toEqual({ state: 'failed', text: 'It fell over.' });
    expect(slot.source).toBe(null);
    expect(own.isDriven).toBe(false);
    later();
    expect(failed).toHaveLength(1);
  });
});
