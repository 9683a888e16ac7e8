import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { fromBase64url, fromHex, toBase64url, toHex } from './encoding';

describe('base64url', () => {
  it('is that of RFC 4648, without padding', () => {
    const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    expect(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => toBase64url(bytes(text)))).toEqual(
      ['', 'Zg', 'Zm8', 'Zm9v', 'Zm9vYg', 'Zm9vYmE', 'Zm9vYmFy'],
    );
    expect(toBase64url(Uint8Array.of(0xfb, 0xff, 0xbf))).toBe('-_-_');
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
      }),
    );
  });

  it('has one spelling for the same bytes, and null for anything else', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'AQgwZ09-_', '=', '+', '/', ' ', 'é', '😀') });
    fc.assert(
      fc.property(fc.oneof(letters, fc.string({ unit: 'binary' })), (text) => {
        const bytes = fromBase64url(text);
        expect(bytes === null || toBase64url(bytes) === text).toBe(true);
      }),
    );
    for (const wrong of ['A', 'AAAAA', 'AB', 'AAB', 'AA==', 'AA+A', 'AA/A', ' AAA', 'AA\nA']) {
      expect(fromBase64url(wrong), wrong).toBeNull();
    }
  });
});

describe('hex', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
    );
    expect(toHex(Uint8Array.of(0, 1, 0xab, 0xff))).toBe('0001abff');
  });

  it('has one spelling for the same bytes, and null for anything else', () => {
    for (const wrong of ['0', 'AB', '0x', 'gg', '00 ', '-1']) expect(fromHex(wrong), wrong).toBeNull();
  });
});
