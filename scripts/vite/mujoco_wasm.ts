import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';
import { stripCustomSections } from './wasm_sections.ts';

const VIRTUAL_ID = 'virtual:mujoco-wasm';
const RESOLVED_ID = `\0${VIRTUAL_ID}`;

/** MuJoCo's loader as Emscripten wrote it: what is replaced in it for the browser, and by what. */
const LOADER_EDITS: readonly (readonly [from: string, to: string])[] = [
  // Makes the Node branches dead code that the bundler drops.
  [
    `var ENVIRONMENT_IS_NODE = typeof process == 'object' && process.versions?.node && process.type != 'renderer';`,
    'var ENVIRONMENT_IS_NODE = false;',
  ],
  // In one of them: the bundler would make an empty module for it all the same.
  [`await import('module')`, '{}'],
  // The bundler would copy the unstripped 10 MB file for this line. We always instantiate the wasm ourselves.
  [`return new URL('mujoco.wasm', import.meta.url).href;`, `throw new Error('pass instantiateWasm');`],
];

interface StrippedWasm {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Serves MuJoCo's wasm without its debug and name sections (4.5 MB instead of 10.3 MB), in dev, build and tests.
 *
 * `virtual:mujoco-wasm` exports its `url` (content-hashed in a build, a `file:` URL under vitest), its `sha256`,
 * which is the key that two replicas must share to be bit-identical, and its size in `bytes`.
 *
 * @param root the repository's root
 */
export function mujocoWasm(root: string): Plugin {
  let stripped: Promise<StrippedWasm> | undefined;
  return {
    name: 'simroom:mujoco-wasm',
    enforce: 'pre',
    resolveId: {
      filter: { id: /^virtual:mujoco-wasm$/ },
      handler: () => RESOLVED_ID,
    },
    load: {
      filter: { id: new RegExp(`^${RESOLVED_ID}$`) },
      async handler() {
        stripped ??= strippedWasm(root);
        const { file, sha256, bytes } = await stripped;
        const source = JSON.stringify(`${file.replaceAll('\\', '/')}?url`);
        const url =
          process.env.VITEST === undefined
            ? `export { default as url } from ${source};`
            : `export const url = ${JSON.stringify(pathToFileURL(file).href)};`;
        return `${url}\nexport const sha256 = '${sha256}';\nexport const bytes = ${String(bytes)};\n`;
      },
    },
    transform: {
      filter: { id: /@mujoco[\\/]mujoco[\\/]mujoco\.js/ },
      handler(code) {
        let edited = code;
        for (const [from, to] of LOADER_EDITS) {
          if (!edited.includes(from)) {
            this.error(
              `@mujoco/mujoco has changed: "${from}" is gone. Adapt LOADER_EDITS in mujoco_wasm.ts.`,
            );
          }
          edited = edited.replace(from, to);
        }
        return { code: edited, map: null };
      },
    },
  };
}

/** Writes the stripped wasm into `.cache/`, so that Vite treats it as any other asset. */
export async function strippedWasm(root: string): Promise<StrippedWasm> {
  const original = createRequire(path.join(root, 'package.json')).resolve('@mujoco/mujoco/mujoco.wasm');
  const wasm = stripCustomSections(await readFile(original));
  const sha256 = createHash('sha256').update(wasm).digest('hex');
  const folder = path.join(root, '.cache', 'mujoco', sha256.slice(0, 16));
  const file = path.join(folder, 'mujoco.wasm');
  await mkdir(folder, { recursive: true });
  // Renamed into place: a dev server and a test run may do this at the same time.
  const partial = `${file}.${String(process.pid)}`;
  await writeFile(partial, wasm);
  await rename(partial, file);
  return { file, sha256, bytes: wasm.byteLength };
}
