import { SimroomError } from '../../core/errors';
import { toUtf8 } from '../../core/utf8';
import { checkGlb } from './check';
import { BIN_CHUNK, GLB_MAGIC, JSON_CHUNK } from './container';

/** Writers of heads as files, for tests. */

/** A description that tests may bend as they like. */
export type Draft = Record<string, unknown>;

const COMPONENT = new Map<string, number>([
  ['Float32Array', 5126],
  ['Uint32Array', 5125],
  ['Uint16Array', 5123],
  ['Uint8Array', 5121],
  ['Int16Array', 5122],
  ['Int8Array', 5120],
]);

type Numbers = Float32Array | Uint32Array | Uint16Array | Uint8Array | Int16Array | Int8Array;
type Type = 'SCALAR' | 'VEC2' | 'VEC3' | 'VEC4' | 'MAT4';
const SIZE: Readonly<Record<Type, number>> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 };

/** Gathers numbers and pictures, then writes a GLB around a description. */
export class GlbWriter {
  readonly accessors: Draft[] = [];
  readonly bufferViews: Draft[] = [];
  readonly images: Draft[] = [];
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  /** @returns the index of a buffer view with these bytes */
  view(bytes: Uint8Array): number {
    this.bufferViews.push({ buffer: 0, byteOffset: this.length, byteLength: bytes.length });
    const padded = new Uint8Array(bytes.length + ((4 - (bytes.length % 4)) % 4));
    padded.set(bytes);
    this.chunks.push(padded);
    this.length += padded.length;
    return this.bufferViews.length - 1;
  }

  /** @returns the index of an accessor of these numbers */
  numbers(values: Numbers, type: Type, more: Draft = {}): number {
    const count = values.length / SIZE[type];
    this.accessors.push({
      bufferView: this.view(bytesOf(values)),
      componentType: COMPONENT.get(values.constructor.name),
      count,
      type,
      ...more,
    });
    return this.accessors.length - 1;
  }

  /** @returns the index of an accessor of places, with their bounds, as glTF wants it */
  places(values: Float32Array): number {
    const bound = (which: 'min' | 'max'): number[] =>
      [0, 1, 2].map((k) =>
        values.reduce((most, value, i) => (i % 3 === k ? Math[which](most, value) : most), values[k] ?? 0),
      );
    return this.numbers(values, 'VEC3', { min: bound('min'), max: bound('max') });
  }

  /** @returns the index of an accessor of which only what is not 0 is written */
  sparse(values: Float32Array, type: 'VEC3'): number {
    const size = SIZE[type];
    const which: number[] = [];
    for (let i = 0; i < values.length / size; i++)
      if (values.subarray(size * i, size * i + size).some((value) => value !== 0)) which.push(i);
    const kept = Float32Array.from(which.flatMap((i) => [...values.subarray(size * i, size * i + size)]));
    this.accessors.push({
      componentType: 5126,
      count: values.length / size,
      type,
      ...(which.length > 0 && {
        sparse: {
          count: which.length,
          indices: { bufferView: this.view(bytesOf(Uint32Array.from(which))), componentType: 5125 },
          values: { bufferView: this.view(bytesOf(kept)) },
        },
      }),
    });
    return this.accessors.length - 1;
  }

  /** @returns the index of a picture */
  image(bytes: Uint8Array, mimeType: string): number {
    this.images.push({ bufferView: this.view(bytes), mimeType });
    return this.images.length - 1;
  }

  finish(description: Draft): Uint8Array<ArrayBuffer> {
    const bin = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.chunks) {
      bin.set(chunk, at);
      at += chunk.length;
    }
    const { accessors, bufferViews, images } = this;
    return glbOf(
      {
        asset: { version: '2.0' },
        buffers: [{ byteLength: bin.length }],
        bufferViews,
        accessors,
        ...(images.length > 0 && { images }),
        ...description,
      },
      bin,
    );
  }
}

