/** `\0asm` and the version: WebAssembly core specification, 5.5.16. */
const HEADER_BYTES = 8;
const CUSTOM_SECTION = 0;

/**
 * Copies a wasm module without its custom sections (names, debug information, tool notes), which no engine needs.
 * Functions, data and therefore results stay the same.
 *
 * @throws Error when the bytes are no wasm module or end within a section
 */
export function stripCustomSections(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  if (new DataView(wasm.buffer, wasm.byteOffset, wasm.byteLength).getUint32(0) !== 0x0061736d) {
    throw new Error('not a WebAssembly module');
  }
  const kept = [wasm.subarray(0, HEADER_BYTES)];
  for (let at = HEADER_BYTES; at < wasm.byteLength;) {
    const [size, body] = readLeb128(wasm, at + 1);
    const end = body + size;
    if (end > wasm.byteLength) throw new Error(`wasm section at byte ${String(at)} is cut off`);
    if (wasm[at] !== CUSTOM_SECTION) kept.push(wasm.subarray(at, end));
    at = end;
  }
  const out = new Uint8Array(kept.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of kept) {
    out.set(part, at);
    at += part.byteLength;
  }
  return out;
}

/** Reads an unsigned LEB128 of up to 32 bits: its value and the offset after it. */
function readLeb128(bytes: Uint8Array, offset: number): readonly [value: number, next: number] {
  let value = 0;
  for (let shift = 0, at = offset; shift < 35; shift += 7, at++) {
    const byte = bytes[at];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at + 1];
  }
  throw new Error(`wasm section size at byte ${String(offset)} is invalid`);
}
