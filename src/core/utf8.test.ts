import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { clipUtf8, fromUtf8, toUtf8 } from './utf8';

const text = fc.string({ unit: 'binary', maxLength: 60 });
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function platform(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch (thrown) {
    if (thrown instanceof TypeError) return null;
    throw thrown;
  }
}

describe('UTF-8', () => {
  it('is what the platform writes, also of lone surrogates', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
          .map((units) => String.fromCharCode(...units)),
        (wanted) => {
          expect(toUtf8(wanted)).toEqual(new TextEncoder().encode(wanted));
        },
      ),
    );
  });

  it('reads what was written, byte order marks and zeros too', () => {
    fc.assert(
      fc.property(text, (wanted) => {
        expect(fromUtf8(toUtf8(wanted))).toBe(wanted);
      }),
    );
    for (const wanted of ['\ufeffx', '\0', '👩‍🚀', '%41']) expect(fromUtf8(toUtf8(wanted))).toBe(wanted);
  });

  it('takes exactly the bytes that the platform takes', () => {
    const nearly = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc
        .array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc0, 0xc3, 0xe0, 0xed, 0xa0, 0xf0, 0x90, 0xf4, 0xff))
        .map((bytes) => Uint8Array.from(bytes)),
    );
    fc.assert(
      fc.property(nearly, (bytes) => {
        expect(fromUtf8(bytes)).toBe(platform(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('is clipped between characters, and no shorter than it must', () => {
    fc.assert(
      fc.property(text, fc.nat(80), (wanted, most) => {
        const whole = toUtf8(wanted);
        const clipped = clipUtf8(whole, most);
        const kept = fromUtf8(clipped);
        expect(kept).not.toBeNull();
        expect(wanted.startsWith(kept ?? '-')).toBe(true);
        expect(clipped.length).toBeLessThanOrEqual(most);
        // A character takes four bytes at most.
        expect(clipped.length).toBeGreaterThanOrEqual(Math.min(whole.length, most - 3));
      }),
    );
  });
});
