import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The built app. */
export const DIST = path.join(ROOT, 'dist');

/** Written when a build of `dist/` is complete: its time says which sources the build has seen. */
export const BUILT_MARK = path.join(ROOT, '.cache', 'built');
