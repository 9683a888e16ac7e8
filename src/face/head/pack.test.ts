import { describe, expect, it } from 'vitest';
import { buildHead } from './head';
import { buffersOfHead, packDeltas, packHead } from './pack';

/** IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const size = exponent === 0 ? mantissa * 2 ** -24 : (1 + mantissa / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

describe('a packed head', () => {
  const head = packHead(buildHead('android'));
  const { model, span, texels } = head;

  it('has every displacement with its shape, to half a thousandth of itself', () => {
    for (let k = 0; k < model.shapes.length; k++) {
      expect(fromHalf(texels[8 * k + 3] ?? NaN)).toBe(model.shapes[k]);
      for (let i = 0; i < 6; i++) {
        const value = model.deltas[6 * k + i] ?? NaN;
        const packed = fromHalf(texels[8 * k + (i < 3 ? i : i + 1)] ?? NaN);
        if (Math.abs(packed - value) > Math.max(Math.abs(value) * 2 ** -11, 2 ** -25))
          throw new Error(`${value} became ${packed}`);
      }
    }
  });

  it('has all displacements of each vertex in a row', () => {
    let next = 0;
    for (let i = 0; i < model.vertices; i++) {
      expect(span[2 * i]).toBe(next);
      next += span[2 * i + 1] ?? NaN;
    }
    expect(next).toBe(model.shapes.length);
  });

  it('rounds at the ends of what half floats can hold', () => {
    const values = [1e9, -1e9, 65504, 2 ** -24, 2 ** -26, 0.99999];
    const { texels: packed } = packDeltas({
      vertices: 1,
      first: Uint32Array.of(0, 1),
      shapes: Uint8Array.of(0),
      deltas: Float32Array.from(values),
    });
    const found = [0, 1, 2, 4, 5, 6].map((at) => fromHalf(packed[at] ?? NaN));
    expect(found).toEqual([65504, -65504, 65504, 2 ** -24, 0, 1]);
  });

  it('goes to another thread with all its arrays', () => {
    const buffers = buffersOfHead(head);
    expect(new Set(buffers).size).toBe(buffers.length);
    const { positions, deltas, indices } = model;
    for (const { buffer } of [positions, deltas, indices, span, texels]) expect(buffers).toContain(buffer);
  });
});
