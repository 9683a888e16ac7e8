import { SimroomError } from '../../core/errors';
import { fromUtf8 } from '../../core/utf8';
import { damaged, invalid, MAX_GLB_BYTES, MAX_JSON_BYTES } from './limits';

/** What is in a GLB: a description, and the bytes that it speaks of. */
export interface Container {
  readonly json: unknown;
  readonly bin: Uint8Array;
}

/** `glTF`, `JSON` and `BIN` as little-endian numbers. */
export const GLB_MAGIC = 0x46546c67;
export const JSON_CHUNK = 0x4e4f534a;
export const BIN_CHUNK = 0x004e4942;

const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** Characters made in one call: arguments go over the stack. */
const RUN = 8192;

/**
 * Whether a file is small enough to be looked at, before it is read.
 *
 * @param size bytes
 * @throws SimroomError `file-too-large`
 */
export function checkGlbSize(size: number): void {
  if (size <= MAX_GLB_BYTES) return;
  throw new SimroomError(
    'file-too-large',
    `This head has ${megabytes(size)}; at most ${megabytes(MAX_GLB_BYTES)} can be shared in a room. ` +
      'Make its textures smaller (1024 pixels are plenty), leave out the body, and export it again.',
  );
}

/**
 * Takes a GLB apart (glTF 2.0, "GLB File Format"): a header, a chunk of JSON, and mostly one of bytes.
 *
 * @throws SimroomError `file-too-large`, `head-invalid`
 */
export function readContainer(bytes: Uint8Array): Container {
  checkGlbSize(bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint32(0, true) !== GLB_MAGIC) throw noGlb(bytes);
  const version = view.getUint32(4, true);
  if (version !== 2) {
    throw invalid(
      `This GLB is of version ${version}, and only version 2 can be read.`,
      'Export it as glTF 2.0 (.glb).',
    );
  }
  const length = view.getUint32(8, true);
  if (length > bytes.length) {
    throw invalid(
      `This GLB is cut short: ${bytes.length} of ${length} bytes are there.`,
      'Copy or download it again.',
    );
  }
  if (length < bytes.length) throw damaged(`it says ${length} bytes and has ${bytes.length}`);

  let text: Uint8Array | null = null;
  let bin: Uint8Array = new Uint8Array(0);
  for (let at = HEADER_BYTES; at < length;) {
    if (at + CHUNK_HEADER_BYTES > length) throw damaged('its last chunk is cut short');
    const size = view.getUint32(at, true);
    const type = view.getUint32(at + 4, true);
    at += CHUNK_HEADER_BYTES;
    if (size > length - at) throw damaged('a chunk is longer than the file');
    const chunk = bytes.subarray(at, at + size);
    if (text === null && type !== JSON_CHUNK) throw damaged('it does not begin with its description');
    if (text === null) text = chunk;
    // Chunks of other kinds are to be passed over.
    else if (type === BIN_CHUNK && bin.length === 0) bin = chunk;
    at += size;
  }
  if (text === null) throw damaged('there is nothing in it');
  return { json: parseJson(text), bin };
}

function parseJson(text: Uint8Array): unknown {
  if (text.length > MAX_JSON_BYTES) {
    throw new SimroomError(
      'file-too-large',
      `This head's description has ${megabytes(text.length)}; at most ${megabytes(MAX_JSON_BYTES)} are read. ` +
        'Export the head alone, without animations and other objects.',
    );
  }
  const decoded = decode(text);
  if (decoded === null) throw damaged('its description is not UTF-8');
  try {
    return JSON.parse(decoded);
  } catch (cause) {
    throw invalid('This head is damaged: its description is not JSON.', 'Export it again.', cause);
  }
}

/** UTF-8 that is mostly ASCII; null when it is none. */
function decode(bytes: Uint8Array): string | null {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const ascii = (bytes[at] ?? 0) < 0x80;
    let end = at + 1;
    while (end < bytes.length && end - at < RUN && (bytes[end] ?? 0) < 0x80 === ascii) end++;
    // A run of other characters may have been cut within one.
    while (!ascii && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end++;
    const run = bytes.subarray(at, end);
    const part = ascii ? String.fromCharCode(...run) : fromUtf8(run);
    if (part === null) return null;
    text += part;
    at = end;
  }
  return text;
}

/** What it is instead, as far as that can be told. */
function noGlb(bytes: Uint8Array): SimroomError {
  const start = String.fromCharCode(...bytes.subarray(0, 64)).trimStart();
  if (start.startsWith('{')) {
    return invalid(
      'This is a .gltf, whose geometry and textures lie in other files.',
      'Export it as one binary file: GLB (.glb).',
    );
  }
  if (start.startsWith('Kaydara FBX'))
    return invalid('This is an FBX file.', 'Export the head as GLB (.glb), with its shape keys.');
  return invalid('This is not a GLB file.', 'Export the head as glTF 2.0 binary: .glb or .vrm.');
}

function megabytes(bytes: number): string {
  return `${(bytes / (1 << 20)).toFixed(bytes < 10 << 20 ? 1 : 0)} MB`;
}
