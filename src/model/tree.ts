/**
 * Where files are read from: given files, an archive, a web server. One small interface, so that a model is gathered
 * the same way whatever it came from.
 */

import { SimroomError } from '../core/errors';
import { MAX_FILE_BYTES, sizeText } from './limits';
import { checkPath, extensionOf, fileNameOf, normalizePath } from './paths';
import type { FileRecord, ProgressCallback } from './source';
import { openZip } from './zip';

export interface Found {
  readonly bytes: Uint8Array;
  /** Which of the tries it was, or where else it was found. */
  readonly path: string;
}

export interface Tree {
  /**
   * Reads the first of some paths that exists; a tree may take another file that is clearly meant.
   *
   * @returns null when there is none
   * @throws SimroomError when there may be one but it cannot be read
   */
  read(tries: readonly string[]): Promise<Found | null>;
}

/** A tree of known files. */
export interface FileTree extends Tree {
  readonly paths: readonly string[];
}

const ARCHIVES = new Set(['.zip', '.mjz']);

export function isArchive(path: string): boolean {
  return ARCHIVES.has(extensionOf(path));
}

/** Files in memory or dropped; archives among them are opened in place. Dropped files are read when asked for. */
export async function fileTree(files: FileRecord, onProgress: ProgressCallback): Promise<FileTree> {
  const readers = new Map<string, () => Promise<Uint8Array>>();
  for (const [name, content] of Object.entries(files)) {
    const path = checkPath(name, 'The model');
    if (isArchive(path)) {
      onProgress({ step: 'unpack', what: path, fraction: null });
      const archive = openZip(await bytesOf(content, path), fileNameOf(path));
      for (const inner of archive.paths) readers.set(inner, () => Promise.resolve(archive.read(inner)));
    } else readers.set(path, () => bytesOf(content, path));
  }
  return treeOf(readers);
}

/** Files already in memory, by path. */
export function bytesTree(files: ReadonlyMap<string, Uint8Array>): FileTree {
  return treeOf(new Map([...files].map(([path, bytes]) => [path, () => Promise.resolve(bytes)])));
}

/** The first tree that has a file gives it. */
export function layered(first: Tree, second: Tree): Tree {
  return {
    async read(tries) {
      return (await first.read(tries)) ?? second.read(tries);
    },
  };
}

function treeOf(readers: ReadonlyMap<string, () => Promise<Uint8Array>>): FileTree {
  const byName = new Map<string, string[]>();
  for (const path of readers.keys()) {
    const name = fileNameOf(path).toLowerCase();
    byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  return {
    paths: [...readers.keys()],
    async read(tries) {
      const path =
        tries.map(normalizePath).find((candidate) => readers.has(candidate)) ??
        similar(tries[0] ?? '', byName);
      const reader = path === null ? undefined : readers.get(path);
      return reader === undefined || path === null ? null : { bytes: await reader(), path };
    },
  };
}

/**
 * The file that is meant by a path which does not exist as such: people drop files without their folders, and names
 * written on Windows differ in case. The one that shares most trailing folders with the path, if it is only one.
 */
function similar(path: string, byName: ReadonlyMap<string, readonly string[]>): string | null {
  const wanted = normalizePath(path).toLowerCase().split('/').toReversed();
  let best: string | null = null;
  let bestShared = 0;
  for (const candidate of byName.get(wanted[0] ?? '') ?? []) {
    const parts = candidate.toLowerCase().split('/').toReversed();
    let shared = 0;
    while (shared < parts.length && parts[shared] === wanted[shared]) shared += 1;
    if (shared > bestShared) {
      best = candidate;
      bestShared = shared;
    } else if (shared === bestShared) best = null;
  }
  return best;
}

async function bytesOf(content: string | Uint8Array | Blob, path: string): Promise<Uint8Array> {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  const size = content instanceof Blob ? content.size : content.length;
  if (size > MAX_FILE_BYTES)
    throw new SimroomError(
      'file-too-large',
      `${path} has ${sizeText(size)}; at most ${sizeText(MAX_FILE_BYTES)} are loaded. Reduce the file.`,
      { file: path },
    );
  if (content instanceof Uint8Array) return content;
  try {
    return new Uint8Array(await content.arrayBuffer());
  } catch (cause) {
    throw new SimroomError(
      'not-found',
      `${path} cannot be read any more: it was moved or changed. Drop it again.`,
      {
        file: path,
        cause,
      },
    );
  }
}
