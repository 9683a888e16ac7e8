/**
 * MurmurHash3 x86 128-bit over the raw bits of float64s: fast in plain JavaScript, the same on every machine.
 *
 * Not cryptographic: it detects divergence, it does not protect against forgery.
 * Source: Austin Appleby's MurmurHash3 (public domain), `MurmurHash3_x86_128` with seed 0.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

const rotl = (x: number, r: number): number => (x << r) | (x >>> (32 - r));

function finalMix(h: number): number {
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

const hex = (x: number): string => (x >>> 0).toString(16).padStart(8, '0');

/**
 * Hash of the bits of some float64s.
 *
 * @returns 32 hex digits
 */
export function hashDoubles(values: Float64Array): string {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const blocks = words.length >> 2;
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  for (let i = 0; i < blocks * 4; i += 4) {
    h1 ^= Math.imul(rotl(Math.imul(words[i] ?? 0, C1), 15), C2);
    h1 = (Math.imul(rotl(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotl(Math.imul(words[i + 1] ?? 0, C2), 16), C3);
    h2 = (Math.imul(rotl(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotl(Math.imul(words[i + 2] ?? 0, C3), 17), C4);
    h3 = (Math.imul(rotl(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotl(Math.imul(words[i + 3] ?? 0, C4), 18), C1);
    h4 = (Math.imul(rotl(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  if (words.length & 2) {
    // An odd number of doubles leaves eight bytes.
    h2 ^= Math.imul(rotl(Math.imul(words[blocks * 4 + 1] ?? 0, C2), 16), C3);
    h1 ^= Math.imul(rotl(Math.imul(words[blocks * 4] ?? 0, C1), 15), C2);
  }
  const length = values.length * 8;
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finalMix(h1);
  h2 = finalMix(h2);
  h3 = finalMix(h3);
  h4 = finalMix(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  return hex(h1) + hex(h2) + hex(h3) + hex(h4);
}
