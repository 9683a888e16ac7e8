/**
 * Models on web servers: fetching files with limits and progress, and the addresses people paste.
 */

import { SimroomError } from '../core/errors';
import { MAX_FILE_BYTES, sizeText } from './limits';
import { extensionOf, normalizePath } from './paths';
import type { ProgressCallback } from './source';
import type { Tree } from './tree';

/** Where GitHub serves a repository's files as they are, and where those that live in its large file storage. */
export const GITHUB_RAW = 'https://raw.githubusercontent.com/';
const GITHUB_MEDIA = 'https://media.githubusercontent.com/media/';
const LFS_POINTER = 'version https://git-lfs.github.com/spec/';

/**
 * The address of the file itself, for `github:owner/repo[@ref]/path` and for a file's page on github.com.
 *
 * @param raw base of the raw files
 * @returns null when the text is neither
 * @throws SimroomError `not-found` when it is one of them without a file
 */
export function githubUrl(text: string, raw = GITHUB_RAW): string | null {
  const short = /^github:\/*([^/@]+)\/([^/@]+)(?:@([^/]+))?\/?(.*)$/.exec(text);
  const page =
    /^https?:\/\/(?:www\.)?github\.com\/([^/]+)\/([^/]+)\/?(?:(blob|raw|tree)\/([^/]+)\/([^?#]*))?/.exec(
      text,
    );
  if (short === null && page === null) {
    if (!text.startsWith('github:')) return null;
    throw new SimroomError('not-found', `${text} names no file. Write github:owner/repo/path/scene.xml.`);
  }
  const [owner, repo, ref, path] =
    short === null ? [page?.[1], page?.[2], page?.[4], page?.[5]] : [short[1], short[2], short[3], short[4]];
  if (owner === undefined || repo === undefined || path === undefined || path === '' || page?.[3] === 'tree')
    throw new SimroomError(
      'not-found',
      `${text} names no file: a folder on GitHub cannot be listed. Name the model in it, e.g. ` +
        `github:${owner ?? 'owner'}/${repo ?? 'repo'}/${path || 'path'}/scene.xml.`,
    );
  return `${raw}${owner}/${repo}/${ref ?? 'HEAD'}/${path}`;
}

/**
 * The files around an address, whose own bytes are there already. Paths are URL paths without the leading `/`.
 *
 * Read gives null for 404 and for the web page that some hosts answer instead.
 */
export function webTree(entryUrl: URL, entryBytes: Uint8Array, onProgress: ProgressCallback): Tree {
  const entry = pathOf(entryUrl);
  return {
    async read(tries) {
      for (const path of tries) {
        // An address has nothing above its host.
        if (normalizePath(path).startsWith('..')) continue;
        const bytes = path === entry ? entryBytes : await fetchBytes(urlOf(path, entryUrl), onProgress);
        if (bytes !== null) return { bytes, path };
      }
      return null;
    },
  };
}

/** The tree path of an address. */
export function pathOf(url: URL): string {
  return normalizePath(decodeURIComponent(url.pathname));
}

function urlOf(path: string, base: URL): URL {
  return new URL(`/${normalizePath(path).split('/').map(encodeURIComponent).join('/')}`, base);
}

/**
 * One file.
 *
 * @returns null where there is none
 * @throws SimroomError `fetch-failed`, `file-too-large`
 */
export async function fetchBytes(url: URL, onProgress: ProgressCallback): Promise<Uint8Array | null> {
  const response = await request(url);
  if (response.status === 404 || response.status === 410) return null;
  if (!response.ok)
    throw new SimroomError(
      'fetch-failed',
      `${url.href} cannot be fetched: the server answered ${response.status} ${response.statusText}`.trim() +
        '. Check the address, or download the model and drop it here.',
      { file: url.href },
    );
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/html') && extensionOf(url.pathname) !== '') {
    // An entry that is a page is worth a word of its own; for an asset it means that there is none.
    await response.body?.cancel();
    return null;
  }
  const bytes = await readBody(response, url, onProgress);
  const large = largeFileUrl(url, bytes);
  return large === null ? bytes : fetchBytes(large, onProgress);
}

/** Where GitHub keeps the file for which it served only a pointer; null for any other bytes. */
export function largeFileUrl(url: URL, bytes: Uint8Array): URL | null {
  if (!url.href.startsWith(GITHUB_RAW) || !startsWith(bytes, LFS_POINTER)) return null;
  return new URL(url.href.replace(GITHUB_RAW, GITHUB_MEDIA));
}

async function request(url: URL): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'omit' });
  } catch (cause) {
    throw new SimroomError(
      'fetch-failed',
      `${url.href} cannot be fetched: the network is down, or the host does not let other pages read it (CORS). ` +
        'Download the model and drop it here, or use a host such as GitHub.',
      { file: url.href, cause },
    );
  }
}

async function readBody(response: Response, url: URL, onProgress: ProgressCallback): Promise<Uint8Array> {
  const declared = Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const what = decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1));
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    if (Math.max(declared, length) > MAX_FILE_BYTES) {
      await reader.cancel();
      throw new SimroomError(
        'file-too-large',
        `${url.href} has more than ${sizeText(MAX_FILE_BYTES)}, the most that is loaded. Reduce the file.`,
        { file: url.href },
      );
    }
    // Compressed transfers declare their packed length, so the fraction would be wrong: only say what moves.
    onProgress({ step: 'fetch', what, fraction: null });
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return bytes.length >= text.length && [...text].every((char, i) => bytes[i] === char.charCodeAt(0));
}
