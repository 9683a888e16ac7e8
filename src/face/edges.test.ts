import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { ARKIT_NAMES, SHAPE, SHAPES } from './names';
import { faceOf, namedWeights, setWeights } from './weights';

/** Where faces come in by name. */

const weight = fc.double({ min: 0, max: 1, noNaN: true });
const partial = fc.dictionary(fc.constantFrom(...ARKIT_NAMES), weight, { maxKeys: 20 });
const code = (value: string): unknown => expect.objectContaining({ code: value });

describe('setWeights', () => {
  it('sets what is named and leaves the rest', () => {
    fc.assert(
      fc.property(partial, (weights) => {
        const face = new Float32Array(SHAPES).fill(0.125);
        setWeights(weights, face);
        ARKIT_NAMES.forEach((name, i) => expect(face[i]).toBe(Math.fround(weights[name] ?? 0.125)));
      }),
    );
  });

  it('takes all 52 as an array, and names as other programs spell them', () => {
    const face = new Float32Array(SHAPES);
    setWeights(new Float32Array(SHAPES).fill(0.5), face);
    expect(face.every((value) => value === 0.5)).toBe(true);
    setWeights({ EyeBlinkLeft: 1, mouthSmile_R: 0.25 }, face);
    expect(face[SHAPE.eyeBlinkLeft]).toBe(1);
    expect(face[SHAPE.mouthSmileRight]).toBe(0.25);
  });

  it('says what is wrong, and changes nothing then', () => {
    const face = new Float32Array(SHAPES);
    const cases: readonly (readonly [unknown, string, RegExp])[] = [
      [{ jawOpen: 0.5, jawOpne: 1 }, 'unknown-name', /"jawOpne": is it one of jawOpen\?/],
      [{ wink: 1 }, 'unknown-name', /simroom\.face\.names/],
      [{ jawOpen: 1.01 }, 'bad-argument', /jawOpen is 1\.01: a weight is a number from 0 to 1/],
      [{ jawOpen: -0.1 }, 'bad-argument', /-0\.1/],
      [{ jawOpen: Number.NaN }, 'bad-argument', /NaN/],
      [{ jawOpen: '1' }, 'bad-argument', /jawOpen is string/],
      [new Float32Array(51), 'bad-argument', /52 weights, not 51/],
      [Array.from({ length: 61 }, () => 0), 'bad-argument', /not 61/],
      [new Float32Array(SHAPES).fill(2), 'bad-argument', /eyeBlinkLeft is 2/],
      [null, 'bad-argument', /array of 52 weights/],
      ['jawOpen', 'bad-argument', /array of 52 weights/],
    ];
    for (const [weights, expected, words] of cases) {
      expect(() => setWeights(weights, face)).toThrow(code(expected));
      expect(() => setWeights(weights, face)).toThrow(words);
    }
    expect(face.every((value) => value === 0)).toBe(true);
  });

  it('is undone by namedWeights', () => {
    fc.assert(
      fc.property(partial, (weights) => {
        const face = faceOf(weights);
        expect(faceOf(namedWeights(face))).toEqual(face);
      }),
    );
  });
});
