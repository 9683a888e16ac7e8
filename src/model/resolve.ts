/**
 * From any source to a bundle.
 */

import { SimroomError } from '../core/errors';
import { chooseEntry } from './entry';
import { gather, type Gathered } from './gather';
import { checkPath, extensionOf, fileNameOf } from './paths';
import type { FileRecord, PlainSource, ProgressCallback } from './source';
import { type FileTree, fileTree, isArchive, layered, type Tree } from './tree';
import { fetchBytes, githubUrl, GITHUB_RAW, pathOf, webTree } from './web';

export interface ResolveContext {
  /** The app's base, against which the catalogue's and relative addresses are resolved. */
  readonly base: string;
  readonly onProgress: ProgressCallback;
  /** Files a person added because the source lacks them. */
  readonly extra?: FileRecord;
  /** Base of GitHub's raw files, for tests. */
  readonly githubRaw?: string;
}

export interface Resolved extends Gathered {
  /** Where it came from, for people: a catalogue title, an address, a file name. */
  readonly origin: string;
}

/** The catalogue, relative to the app's base; its entries are relative to it. */
const CATALOGUE_PATH = 'models/catalogue.json';
const ZIP_MAGIC = 'PK\x03\x04';

/**
 * Finds, reads and checks all files of a model.
 *
 * @throws SimroomError with one of the model loading codes
 */
export async function resolve(source: PlainSource, context: ResolveContext): Promise<Resolved> {
  if (typeof source === 'string') return resolveAddress(source, context);
  const tree = await fileTree(source.files, context.onProgress);
  const names = Object.keys(source.files);
  return fromFiles(tree, source.entry, names.length === 1 ? (names[0] ?? '') : null, context);
}

async function fromFiles(
  tree: FileTree,
  chosen: string | undefined,
  name: string | null,
  context: ResolveContext,
): Promise<Resolved> {
  const entry = chosen === undefined ? await chooseEntry(tree) : checkPath(chosen, 'The model');
  if (chosen !== undefined && !tree.paths.includes(entry))
    throw new SimroomError(
      'not-found',
      `The model's files hold no ${entry}. Name one of them as the entry.`,
      {
        file: entry,
        candidates: tree.paths,
      },
    );
  return {
    ...(await gather(entry, await withExtra(tree, context), context.onProgress)),
    origin: name ?? entry,
  };
}

async function withExtra(tree: Tree, { extra, onProgress }: ResolveContext): Promise<Tree> {
  return extra === undefined ? tree : layered(tree, await fileTree(extra, onProgress));
}

async function resolveAddress(address: string, context: ResolveContext): Promise<Resolved> {
  const text = address.trim();
  const github = githubUrl(text, context.githubRaw ?? GITHUB_RAW);
  if (github !== null) return resolveUrl(new URL(github), text, context);
  if (/^https?:\/\//i.test(text)) return resolveUrl(parseUrl(text, undefined), text, context);
  const entries = await catalogue(context);
  const listed = entries.find(({ id }) => id === text);
  if (listed !== undefined)
    return resolveUrl(new URL(listed.entry, catalogueUrl(context)), listed.title, context);
  if (text.includes('/') || extensionOf(text) !== '')
    return resolveUrl(parseUrl(text, context.base), text, context);
  const known = entries.map(({ id }) => id).join(', ');
  throw new SimroomError(
    'not-found',
    `There is no model "${text}" in the catalogue. It has ${known === '' ? 'none' : known}; or give an address.`,
  );
}

function parseUrl(text: string, base: string | undefined): URL {
  const url = URL.canParse(text, base) ? new URL(text, base) : null;
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new SimroomError(
    'not-found',
    `"${text}" is no address a model can be read from. Use https:// or github:.`,
  );
}

async function resolveUrl(url: URL, origin: string, context: ResolveContext): Promise<Resolved> {
  const { onProgress } = context;
  onProgress({ step: 'fetch', what: fileNameOf(url.pathname), fraction: null });
  const bytes = await fetchBytes(url, onProgress);
  if (bytes === null)
    throw new SimroomError(
      'not-found',
      `There is no model at ${url.href}: the server has no such file, or answers with a web page. Check the address; on ` +
        'GitHub use github:owner/repo/path/scene.xml.',
      { file: url.href },
    );
  const path = pathOf(url);
  if (isArchive(path) || String.fromCharCode(...bytes.subarray(0, ZIP_MAGIC.length)) === ZIP_MAGIC) {
    const name = isArchive(path) ? fileNameOf(path) : `${fileNameOf(path)}.zip`;
    return {
      ...(await fromFiles(await fileTree({ [name]: bytes }, onProgress), undefined, name, context)),
      origin,
    };
  }
  const tree = await withExtra(webTree(url, bytes, onProgress), context);
  return { ...(await gather(path, tree, onProgress)), origin };
}

interface Listed {
  readonly id: string;
  readonly title: string;
  readonly entry: string;
}

function catalogueUrl({ base }: ResolveContext): URL {
  return new URL(CATALOGUE_PATH, base);
}

async function catalogue(context: ResolveContext): Promise<readonly Listed[]> {
  const bytes = await fetchBytes(catalogueUrl(context), context.onProgress);
  const parsed: unknown = bytes === null ? [] : JSON.parse(new TextDecoder().decode(bytes));
  return Array.isArray(parsed) ? parsed.filter(isListed) : [];
}

function isListed(value: unknown): value is Listed {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'title' in value &&
    typeof value.title === 'string' &&
    'entry' in value &&
    typeof value.entry === 'string'
  );
}