/** A GLB of a description, given as text or as what it says, and bytes. */
export function glbOf(json: unknown, bin: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const text = toUtf8(typeof json === 'string' ? json : JSON.stringify(json));
  const textLength = text.length + ((4 - (text.length % 4)) % 4);
  const out = new Uint8Array(12 + 8 + textLength + (bin.length > 0 ? 8 + bin.length : 0));
  const view = new DataView(out.buffer);
  const words = [GLB_MAGIC, 2, out.length, textLength, JSON_CHUNK];
  words.forEach((word, i) => view.setUint32(4 * i, word, true));
  out.fill(0x20, 20, 20 + textLength);
  out.set(text, 20);
  if (bin.length > 0) {
    view.setUint32(20 + textLength, bin.length, true);
    view.setUint32(24 + textLength, BIN_CHUNK, true);
    out.set(bin, 28 + textLength);
  }
  return out;
}

/** A PNG of RGBA pixels, rows from the top, not compressed. */
export function pngOf(
  width: number,
  height: number,
  rgba: (x: number, y: number) => readonly number[],
): Uint8Array {
  const raw = new Uint8Array(height * (1 + 4 * width));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) raw.set(rgba(x, y), y * (1 + 4 * width) + 1 + 4 * x);
  const blocks: number[] = [0x78, 1];
  for (let at = 0; at < raw.length; at += 0xffff) {
    const block = raw.subarray(at, at + 0xffff);
    const n = block.length;
    blocks.push(at + n >= raw.length ? 1 : 0, n & 255, n >> 8, ~n & 255, (~n >> 8) & 255, ...block);
  }
  let [a, b] = [1, 0];
  for (const value of raw) {
    a = (a + value) % 65521;
    b = (b + a) % 65521;
  }
  blocks.push(...be(((b << 16) | a) >>> 0));
  return Uint8Array.from([
    ...be(0x89504e47),
    ...be(0x0d0a1a0a),
    ...pngChunk('IHDR', [...be(width), ...be(height), 8, 6, 0, 0, 0]),
    ...pngChunk('IDAT', blocks),
    ...pngChunk('IEND', []),
  ]);
}

function pngChunk(name: string, data: readonly number[]): readonly number[] {
  const body = [...toUtf8(name), ...data];
  let crc = 0xffffffff;
  for (const value of body) {
    crc ^= value;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return [...be(data.length), ...body, ...be(~crc >>> 0)];
}

function be(value: number): readonly number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function bytesOf(values: Numbers): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}

export interface SmallHead {
  readonly names?: readonly string[];
  readonly mesh?: Draft;
  readonly primitive?: Draft;
  readonly more?: Draft;
  readonly positions?: Float32Array;
  readonly picture?: Uint8Array;
}

/** A tetrahedron whose tip moves. */
export function smallHead({
  names = ['jawOpen', 'eyeBlinkLeft'],
  mesh,
  primitive,
  more,
  positions,
  picture,
}: SmallHead = {}): Uint8Array<ArrayBuffer> {
  const writer = new GlbWriter();
  const corners = positions ?? Float32Array.from([0, 0, 0, 0.1, 0, 0, 0, 0.2, 0, 0, 0, 0.1]);
  const moved = Float32Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -0.05, 0]);
  if (picture) writer.image(picture, 'image/png');
  return writer.finish({
    nodes: [{ name: 'Head', mesh: 0 }],
    meshes: [
      {
        primitives: [
          {
            attributes: { POSITION: writer.numbers(corners, 'VEC3') },
            indices: writer.numbers(Uint16Array.from([0, 2, 1, 0, 1, 3, 1, 2, 3, 0, 3, 2]), 'SCALAR'),
            targets: names.map(() => ({ POSITION: writer.numbers(moved, 'VEC3') })),
            ...primitive,
          },
        ],
        extras: { targetNames: names },
        ...mesh,
      },
    ],
    ...more,
  });
}

/** What is said of a file: its code and its words. */
export function refusal(bytes: Uint8Array): { code: string; message: string } {
  try {
    checkGlb(bytes);
  } catch (thrown) {
    if (thrown instanceof SimroomError) return { code: thrown.code, message: thrown.message };
    throw thrown;
  }
  return { code: 'none', message: 'it is a head' };
}
