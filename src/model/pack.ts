/**
 * A bundle in one byte array and back, for the tape file: a zip with one extra file that names the entry.
 *
 * The same bundle always packs to the same bytes, and the file opens in any unpacker.
 */

import { type ZippableFile, zipSync } from 'fflate';
import { SimroomError } from '../core/errors';
import { type Bundle, sortedPaths } from './bundle';
import { openZip } from './zip';

/** Zip's first day: a fixed time keeps the bytes the same. Local time, as zip has it. */
const MTIME = new Date(1980, 0, 1);
const LEVEL = 6;
/** The entry's path stands in this file. */
const ENTRY_FILE = '.simroom-entry';

export function packBundle(bundle: Bundle): Uint8Array {
  const options = { level: LEVEL, mtime: MTIME } as const;
  const file = (bytes: Uint8Array): ZippableFile => [bytes, options];
  return zipSync(
    Object.fromEntries([
      [ENTRY_FILE, file(new TextEncoder().encode(bundle.entry))],
      ...sortedPaths(bundle).map((path) => [path, file(bundle.files.get(path) ?? new Uint8Array())] as const),
    ]),
  );
}

/**
 * The inverse of {@link packBundle}.
 *
 * @throws SimroomError as {@link openZip}, and `archive-invalid` when it is no packed bundle
 */
export function unpackBundle(packed: Uint8Array): Bundle {
  const name = 'The packed model';
  const archive = openZip(packed, name);
  const files = new Map<string, Uint8Array>();
  for (const path of archive.paths) files.set(path, archive.read(path));
  const entryBytes = files.get(ENTRY_FILE);
  const entry = entryBytes === undefined ? '' : new TextDecoder().decode(entryBytes);
  files.delete(ENTRY_FILE);
  if (!files.has(entry))
    throw new SimroomError('archive-invalid', `${name} does not say which of its files is the model.`);
  return { entry, files };
}
