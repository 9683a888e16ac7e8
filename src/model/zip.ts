/**
 * Reading zip archives (.zip, .mjz) that may be hostile: the directory is checked whole before anything is unpacked,
 * and each file is unpacked into a buffer of its declared size and checked against its CRC.
 */

import { inflateSync } from 'fflate';
import { SimroomError } from '../core/errors';
import {
  MAX_ARCHIVE_ENTRIES,
  MAX_ARCHIVE_RATIO,
  MAX_FILE_BYTES,
  MAX_MODEL_BYTES,
  RATIO_FREE_BYTES,
  sizeText,
} from './limits';
import { checkPath } from './paths';

// Zip records (PKWARE APPNOTE 6.3): signature and fixed length in bytes.
const END_SIGNATURE = 0x06_05_4b_50;
const END_BYTES = 22;
const ENTRY_SIGNATURE = 0x02_01_4b_50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04_03_4b_50;
const LOCAL_BYTES = 30;
/** A comment of this length may follow the end record. */
const MAX_COMMENT_BYTES = 0xff_ff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;
/** Unix file type, in the upper half of the external attributes. */
const UNIX_TYPE_MASK = 0xf0_00;
const UNIX_SYMLINK = 0xa0_00;

interface ZipEntry {
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly bytes: number;
  readonly offset: number;
}

export interface ZipArchive {
  /** Paths of the files. */
  readonly paths: readonly string[];
  /** Unpacks one file. */
  read(path: string): Uint8Array;
}

/**
 * Opens an archive.
 *
 * @param name the archive's name, for messages
 * @throws SimroomError `archive-invalid`, `archive-too-large`, `path-unsafe`
 */
export function openZip(data: Uint8Array, name: string): ZipArchive {
  const entries = directoryOf(data, name);
  const total = [...entries.values()].reduce((sum, entry) => sum + entry.bytes, 0);
  if (total > MAX_MODEL_BYTES)
    throw tooLarge(
      name,
      `its files have ${sizeText(total)} unpacked, at most ${sizeText(MAX_MODEL_BYTES)} are loaded`,
    );
  if (total > RATIO_FREE_BYTES && total > data.length * MAX_ARCHIVE_RATIO)
    throw tooLarge(name, `${sizeText(data.length)} would unpack to ${sizeText(total)}, which no model needs`);
  return {
    paths: [...entries.keys()],
    read(path) {
      const entry = entries.get(path);
      if (entry === undefined) throw new SimroomError('not-found', `${name} holds no file ${path}.`);
      return unpack(data, entry, name);
    },
  };
}

function directoryOf(data: Uint8Array, name: string): Map<string, ZipEntry> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const end = endRecord(view, name);
  const count = view.getUint16(end + 10, true);
  if (count > MAX_ARCHIVE_ENTRIES)
    throw tooLarge(name, `it has ${count} entries, at most ${MAX_ARCHIVE_ENTRIES} are read`);
  let at = view.getUint32(end + 16, true);
  const entries = new Map<string, ZipEntry>();
  for (let i = 0; i < count; i += 1) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY_SIGNATURE)
      throw damaged(name, 'its directory is damaged');
    const flags = view.getUint16(at + 8, true);
    const nameBytes = view.getUint16(at + 28, true);
    const path = decodeName(data.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes));
    const isFolder = path.endsWith('/');
    const safe = checkPath(path, name);
    if (((view.getUint32(at + 38, true) >>> 16) & UNIX_TYPE_MASK) === UNIX_SYMLINK)
      throw new SimroomError(
        'path-unsafe',
        `${name} holds a symbolic link, ${path}: nothing was loaded. Pack the files themselves.`,
        { file: path },
      );
    if ((flags & ENCRYPTED_FLAG) !== 0) throw damaged(name, 'it is encrypted: pack it without a password');
    const entry: ZipEntry = {
      path: safe,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    if (entry.method !== STORED && entry.method !== DEFLATED)
      throw damaged(name, `${path} is packed by method ${entry.method}, and only deflate is read`);
    if (!isFolder) entries.set(safe, entry);
    at += ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function endRecord(view: DataView, name: string): number {
  const first = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = view.byteLength - END_BYTES; at >= first; at -= 1)
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  throw damaged(name, 'it is cut off or no zip archive');
}

function unpack(data: Uint8Array, entry: ZipEntry, name: string): Uint8Array {
  if (entry.bytes > MAX_FILE_BYTES)
    throw tooLarge(
      name,
      `${entry.path} has ${sizeText(entry.bytes)}, at most ${sizeText(MAX_FILE_BYTES)} are loaded`,
    );
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (entry.offset + LOCAL_BYTES > data.length || view.getUint32(entry.offset, true) !== LOCAL_SIGNATURE)
    throw damaged(name, `${entry.path} is not where its directory says`);
  const start =
    entry.offset +
    LOCAL_BYTES +
    view.getUint16(entry.offset + 26, true) +
    view.getUint16(entry.offset + 28, true);
  const packed = data.subarray(start, start + entry.packed);
  const bytes = entry.method === STORED ? packed.slice() : inflate(packed, entry, name);
  if (bytes.length !== entry.bytes || crc32(bytes) !== entry.crc)
    throw damaged(name, `${entry.path} is damaged`);
  return bytes;
}

function inflate(packed: Uint8Array, entry: ZipEntry, name: string): Uint8Array {
  try {
    // A fixed buffer: what a lying entry has beyond its declared size is dropped, and its CRC gives it away.
    return inflateSync(packed, { out: new Uint8Array(entry.bytes) });
  } catch (thrown) {
    throw damaged(
      name,
      `${entry.path} is damaged (${thrown instanceof Error ? thrown.message : String(thrown)})`,
    );
  }
}

/** Names are UTF-8 in every archive made today; older ones lose their accents only. */
function decodeName(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

const CRC_POLYNOMIAL = 0xed_b8_83_20;
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? CRC_POLYNOMIAL : 0);
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}

function damaged(name: string, why: string): SimroomError {
  return new SimroomError(
    'archive-invalid',
    `${name} cannot be unpacked: ${why}. Pack the model again as .zip.`,
    {
      file: name,
    },
  );
}

function tooLarge(name: string, why: string): SimroomError {
  return new SimroomError('archive-too-large', `${name} was not unpacked: ${why}.`, { file: name });
}
