import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../core/bytes';
import {
  type Codec,
  blob,
  bytes,
  decode,
  encode,
  f64,
  flag,
  list,
  nullable,
  oneOf,
  struct,
  text,
  u8,
  union,
  varint,
} from './schema';

function bytesOf(write: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter();
  write(out);
  return out.finish();
}

/** Asserts that a codec reads what it writes, exactly, and nothing shorter or longer. */
function keeps<T>(codec: Codec<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, (wanted) => {
      const message = encode(codec, wanted);
      expect(decode(codec, message)).toEqual(wanted);
      expect(decode(codec, Uint8Array.of(...message, 0))).toBeNull();
      expect(decode(codec, message.subarray(0, -1))).toBeNull();
    }),
  );
}

const shape = union({
  point: [3, struct({ x: f64, y: f64 })],
  name: [7, struct({ text: text(20), tags: list(oneOf('a', 'b', 'c'), 4), note: nullable(blob(9)) })],
  none: [0, struct({})],
});
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** At most 20 bytes. */
const word = fc.string({ unit: 'binary', maxLength: 5 });
const shapes = fc.oneof(
  fc.record({ kind: fc.constant('point' as const), x: finite, y: finite }),
  fc.record({
    kind: fc.constant('name' as const),
    text: word,
    tags: fc.array(fc.constantFrom('a' as const, 'b' as const, 'c' as const), { maxLength: 4 }),
    note: fc.option(fc.uint8Array({ maxLength: 9 })),
  }),
  fc.record({ kind: fc.constant('none' as const) }),
);

describe('primitives', () => {
  it('PRIM-1 PRIM-4 write numbers low byte first and keep every finite float64', () => {
    expect(encode(f64, 1)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf0, 0x3f));
    keeps(f64, finite);
  });

  it('PRIM-4 refuse NaN and infinities', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity]) expect(decode(f64, encode(f64, bad))).toBeNull();
  });

  it('PRIM-2 write seven bits a byte and keep every integer up to 2^53 - 1', () => {
    expect(encode(varint, 127)).toEqual(Uint8Array.of(127));
    expect(encode(varint, 300)).toEqual(Uint8Array.of(0xac, 2));
    expect(encode(varint, Number.MAX_SAFE_INTEGER)).toHaveLength(8);
    keeps(varint, fc.maxSafeNat());
    keeps(u8, fc.nat(255));
  });

  it('PRIM-2 refuse integers beyond 2^53 - 1 and accept ones that are padded', () => {
    expect(decode(varint, Uint8Array.of(0x85, 0x80, 0))).toBe(5);
    expect(decode(varint, Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10))).toBeNull();
    expect(decode(varint, new Uint8Array(9).fill(0x80))).toBeNull();
  });

  it('PRIM-3 refuse a flag that is neither 0 nor 1', () => {
    keeps(flag, fc.boolean());
    for (const byte of [2, 128, 255]) expect(decode(flag, Uint8Array.of(byte))).toBeNull();
  });

  it('PRIM-5 keep bytes, and refuse a blob beyond its limit or its message', () => {
    keeps(bytes(7), fc.uint8Array({ minLength: 7, maxLength: 7 }));
    keeps(blob(30), fc.uint8Array({ maxLength: 30 }));
    expect(decode(blob(4), encode(blob(5), new Uint8Array(5)))).toBeNull();
    expect(
      decode(
        blob(2 ** 40),
        bytesOf((out) => out.varint(2 ** 39)),
      ),
    ).toBeNull();
  });

  it('PRIM-6 refuse what is not UTF-8, and clip what is too long between two characters', () => {
    keeps(text(20), word);
    expect(decode(text(9), Uint8Array.of(2, 0xc0, 0x80))).toBeNull();
    expect(decode(text(9), Uint8Array.of(3, 0xed, 0xa0, 0x80))).toBeNull();
    expect(decode(text(9), encode(text(9), 'né'.repeat(9)))).toBe('nénéné');
    expect(decode(text(2), encode(text(9), 'abc'))).toBeNull();
  });

  it('PRIM-7 refuse a word that is not in the list', () => {
    const role = oneOf('admin', 'viewer');
    keeps(role, fc.constantFrom('admin' as const, 'viewer' as const));
    expect(decode(role, Uint8Array.of(2))).toBeNull();
    expect(decode(role, encode(role, 'nobody' as 'admin'))).toBeNull();
  });

  it('PRIM-8 PRIM-9 refuse a count beyond the limit or the message, and a null that is none', () => {
    keeps(list(varint, 9), fc.array(fc.maxSafeNat(), { maxLength: 9 }));
    keeps(nullable(varint), fc.option(fc.maxSafeNat()));
    expect(decode(list(u8, 2), Uint8Array.of(3, 1, 1, 1))).toBeNull();
    expect(decode(nullable(u8), Uint8Array.of(2, 1))).toBeNull();
  });

  it('PRIM-10 PRIM-11 PRIM-12 keep unions of structs, exactly as long as they are', () => {
    keeps(shape, shapes as fc.Arbitrary<never>);
    expect(encode(shape, { kind: 'none' })).toEqual(Uint8Array.of(0));
    for (const number of [1, 2, 4, 255]) expect(decode(shape, Uint8Array.of(number))).toBeNull();
  });

  it('PRIM-13 fail at once on a count that lies, without room for what it counts', () => {
    const start = performance.now();
    let items = 0;
    const counted: Codec<number> = { write: u8.write, read: (input) => ((items += 1), input.u8()) };
    for (let i = 0; i < 1000; i++) {
      const lie = bytesOf((out) => out.varint(Number.MAX_SAFE_INTEGER - i));
      expect(decode(list(counted, Infinity), lie)).toBeNull();
      expect(decode(blob(Infinity), lie)).toBeNull();
      expect(decode(text(Infinity), lie)).toBeNull();
      expect(decode(bytes(2 ** 40), lie)).toBeNull();
    }
    expect(items).toBe(0);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('PRIM-13 read at most as many items as there are bytes', () => {
    let items = 0;
    const nothing: Codec<number> = { write: () => undefined, read: () => (items += 1) };
    expect(decode(list(nothing, Infinity), Uint8Array.of(3, 0, 0, 0))).toBeNull();
    expect(items).toBe(3);
  });
});
