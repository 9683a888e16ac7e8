import { buffersOf } from '../../core/buffers';
import type { HeadModel } from './head';

/** Texels in a row of the texture of displacements; each displacement takes two, of position and of normal. */
export const DELTA_ROW = 2048;

/** Displacements as the graphics card takes them. */
export interface PackedDeltas {
  /** Per vertex: its first displacement, and how many it has. */
  readonly span: Float32Array<ArrayBuffer>;
  /** Texels of four half floats: a displacement of position with its shape's number, then of normal. */
  readonly texels: Uint16Array<ArrayBuffer>;
}

/** A head as the graphics card takes it. */
export interface PackedHead extends PackedDeltas {
  readonly model: HeadModel;
}

/** Puts a head's displacements into the form of a texture: some ten milliseconds, better spent in a worker. */
export function packHead(model: HeadModel): PackedHead {
  return { model, ...packDeltas(model) };
}

/** As {@link packHead}, of any displacements that are sorted by vertex. */
export function packDeltas({
  vertices,
  first,
  shapes,
  deltas,
}: Pick<HeadModel, 'vertices' | 'first' | 'shapes' | 'deltas'>): PackedDeltas {
  const span = new Float32Array(2 * vertices);
  for (let i = 0; i < vertices; i++) {
    span[2 * i] = first[i] ?? 0;
    span[2 * i + 1] = (first[i + 1] ?? 0) - (first[i] ?? 0);
  }
  const texels = new Uint16Array(4 * DELTA_ROW * Math.ceil((2 * shapes.length) / DELTA_ROW));
  for (let k = 0; k < shapes.length; k++) {
    for (let i = 0; i < 3; i++) {
      texels[8 * k + i] = toHalf(deltas[6 * k + i] ?? 0);
      texels[8 * k + 4 + i] = toHalf(deltas[6 * k + 3 + i] ?? 0);
    }
    texels[8 * k + 3] = toHalf(shapes[k] ?? 0);
  }
  return { span, texels };
}

/** The buffers of a packed head, to be handed to another thread with it. */
export function buffersOfHead({ model, span, texels }: PackedHead): ArrayBuffer[] {
  const parts: readonly unknown[] = Object.values(model);
  return buffersOf([...parts, span, texels]);
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** IEEE 754 binary16, rounded to nearest; what is too large becomes the largest there is. */
function toHalf(value: number): number {
  float[0] = value;
  const from = bits[0] ?? 0;
  const sign = (from >>> 16) & 0x8000;
  // Exponents are biased by 127 there, by 15 here.
  const exponent = ((from >>> 23) & 0xff) - 112;
  const mantissa = from & 0x7fffff;
  if (exponent >= 31) return sign | 0x7bff;
  // A carry out of the mantissa belongs into the exponent.
  if (exponent > 0) return sign | ((exponent << 10) + ((mantissa + 0x1000) >> 13));
  if (exponent < -10) return sign;
  const shift = 14 - exponent;
  return sign | (((mantissa | 0x800000) + (1 << (shift - 1))) >> shift);
}
