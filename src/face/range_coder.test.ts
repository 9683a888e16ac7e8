import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { PROBABILITY_ONE, RangeDecoder, RangeEncoder } from './range_coder';

const decisions = fc.array(fc.tuple(fc.nat(1), fc.integer({ min: 1, max: PROBABILITY_ONE - 1 })), {
  maxLength: 600,
});
/** Unlikely decisions only: carries and long runs of full bytes. */
const surprises = fc.array(
  fc.boolean().map((bit): [number, number] => (bit ? [1, PROBABILITY_ONE - 1] : [0, 1])),
  { maxLength: 300 },
);

function encode(list: readonly (readonly [number, number])[], bytes: Uint8Array, start: number): number {
  const encoder = new RangeEncoder(bytes);
  encoder.begin(bytes, start);
  for (const [bit, zero] of list) encoder.bit(bit, zero);
  const end = encoder.finish();
  expect(encoder.ok).toBe(true);
  return end;
}

describe('RangeEncoder and RangeDecoder', () => {
  it('give back what was put in, and need every byte', () => {
    fc.assert(
      fc.property(fc.oneof(decisions, surprises), fc.nat(5), (list, start) => {
        const bytes = new Uint8Array(4000).fill(0xff);
        const end = encode(list, bytes, start);
        const decoder = new RangeDecoder(bytes);
        decoder.begin(bytes, start, end);
        expect(list.map(([, zero]) => decoder.bit(zero))).toEqual(list.map(([bit]) => bit));
        expect(decoder.spent).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('take hardly more than the decisions are worth', () => {
    fc.assert(
      fc.property(decisions, (list) => {
        const worth = list.reduce((sum, [bit, zero]) => {
          const share = zero / PROBABILITY_ONE;
          return sum - Math.log2(bit === 0 ? share : 1 - share);
        }, 0);
        expect(encode(list, new Uint8Array(4000), 0) * 8).toBeLessThan(worth * 1.002 + 9);
      }),
    );
  });

  it('says so when the bytes do not suffice', () => {
    const bytes = new Uint8Array(3);
    const encoder = new RangeEncoder(bytes);
    encoder.begin(bytes, 0);
    for (let i = 0; i < 100; i++) encoder.bit(i & 1, PROBABILITY_ONE / 2);
    encoder.finish();
    expect(encoder.ok).toBe(false);
  });
});
