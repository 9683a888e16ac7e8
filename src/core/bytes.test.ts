import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from './bytes';

describe('ByteWriter and ByteReader', () => {
  it('read what was written', () => {
    fc.assert(
      fc.property(
        fc.nat(255),
        fc.maxSafeNat(),
        fc.double(),
        fc.float(),
        fc.uint8Array(),
        fc.float64Array(),
        (byte, integer, double, float, blob, doubles) => {
          const out = new ByteWriter();
          out.u8(byte);
          out.varint(integer);
          out.f64(double);
          out.f32(float);
          out.blob(blob);
          out.f64s(doubles);
          const input = new ByteReader(out.finish());
          expect(input.u8()).toBe(byte);
          expect(input.varint()).toBe(integer);
          expect(input.f64()).toBe(double);
          expect(input.f32()).toBe(float);
          expect(input.blob()).toEqual(blob);
          expect(input.f64s()).toEqual(doubles);
          expect(input.ok).toBe(true);
          expect(input.remaining).toBe(0);
        },
      ),
    );
  });

  it('gives zeros and fails past the end', () => {
    const input = new ByteReader(Uint8Array.of(1));
    expect(input.f64()).toBe(0);
    expect(input.ok).toBe(false);
    expect(input.u8()).toBe(0);
  });

  it('does not believe a count that the bytes cannot hold', () => {
    const out = new ByteWriter();
    out.varint(2 ** 40);
    const input = new ByteReader(out.finish());
    expect(input.f64s()).toHaveLength(0);
    expect(input.ok).toBe(false);
  });

  it('refuses integers that are not exact', () => {
    const input = new ByteReader(Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 255, 1));
    expect(input.varint()).toBe(0);
    expect(input.ok).toBe(false);
  });

  it('refuse to write integers that nobody could read', () => {
    for (const bad of [-1, Number.NaN, Infinity, -Infinity, 2 ** 53]) {
      expect(() => new ByteWriter().varint(bad)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    }
  });

  it('give nothing of an integer that is cut off', () => {
    const input = new ByteReader(Uint8Array.of(0x85));
    expect(input.varint()).toBe(0);
    expect(input.ok).toBe(false);
  });

  it('give copies, also of memory that a Node Buffer shares', () => {
    const shared = Buffer.from([3, 1, 2, 3]);
    const blob = new ByteReader(shared).blob();
    shared.fill(9);
    expect(blob).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('stay inside the bytes given, whatever is asked of them', () => {
    const step = fc.oneof(
      fc.constantFrom(
        'u8' as const,
        'f32' as const,
        'f64' as const,
        'varint' as const,
        'blob' as const,
        'f64s' as const,
      ),
      fc.oneof(fc.nat(40), fc.maxSafeNat()),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(step, { maxLength: 12 }), (bytes, steps) => {
        const around = new Uint8Array(bytes.length + 64).fill(0x55);
        around.set(bytes, 32);
        const input = new ByteReader(around.subarray(32, 32 + bytes.length));
        for (const what of steps) {
          const result = typeof what === 'number' ? input.raw(what) : input[what]();
          expect(typeof result === 'number' ? 0 : result.byteLength).toBeLessThanOrEqual(bytes.length);
          expect(input.remaining).toBeGreaterThanOrEqual(0);
          expect(input.position + input.remaining).toBe(bytes.length);
        }
        input.raw(bytes.length + 1);
        expect([input.ok, input.u8(), input.f32(), input.f64(), input.varint()]).toEqual([false, 0, 0, 0, 0]);
      }),
    );
  });
});
