import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { CHANNELS, HEAD } from './frame';
import { IdleFace } from './idle';
import { allFrom, mix } from './mix';
import { SHAPE, SHAPES } from './names';
import { OneEuroFilter } from './one_euro';
import { MAX_GAIN, Tuning } from './tuning';

const frame = (): Float32Array => new Float32Array(CHANNELS);

describe('OneEuroFilter', () => {
  it('takes trembling out of a face at rest', () => {
    const filter = new OneEuroFilter();
    const random = new Random(1);
    const face = frame();
    let before = 0;
    let after = 0;
    for (let i = 0; i < 600; i++) {
      const noise = random.between(-0.01, 0.01);
      face[SHAPE.browInnerUp] = 0.3 + noise;
      filter.apply(face, (i * 1000) / 60);
      if (i < 60) continue;
      before += noise ** 2;
      after += ((face[SHAPE.browInnerUp] ?? 0) - 0.3) ** 2;
    }
    expect(Math.sqrt(after / before)).toBeLessThan(0.5);
  });

  it('hardly delays a blink', () => {
    const filter = new OneEuroFilter();
    const face = frame();
    filter.apply(face, 0);
    const seen = [0.4, 0.8, 1].map((shut, i) => {
      face[SHAPE.eyeBlinkLeft] = shut;
      filter.apply(face, ((i + 1) * 1000) / 60);
      return face[SHAPE.eyeBlinkLeft];
    });
    expect(seen[0]).toBeGreaterThan(0.25);
    expect(seen[2]).toBeGreaterThan(0.85);
  });

  it('follows lids and jaw more closely than the rest', () => {
    const filter = new OneEuroFilter();
    const face = frame();
    filter.apply(face, 0);
    face.fill(0.05);
    filter.apply(face, 1000 / 60);
    expect(face[SHAPE.jawOpen]).toBeGreaterThan(1.5 * (face[SHAPE.mouthPucker] ?? 1));
  });

  it('begins anew after a pause, and is not spoilt by NaN', () => {
    const filter = new OneEuroFilter();
    const face = frame();
    filter.apply(face, 0);
    face[SHAPE.jawOpen] = 0.9;
    filter.apply(face, 5000);
    expect(face[SHAPE.jawOpen]).toBeCloseTo(0.9);
    face[SHAPE.jawOpen] = Number.NaN;
    filter.apply(face, 5016);
    expect(face[SHAPE.jawOpen]).toBeCloseTo(0.9);
    filter.apply(face, 5016);
    expect(face[SHAPE.jawOpen]).toBeCloseTo(0.9);
  });
});

