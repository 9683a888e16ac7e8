import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(js|mjs|css|html|json|webmanifest|svg|txt|xml|urdf|obj|stl|wasm|skn|msh|bin)$/;
/** Below this a response fits one packet anyway. */
const MIN_BYTES = 1024;

const ENCODERS = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
      },
    }),
  gz: (bytes: Buffer) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
} as const;

/**
 * Puts a `.br` and a `.gz` beside every file of the finished build that gets smaller by it, for the server to send.
 * Results are kept by content in `.cache/compressed`: brotli at its best takes 10 s for the wasm.
 */
export function precompress(root: string): Plugin {
  let outDir = '';
  return {
    name: 'simroom:precompress',
    apply: 'build',
    configResolved(config) {
      outDir = path.resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler(error?: Error) {
        if (error !== undefined) return;
        const cache = path.join(root, '.cache', 'compressed');
        await mkdir(cache, { recursive: true });
        const files = await readdir(outDir, { recursive: true });
        const wanted = files.filter((file) => COMPRESSIBLE.test(file)).map((file) => path.join(outDir, file));
        await Promise.all(wanted.map((file) => compress(file, cache)));
        await dropUnused(cache);
      },
    },
  };
}

async function compress(file: string, cache: string): Promise<void> {
  const bytes = await readFile(file);
  if (bytes.byteLength < MIN_BYTES) return;
  const key = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  for (const [suffix, encode] of Object.entries(ENCODERS)) {
    const cached = path.join(cache, `${key}.${suffix}`);
    const now = new Date();
    try {
      await utimes(cached, now, now);
    } catch {
      const partial = `${cached}.${String(process.pid)}`;
      await writeFile(partial, await encode(bytes));
      await rename(partial, cached);
    }
    if ((await stat(cached)).size < bytes.byteLength) await copyFile(cached, `${file}.${suffix}`);
  }
}

/** Cached results that no build has used for so long go, ms. */
const CACHE_AGE_MS = 30 * 24 * 3600 * 1000;

async function dropUnused(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const file = path.join(cache, name);
    if (Date.now() - (await stat(file)).mtimeMs > CACHE_AGE_MS) await rm(file);
  }
}
