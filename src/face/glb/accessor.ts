import type { Gltf } from './document';
import { countAt, indexAt, isObject, textAt, toIndex, type Json } from './json';
import { damaged, MOST } from './limits';

/** Numbers of one element. */
const SIZES = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 } as const;
export type ElementType = keyof typeof SIZES;

interface Component {
  readonly bytes: number;
  /** What stands for 1 in a normalised number. */
  readonly one: number;
  read(view: DataView, at: number): number;
}

/** By glTF's numbers for them, which are OpenGL's. */
const COMPONENTS: ReadonlyMap<number, Component> = new Map([
  [5120, { bytes: 1, one: 127, read: (view: DataView, at: number) => view.getInt8(at) }],
  [5121, { bytes: 1, one: 255, read: (view: DataView, at: number) => view.getUint8(at) }],
  [5122, { bytes: 2, one: 32767, read: (view: DataView, at: number) => view.getInt16(at, true) }],
  [5123, { bytes: 2, one: 65535, read: (view: DataView, at: number) => view.getUint16(at, true) }],
  [5125, { bytes: 4, one: 2 ** 32 - 1, read: (view: DataView, at: number) => view.getUint32(at, true) }],
  [5126, { bytes: 4, one: 1, read: (view: DataView, at: number) => view.getFloat32(at, true) }],
]);

/** Numbers beyond this are no places of a head, whatever its unit. */
const MAX_NUMBER = 1e7;

/**
 * How many elements an accessor has.
 *
 * @throws SimroomError `head-invalid`
 */
export function accessorCount(gltf: Gltf, index: number): number {
  return countAt(gltf.accessors[index] ?? {}, 'count');
}

/**
 * The numbers of an accessor: sparse, interleaved, quantised or plain. Whole numbers up to 2^24 are exact.
 *
 * @param count elements that there must be; any number where left out
 * @throws SimroomError `head-invalid` when the file does not hold them, or holds what is no number
 */
export function readAccessor(
  gltf: Gltf,
  index: number,
  types: readonly ElementType[],
  count?: number,
): Float32Array {
  const accessor = gltf.accessors[index] ?? {};
  const type = types.find((name) => name === textAt(accessor, 'type'));
  if (type === undefined) throw damaged(`an accessor is not ${types.join(' or ')}`);
  const size = SIZES[type];
  const elements = countAt(accessor, 'count');
  if (count !== undefined && elements !== count)
    throw damaged(`an accessor has ${elements} elements instead of ${count}`);
  if (elements > 3 * MOST.triangles) throw damaged('an accessor has too many elements');

  const out = new Float32Array(size * elements);
  const format = formatOf(accessor);
  const view = indexAt(accessor, 'bufferView', gltf.views.length);
  const scale = accessor['normalized'] === true ? 1 / format.one : 1;
  if (view >= 0)
    fill(gltf, view, countAt(accessor, 'byteOffset'), format, size, elements, scale, (i) => i, out);
  const { sparse } = accessor;
  if (isObject(sparse)) overlay(gltf, sparse, format, size, elements, scale, out);
  for (const value of out)
    if (!(Math.abs(value) < MAX_NUMBER)) throw damaged('among its numbers are some that are none');
  return out;
}

/** Replaces the elements that a sparse accessor names. */
function overlay(
  gltf: Gltf,
  sparse: Json,
  format: Component,
  size: number,
  elements: number,
  scale: number,
  out: Float32Array,
): void {
  const count = countAt(sparse, 'count');
  if (count > elements) throw damaged('a sparse accessor has more elements than there are');
  const { indices, values } = sparse;
  if (!isObject(indices) || !isObject(values)) throw damaged('a sparse accessor is incomplete');
  const which = new Float32Array(count);
  fill(
    gltf,
    viewOf(gltf, indices),
    countAt(indices, 'byteOffset'),
    formatOf(indices),
    1,
    count,
    1,
    (i) => i,
    which,
  );
  const place = (i: number): number => toIndex(which[i], elements, 'sparse');
  fill(gltf, viewOf(gltf, values), countAt(values, 'byteOffset'), format, size, count, scale, place, out);
}

function fill(
  gltf: Gltf,
  view: number,
  offset: number,
  { bytes, read }: Component,
  size: number,
  elements: number,
  scale: number,
  place: (i: number) => number,
  out: Float32Array,
): void {
  const { bytes: data, stride } = gltf.views[view] ?? { bytes: new Uint8Array(0), stride: 0 };
  const step = stride === 0 ? bytes * size : stride;
  if (elements > 0 && offset + step * (elements - 1) + bytes * size > data.length)
    throw damaged('an accessor reaches beyond the end of its bytes');
  const from = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < elements; i++) {
    const to = size * place(i);
    const at = offset + step * i;
    for (let k = 0; k < size; k++) {
      const value = read(from, at + bytes * k) * scale;
      // The lowest of a signed normalised number is below -1.
      out[to + k] = scale === 1 ? value : Math.max(-1, value);
    }
  }
}

function viewOf(gltf: Gltf, owner: Json): number {
  return toIndex(owner['bufferView'], gltf.views.length, 'bufferView');
}

function formatOf(owner: Json): Component {
  const format = COMPONENTS.get(countAt(owner, 'componentType'));
  if (!format) throw damaged('an accessor is of no known kind');
  return format;
}
