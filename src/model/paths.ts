/**
 * Paths inside a model: always `/`, relative, normalized. A path that climbs above its root keeps its leading `..`.
 */

import { SimroomError } from '../core/errors';

/** Resolves `.`, `..`, `//` and backslashes. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

export function joinPath(...parts: readonly string[]): string {
  return normalizePath(parts.join('/'));
}

/** The folder of a path, '' at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Lower-case extension with its dot, '' without one. */
export function extensionOf(path: string): string {
  const name = fileNameOf(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot).toLowerCase();
}

/**
 * What a reference says once its root is off: `package://arm/meshes/a.stl`, `/home/x/a.stl`, `C:\x\a.stl` become
 * relative. Such roots exist only on the machine the model was written on.
 */
export function withoutRoot(reference: string): string {
  return reference
    .trim()
    .replace(/^[a-z][a-z0-9+.-]+:\/{1,}/i, '')
    .replace(/^[a-z]:[\\/]+/i, '')
    .replace(/^[\\/]+/, '');
}

/**
 * Checks a path from an archive or from code.
 *
 * @throws SimroomError `path-unsafe` when it is absolute, climbs with `..`, has backslashes, a drive or control letters
 */
export function checkPath(path: string, where: string): string {
  const why = unsafe(path);
  if (why !== null)
    throw new SimroomError(
      'path-unsafe',
      `${where} holds a file with an unsafe path, ${JSON.stringify(path)} (${why}): nothing was loaded. ` +
        `Pack the model's folder again with plain relative paths.`,
      { file: path },
    );
  return normalizePath(path);
}

function unsafe(path: string): string | null {
  if (path.startsWith('/')) return 'it is absolute';
  if (/^[a-z]:/i.test(path)) return 'it names a drive';
  if (path.includes('\\')) return 'it has backslashes';
  if (path.split('/').includes('..')) return 'it climbs out of its folder';
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'it has control characters';
  if (path.split('/').includes('__proto__')) return 'it has a reserved name';
  return normalizePath(path) === '' ? 'it is empty' : null;
}

/**
 * Moves paths that may climb above their root into one folder, and drops the folders all of them share.
 *
 * @returns new paths by old path
 */
export function rebase(paths: readonly string[]): Map<string, string> {
  const climb = Math.max(0, ...paths.map((path) => path.split('/').filter((part) => part === '..').length));
  const lifted = paths.map((path) => joinPath('model/'.repeat(climb), path));
  const folders = lifted.map((path) => folderOf(path).split('/'));
  const first = folders[0] ?? [];
  let shared = 0;
  while (shared < first.length && first[shared] !== '' && folders.every((f) => f[shared] === first[shared]))
    shared += 1;
  return new Map(paths.map((path, i) => [path, (lifted[i] ?? '').split('/').slice(shared).join('/')]));
}
