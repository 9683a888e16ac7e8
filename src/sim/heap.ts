/**
 * The edge to MuJoCo's embind objects, whose array properties are typed `any`: each is checked once here.
 */

/** A live float64 view into the wasm heap; it detaches when the heap grows. */
export function doubles(value: unknown): Float64Array {
  if (value instanceof Float64Array) return value;
  throw new TypeError('expected a float64 view of the wasm heap');
}

/** A live int32 view into the wasm heap. */
export function ints(value: unknown): Int32Array {
  if (value instanceof Int32Array) return value;
  throw new TypeError('expected an int32 view of the wasm heap');
}

/** A live float32 view into the wasm heap. */
export function floats(value: unknown): Float32Array {
  if (value instanceof Float32Array) return value;
  throw new TypeError('expected a float32 view of the wasm heap');
}

/** A live byte view into the wasm heap. */
export function bytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new TypeError('expected a byte view of the wasm heap');
}
