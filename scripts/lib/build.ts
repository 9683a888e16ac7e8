import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { runNpm } from './npm.mjs';
import { BUILT_MARK, DIST, ROOT } from './paths.mjs';

/** What the build reads. */
const SOURCES = [
  'index.html',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'public',
  'scripts/vite',
  'src',
  'workers',
];

/** Builds `dist/` unless the last build is newer than every source. */
export async function buildIfStale(): Promise<void> {
  if (existsSync(path.join(DIST, 'index.html')) && existsSync(BUILT_MARK)) {
    const built = statSync(BUILT_MARK).mtimeMs;
    if (SOURCES.every((source) => newestChange(path.join(ROOT, source)) <= built)) return;
  }
  console.log('Building...');
  const code = await runNpm(['run', '--silent', 'build', '--', '--logLevel', 'warn']);
  if (code !== 0) throw new Error('The build failed; its messages are above.');
}

/** Time of the newest change under a path, ms: folders count too, because a deletion changes only them. */
function newestChange(file: string): number {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  let newest = stats.mtimeMs;
  if (stats.isDirectory()) {
    for (const name of readdirSync(file)) newest = Math.max(newest, newestChange(path.join(file, name)));
  }
  return newest;
}
