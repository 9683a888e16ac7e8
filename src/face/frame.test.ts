import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { CHANNELS, HEAD, TWIN, dequantise, quantise } from './frame';
import { ARKIT_NAMES, SHAPE, SHAPES } from './names';

const face = fc
  .array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: SHAPES, maxLength: SHAPES })
  .map((weights) => Float32Array.from({ length: CHANNELS }, (_, i) => weights[i] ?? 0));

describe('quantise', () => {
  it('FACE-2 loses less than 1/127 of a weight, whatever the frames before were', () => {
    fc.assert(
      fc.property(fc.array(face, { minLength: 1, maxLength: 6 }), (faces) => {
        const quantised = new Int16Array(CHANNELS);
        const back = new Float32Array(CHANNELS);
        for (const values of faces) {
          quantise(values, quantised);
          dequantise(quantised, back);
          const errors = values.subarray(0, SHAPES).map((value, i) => Math.abs((back[i] ?? 0) - value));
          expect(Math.max(...errors)).toBeLessThan(1 / 127);
        }
      }),
    );
  });

  it('FACE-2 brings everything into range', () => {
    fc.assert(
      fc.property(fc.array(fc.float(), { minLength: CHANNELS, maxLength: CHANNELS }), (values) => {
        const quantised = new Int16Array(CHANNELS);
        const back = new Float32Array(CHANNELS);
        quantise(Float32Array.from(values), quantised);
        dequantise(quantised, back);
        const weights = back.subarray(0, SHAPES);
        const angles = back.subarray(SHAPES);
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...weights)).toBeLessThanOrEqual(1);
        expect(Math.max(...angles.map(Math.abs))).toBeLessThanOrEqual(1.5);
        expect(back.every((value, i) => !Number.isNaN(values[i]) || value === 0)).toBe(true);
      }),
    );
  });

  it('does not follow trembling around a border', () => {
    const quantised = new Int16Array(CHANNELS);
    const seen = new Set<number>();
    for (let i = 0; i < 50; i++) {
      quantise(new Float32Array(CHANNELS).fill((100.5 + (i % 2 === 0 ? 0.2 : -0.2)) / 255), quantised);
      seen.add(quantised[SHAPE.jawOpen] ?? 0);
    }
    expect(seen.size).toBe(1);
  });
});

describe('TWIN', () => {
  it('pairs each channel on the right with one before it that moves with it', () => {
    for (let i = 0; i < CHANNELS; i++) {
      const twin = TWIN[i] ?? -1;
      const name = ARKIT_NAMES[i] ?? '';
      const alone = !name.endsWith('Right') || name === 'jawRight' || name === 'mouthRight';
      expect(twin >= 0, name).toBe(!alone);
      expect(twin).toBeLessThan(i);
    }
    expect(TWIN[SHAPE.eyeLookInRight]).toBe(SHAPE.eyeLookOutLeft);
    expect(TWIN[HEAD.roll]).toBe(-1);
  });
});
