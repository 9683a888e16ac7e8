import { ByteReader, ByteWriter } from '../core/bytes';
import { SimroomError } from '../core/errors';
import { fromUtf8, toUtf8 } from '../core/utf8';

/**
 * The tape file: a world that can be opened elsewhere and plays to the same bits.
 *
 * `"SIMTAPE" | version u8 | wasm sha256 (blob, hex) | origin (blob, UTF-8) | bundle (blob) | checkpoint (blob) |
 * entries (blob) | end tick (varint) | end hash (blob, hex)`; little-endian, lengths as varints.
 */
export interface TapeFile {
  /** SHA-256 of MuJoCo's wasm, hex: the same bits are promised with the same wasm only. */
  readonly wasm: string;
  /** Where the model came from, for people. */
  readonly origin: string;
  /** The model's files, packed. */
  readonly bundle: Uint8Array;
  /** Where the tape starts. */
  readonly checkpoint: Uint8Array;
  /** What was done since. */
  readonly entries: Uint8Array;
  /** Where it ends, and the hash there. */
  readonly tick: number;
  readonly hash: string;
}

const MAGIC = [...'SIMTAPE'].map((letter) => letter.charCodeAt(0));
const VERSION = 1;

function readText(bytes: Uint8Array): string {
  const text = fromUtf8(bytes);
  if (text === null) throw damaged();
  return text;
}

function damaged(): SimroomError {
  return new SimroomError(
    'tape-invalid',
    'This is not a whole Simroom tape: the file is damaged or of another kind. Save it again where it came from.',
  );
}

export function encodeTapeFile(file: TapeFile): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  for (const byte of MAGIC) out.u8(byte);
  out.u8(VERSION);
  out.blob(toUtf8(file.wasm));
  out.blob(toUtf8(file.origin));
  out.blob(file.bundle);
  out.blob(file.checkpoint);
  out.blob(file.entries);
  out.varint(file.tick);
  out.blob(toUtf8(file.hash));
  return out.finish();
}

/** @throws SimroomError `tape-invalid` */
export function decodeTapeFile(bytes: Uint8Array): TapeFile {
  const input = new ByteReader(bytes);
  if (!MAGIC.every((byte) => input.u8() === byte)) throw damaged();
  const version = input.u8();
  if (version !== VERSION) {
    throw new SimroomError(
      'tape-invalid',
      `This tape has format version ${version}, this app reads ${VERSION}: open it in a newer app.`,
    );
  }
  const file: TapeFile = {
    wasm: readText(input.blob()),
    origin: readText(input.blob()),
    bundle: input.blob(),
    checkpoint: input.blob(),
    entries: input.blob(),
    tick: input.varint(),
    hash: readText(input.blob()),
  };
  if (!input.ok || input.remaining > 0) throw damaged();
  return file;
}
