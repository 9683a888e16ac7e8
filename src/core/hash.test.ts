import { describe, expect, it } from 'vitest';
import { hashDoubles } from './hash';

/** Eight or more bytes of text as float64s. */
function doublesOf(text: string): Float64Array {
  return new Float64Array(Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer);
}

describe('hashDoubles', () => {
  it('is MurmurHash3_x86_128 with seed 0', () => {
    // Words of the reference implementation's result, in order.
    expect(hashDoubles(new Float64Array(0))).toBe('0'.repeat(32));
    expect(hashDoubles(doublesOf('0123456789abcdef'))).toBe('fb7d440936aed30a48ad1d9b572b3bfd');
    expect(hashDoubles(doublesOf('0123456789abcdef01234567'))).toBe('bd63a8fafd7ab8850580266acfffdc30');
  });

  it('tells 0 from -0 and one NaN from another', () => {
    expect(hashDoubles(Float64Array.of(0))).not.toBe(hashDoubles(Float64Array.of(-0)));
    const nan = new Float64Array(new BigUint64Array([0x7ff8000000000001n]).buffer);
    expect(hashDoubles(nan)).not.toBe(hashDoubles(Float64Array.of(NaN)));
  });

  it('sees a change in the last bit of any of many values', () => {
    const values = Float64Array.from({ length: 33 }, (_, i) => i * 0.1);
    const before = hashDoubles(values);
    const bits = new BigUint64Array(values.buffer);
    for (let i = 0; i < bits.length; i++) {
      const word = bits[i] ?? 0n;
      bits[i] = word ^ 1n;
      expect(hashDoubles(values)).not.toBe(before);
      bits[i] = word;
    }
    expect(hashDoubles(values)).toBe(before);
  });
});
