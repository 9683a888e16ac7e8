import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';
import { BUILT_MARK, DIST } from '../lib/paths.mjs';

/** Marks a complete build of `dist/`, and an unfinished one by the absence of the mark: see `scripts/lib/build.ts`. */
export function markBuilt(root: string): Plugin {
  let concerned = false;
  let started = new Date();
  return {
    name: 'simroom:mark-built',
    apply: 'build',
    configResolved(config) {
      concerned = path.resolve(root, config.build.outDir) === DIST;
    },
    async buildStart() {
      started = new Date();
      if (concerned) await rm(BUILT_MARK, { force: true });
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler(error?: Error) {
        if (!concerned || error !== undefined) return;
        await mkdir(path.dirname(BUILT_MARK), { recursive: true });
        await writeFile(BUILT_MARK, '');
        // The time it began: a source saved meanwhile may not be in it.
        await utimes(BUILT_MARK, started, started);
      },
    },
  };
}