describe('Tuning', () => {
  it('gives weights from 0 to 1 whatever comes in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float(), { minLength: CHANNELS, maxLength: CHANNELS }),
        fc.boolean(),
        (values, mirrored) => {
          const tuning = new Tuning();
          tuning.mirrored = mirrored;
          tuning.setGain(SHAPE.jawOpen, MAX_GAIN);
          tuning.neutralFace = Float32Array.from(values.toReversed());
          const face = Float32Array.from(values);
          tuning.apply(face);
          const weights = face.subarray(0, SHAPES);
          expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...weights)).toBeLessThanOrEqual(1);
          expect(face.every(Number.isFinite)).toBe(true);
        },
      ),
    );
  });

  it('captures what is neutral, in spite of a blink', () => {
    const tuning = new Tuning();
    tuning.captureNeutral();
    const face = frame();
    for (let i = 0; i < 60; i++) {
      face.fill(0);
      face[SHAPE.mouthFrownLeft] = 0.2;
      face[SHAPE.eyeBlinkLeft] = i > 20 && i < 32 ? 1 : 0.05;
      face[HEAD.yaw] = 0.3;
      expect(tuning.isCapturing).toBe(true);
      tuning.apply(face);
    }
    expect(tuning.isCapturing).toBe(false);
    face.fill(0);
    face[SHAPE.mouthFrownLeft] = 0.2;
    face[SHAPE.eyeBlinkLeft] = 1;
    face[HEAD.yaw] = 0.4;
    tuning.apply(face);
    expect(face[SHAPE.mouthFrownLeft]).toBeCloseTo(0, 2);
    expect(face[SHAPE.eyeBlinkLeft]).toBe(1);
    expect(face[HEAD.yaw]).toBeCloseTo(0.1);
    tuning.clearNeutral();
    expect(tuning.neutralFace.every((value) => value === 0)).toBe(true);
  });

  it('mirrors shapes and head, and twice is once not', () => {
    const tuning = new Tuning();
    tuning.mirrored = true;
    const face = frame();
    face[SHAPE.mouthSmileLeft] = 0.7;
    face[SHAPE.jawRight] = 0.4;
    face[SHAPE.jawOpen] = 0.5;
    face[HEAD.yaw] = 0.2;
    face[HEAD.pitch] = 0.1;
    const before = face.slice();
    tuning.apply(face);
    expect(face[SHAPE.mouthSmileRight]).toBeCloseTo(0.7);
    expect(face[SHAPE.mouthSmileLeft]).toBe(0);
    expect(face[SHAPE.jawLeft]).toBeCloseTo(0.4);
    expect(face[SHAPE.jawOpen]).toBe(0.5);
    expect(face[HEAD.yaw]).toBeCloseTo(-0.2);
    expect(face[HEAD.pitch]).toBeCloseTo(0.1);
    tuning.apply(face);
    face.forEach((value, i) => expect(value).toBeCloseTo(before[i] ?? 0));
  });

  it('refuses a gain that cannot be, and a shape that there is not', () => {
    const tuning = new Tuning();
    for (const [shape, gain] of [
      [0, -1],
      [0, Number.NaN],
      [0, 5],
      [52, 1],
      [-1, 1],
      [0.5, 1],
    ] as const) {
      expect(() => tuning.setGain(shape, gain)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    }
    expect(tuning.gainOf(0)).toBe(1);
  });
});

describe('mix', () => {
  it('takes each region from its source', () => {
    const camera = frame().fill(0.25);
    const microphone = frame().fill(0.75);
    const faces = new Map([
      ['camera', camera],
      ['microphone', microphone],
    ]);
    const out = frame().fill(0.5);
    mix({ ...allFrom('camera'), mouth: 'microphone', brows: null, cheeks: 'phone' }, faces, out);
    expect(out[SHAPE.eyeBlinkLeft]).toBe(0.25);
    expect(out[HEAD.yaw]).toBe(0.25);
    expect(out[SHAPE.jawOpen]).toBe(0.75);
    expect(out[SHAPE.tongueOut]).toBe(0.75);
    expect(out[SHAPE.browInnerUp]).toBe(0.5);
    expect(out[SHAPE.cheekPuff]).toBe(0.5);
  });
});

describe('IdleFace', () => {
  it('blinks now and then, whole and with both eyes', () => {
    const idle = new IdleFace(4);
    const face = frame();
    let shut = false;
    let blinks = 0;
    for (let now = 0; now < 60_000; now += 16) {
      idle.sample(now, face);
      const lids = face[SHAPE.eyeBlinkLeft] ?? 0;
      expect(face[SHAPE.eyeBlinkRight]).toBe(lids);
      if (lids > 0.95 && !shut) blinks++;
      shut = lids > 0.95;
    }
    expect(blinks).toBeGreaterThan(8);
    expect(blinks).toBeLessThan(35);
  });

  it('differs by its seed, and is the same for the same', () => {
    const at = (seed: number): string => {
      const idle = new IdleFace(seed);
      const face = frame();
      const seen: number[] = [];
      for (let now = 0; now < 5000; now += 50) {
        idle.sample(now, face);
        seen.push(face[SHAPE.eyeBlinkLeft] ?? 0);
      }
      return seen.join(' ');
    };
    expect(at(1)).toBe(at(1));
    expect(at(1)).not.toBe(at(2));
  });
});
