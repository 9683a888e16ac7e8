import { describe, expect, it } from 'vitest';
import { CHANNELS, HEAD } from '../frame';
import { SHAPE, SHAPES } from '../names';
import { REGION, REGIONS } from '../regions';
import { EMPHASIS_REGIONS } from './emphasis';
import { LIPS_REGIONS, Lips } from './lips';
import { SpeakingFace } from './speaking_face';
import { VISEME, VISEMES, VISEME_COUNT, type Viseme } from './visemes';

const FRAME_S = 1 / 60;

function only(viseme: Viseme, weight = 1): Float32Array {
  const visemes = new Float32Array(VISEME_COUNT);
  visemes[0] = 1 - weight;
  visemes[VISEME[viseme]] = weight;
  return visemes;
}

/** A face that has said one thing for long. */
function held(viseme: Viseme, loudness = 1): Float32Array {
  const lips = new Lips();
  const face = new Float32Array(CHANNELS);
  lips.aim(only(viseme), loudness);
  for (let i = 0; i < 60; i++) lips.move(FRAME_S);
  lips.write(face);
  return face;
}

describe('lips', () => {
  it('look different for each viseme, but for rest', () => {
    const faces = VISEMES.map((viseme) => held(viseme));
    expect(faces[0]?.every((weight) => weight === 0)).toBe(true);
    for (let a = 0; a < VISEME_COUNT; a++) {
      for (let b = 0; b < a; b++) {
        const apart = Math.hypot(
          ...Array.from({ length: SHAPES }, (_, i) => (faces[a]?.[i] ?? 0) - (faces[b]?.[i] ?? 0)),
        );
        expect(apart, `${VISEMES[a] ?? ''} and ${VISEMES[b] ?? ''}`).toBeGreaterThan(0.08);
      }
    }
  });

  it('are open for a, wide for i, round for u', () => {
    const [a, i, u] = [held('aa'), held('I'), held('U')];
    expect(a[SHAPE.jawOpen]).toBeGreaterThan(0.5);
    expect(i[SHAPE.jawOpen]).toBeLessThan(0.25);
    expect(i[SHAPE.mouthSmileLeft]).toBeGreaterThan(0.3);
    expect(u[SHAPE.mouthPucker]).toBeGreaterThan(0.6);
    expect(a[SHAPE.mouthPucker]).toBe(0);
  });

  it('seal for p, b and m, whatever the jaw does', () => {
    const face = held('PP');
    expect(face[SHAPE.jawOpen]).toBeGreaterThan(0.05);
    expect(face[SHAPE.mouthClose]).toBeCloseTo(face[SHAPE.jawOpen] ?? 0, 3);
    // From a wide open mouth too, while the jaw still falls behind.
    const lips = new Lips();
    lips.aim(only('aa'), 1);
    for (let i = 0; i < 30; i++) lips.move(FRAME_S);
    lips.aim(only('PP'), 1);
    for (let i = 0; i < 4; i++) lips.move(FRAME_S);
    lips.write(face);
    expect(face[SHAPE.jawOpen]).toBeGreaterThan(0.15);
    expect(face[SHAPE.mouthClose]).toBeGreaterThan(0.97 * (face[SHAPE.jawOpen] ?? 0));
  });

  it('open wider when it is louder', () => {
    expect(held('aa', 1)[SHAPE.jawOpen]).toBeGreaterThan(1.8 * (held('aa', 0.1)[SHAPE.jawOpen] ?? 1));
  });

  it('take their time, and are quicker to open than to close', () => {
    const lips = new Lips();
    const face = new Float32Array(CHANNELS);
    const jawAfter = (viseme: Viseme, seconds: number): number => {
      lips.aim(only(viseme), 1);
      lips.move(seconds);
      lips.write(face);
      return face[SHAPE.jawOpen] ?? 0;
    };
    const opened = jawAfter('aa', 0.03) / 0.62;
    expect(opened).toBeGreaterThan(0.5);
    expect(opened).toBeLessThan(0.9);
    for (let i = 0; i < 60; i++) lips.move(FRAME_S);
    const closed = 1 - jawAfter('sil', 0.03) / 0.62;
    expect(closed).toBeLessThan(opened);
    for (let i = 0; i < 60; i++) lips.move(FRAME_S);
    expect(lips.resting).toBe(true);
  });

  it('stay within 0 and 1, alike on both sides, whatever they are given', () => {
    const lips = new Lips();
    const face = new Float32Array(CHANNELS);
    for (const weight of [1, 5, -1, NaN, Infinity]) {
      lips.aim(new Float32Array(VISEME_COUNT).fill(weight), weight);
      lips.move(FRAME_S);
      lips.write(face);
      for (let i = 0; i < SHAPES; i++) {
        expect(face[i]).toBeGreaterThanOrEqual(0);
        expect(face[i]).toBeLessThanOrEqual(1);
      }
      expect(face[SHAPE.mouthSmileLeft]).toBe(face[SHAPE.mouthSmileRight]);
    }
  });
});

