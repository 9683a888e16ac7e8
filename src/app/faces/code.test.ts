import { describe, expect, it } from 'vitest';
import { SimroomError } from '../../core/errors';
import { CHANNELS, HEAD } from '../../face/frame';
import { SHAPE, SHAPES } from '../../face/names';
import type { FaceWeights } from './api';
import { CodeFace } from './code';
import { regionsOf } from './slot';

const sampled = (face: CodeFace): { frame: Float32Array; regions: readonly string[] } => {
  const frame = new Float32Array(CHANNELS);
  return { frame, regions: regionsOf(face.sample(0, frame)) };
};

const codeOf = (act: () => void): string => {
  try {
    act();
  } catch (error) {
    return error instanceof SimroomError ? error.code : String(error);
  }
  return 'none';
};

describe('CodeFace', () => {
  it('drives nothing at first', () => {
    const face = new CodeFace();
    expect(face.isSet).toBe(false);
    expect(sampled(face).regions).toEqual([]);
  });

  it('keeps what is not named, and takes the regions of what was', () => {
    const face = new CodeFace();
    face.set({ jawOpen: 0.5, eyeBlinkLeft: 1 });
    face.set({ jawOpen: 0.25 });
    const { frame, regions } = sampled(face);
    expect(frame[SHAPE.jawOpen]).toBe(0.25);
    expect(frame[SHAPE.eyeBlinkLeft]).toBe(1);
    expect(regions).toEqual(['eyes', 'mouth']);
  });

  it('takes all 52 at once, and the head only when it is given', () => {
    const face = new CodeFace();
    face.set(new Float32Array(SHAPES).fill(0.5));
    expect(sampled(face).regions).toEqual(['eyes', 'brows', 'mouth', 'cheeks']);
    face.set({}, { yaw: 0.3 });
    face.set({}, { roll: -0.1 });
    const { frame, regions } = sampled(face);
    expect(regions).toContain('head');
    expect(frame[HEAD.yaw]).toBeCloseTo(0.3);
    expect(frame[HEAD.roll]).toBeCloseTo(-0.1);
  });

  it('gives everything back', () => {
    const face = new CodeFace();
    face.set({ jawOpen: 1 }, { yaw: 1 });
    face.close();
    face.set({ eyeBlinkLeft: 1 });
    const { frame, regions } = sampled(face);
    expect(regions).toEqual(['eyes']);
    expect(frame[SHAPE.jawOpen]).toBe(0);
  });

  it.each<[string, string, unknown, unknown]>([
    ['a shape that there is not', 'unknown-name', { jawOpn: 1 }, undefined],
    ['51 weights', 'bad-argument', new Float32Array(SHAPES - 1), undefined],
    ['a weight above 1', 'bad-argument', { jawOpen: 1.5 }, undefined],
    ['a weight below 0', 'bad-argument', { jawOpen: -0.5 }, undefined],
    ['a weight that is no number', 'bad-argument', { jawOpen: NaN }, undefined],
    ['a text', 'bad-argument', { jawOpen: '1' }, undefined],
    ['nothing', 'bad-argument', null, undefined],
    ['an angle that is no number', 'bad-argument', {}, { yaw: Infinity }],
    ['a head that is nothing', 'bad-argument', {}, null],
    ['an angle that there is not', 'unknown-name', {}, { tilt: 1 }],
  ])('refuses %s and changes nothing', (_what, code, weights, head) => {
    const face = new CodeFace();
    face.set({ jawOpen: 0.5 });
    const bad = { ...(weights instanceof Float32Array ? {} : (weights as object)), mouthPucker: 1 };
    const given = weights instanceof Float32Array || weights === null ? weights : bad;
    expect(codeOf(() => face.set(given as FaceWeights, head as object | undefined))).toBe(code);
    const { frame, regions } = sampled(face);
    expect(frame[SHAPE.jawOpen]).toBe(0.5);
    expect(frame[SHAPE.mouthPucker]).toBe(0);
    expect(regions).toEqual(['mouth']);
  });
});
