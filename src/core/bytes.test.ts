import fc from 'fast-check';
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
});