describe('a face that speaks', () => {
  it('drives nothing while nobody speaks, and its regions alone while somebody does', () => {
    for (const seed of [null, 3]) {
      const face = new SpeakingFace(seed);
      const out = new Float32Array(CHANNELS).fill(0.5);
      expect(face.sample(0, only('sil'), 0, out)).toBe(0);
      expect(out.every((weight) => weight === 0.5)).toBe(true);
      const regions = face.sample(16, only('aa'), 1, out);
      expect(regions).toBe(seed === null ? LIPS_REGIONS : LIPS_REGIONS | EMPHASIS_REGIONS);
      const left = Array.from(out, (weight) => weight === 0.5);
      expect(left).toEqual(Array.from(REGION, (region) => (regions & (1 << region)) === 0));
      expect(REGIONS[0]).toBe('eyes');
      expect(out[SHAPE.eyeBlinkLeft]).toBe(0.5);
    }
  });

  it('survives what is no number', () => {
    const face = new SpeakingFace(3);
    const out = new Float32Array(CHANNELS);
    face.sample(0, new Float32Array(VISEME_COUNT).fill(NaN), NaN, out);
    face.sample(16, only('aa'), Infinity, out);
    for (let now = 32; now < 500; now += 16) face.sample(now, only('aa'), 1, out);
    expect(out.every(Number.isFinite)).toBe(true);
    expect(out[SHAPE.jawOpen]).toBeGreaterThan(0.5);
  });

  it('stays somebody’s in short pauses, and is given back after long ones, closed', () => {
    const face = new SpeakingFace(3);
    const out = new Float32Array(CHANNELS);
    let now = 0;
    const during = (viseme: Viseme, ms: number): number => {
      let regions = 0;
      for (const end = now + ms; now < end; now += 16) regions = face.sample(now, only(viseme), 1, out);
      return regions;
    };
    expect(during('aa', 500)).not.toBe(0);
    expect(during('sil', 500)).not.toBe(0);
    expect(out[SHAPE.jawOpen]).toBeLessThan(0.01);
    expect(during('sil', 1500)).toBe(0);
  });

  it('nods and raises its brows at stressed syllables, a little and not at each', () => {
    const face = new SpeakingFace(5);
    const out = new Float32Array(CHANNELS);
    let most = 0;
    let nods = 0;
    let nodding = false;
    for (let now = 0; now < 20_000; now += 16) {
      const syllable = now % 250 < 120;
      face.sample(now, only(syllable ? 'aa' : 'DD'), syllable ? 0.9 : 0.3, out);
      const brow = out[SHAPE.browInnerUp] ?? 0;
      most = Math.max(most, brow);
      if (brow > 0.05 !== nodding) {
        nodding = !nodding;
        if (nodding) nods++;
      }
      expect(Math.abs(out[HEAD.pitch] ?? 0)).toBeLessThan(0.1);
      expect(Math.abs(out[HEAD.yaw] ?? 0)).toBeLessThan(0.1);
    }
    expect(most).toBeGreaterThan(0.15);
    expect(nods).toBeGreaterThan(5);
    expect(nods).toBeLessThan(30);
  });
});
