/**
 * The only code that runs on a bare clone: it needs Node alone, checks that it is new enough, installs the
 * dependencies, and then hands over to TypeScript.
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runNpm } from './npm.mjs';
import { ROOT } from './paths.mjs';

/** The same as `engines` in package.json, which is what Vite needs. */
const NODE_NEEDED = '20.19 (or 22.12, or newer)';

/** Ends the program with a clear word when Node is too old. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 23;
  if (enough) return;
  console.error(`Simroom needs Node ${NODE_NEEDED}; this is Node ${process.versions.node}.`);
  console.error('Get a current one at https://nodejs.org and try again.');
  process.exit(1);
}

/** Installs what package-lock.json lists, unless it is all there. Throws when npm fails. */
export async function install() {
  if (isInstalled()) return;
  console.log('Installing dependencies (a minute or so the first time)...');
  const started = Date.now();
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await runNpm(args, { quiet: true });
  if (code !== 0) {
    throw new Error(
      `"npm ci" failed (exit code ${code}); its messages are above. ` +
        'It needs a network connection to the npm registry: check that, then try again.',
    );
  }
  console.log(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/**
 * Loads one of our TypeScript modules.
 *
 * @param {string} file relative to the repository's root
 */
export async function load(file) {
  const { tsImport } = await import('tsx/esm/api');
  return tsImport(`./${file}`, new URL('../../', import.meta.url).href);
}

/** Whether node_modules holds the versions of the lock file. npm keeps its own record of what it put there. */
function isInstalled() {
  const wanted = readLock('package-lock.json');
  const present = readLock('node_modules/.package-lock.json');
  if (wanted === null || present === null) return false;
  return Object.entries(wanted).every(
    ([folder, entry]) =>
      folder === '' || entry.optional || entry.link || present[folder]?.version === entry.version,
  );
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }> | null}
 */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')).packages;
  } catch {
    // Absent, or cut off by an interrupted install: either way there is something to install.
    return null;
  }
}
