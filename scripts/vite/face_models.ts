import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

const VIRTUAL_ID = 'virtual:face-models';
const RESOLVED_ID = `\0${VIRTUAL_ID}`;

/** What the face tracker fetches, by the name under which the module exports it. */
const FILES = {
  detectorTopology: '@vladmandic/human/models/blazeface.json',
  detectorWeights: '@vladmandic/human/models/blazeface.bin',
  meshTopology: '@vladmandic/human/models/facemesh.json',
  meshWeights: '@vladmandic/human/models/facemesh.bin',
  irisTopology: '@vladmandic/human/models/iris.json',
  irisWeights: '@vladmandic/human/models/iris.bin',
  wasmSimd: '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  wasmPlain: '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
  // Only for people who bring a model of their own.
  mediapipeLoader: '@mediapipe/tasks-vision/wasm/vision_wasm_module_internal.js',
  mediapipeWasm: '@mediapipe/tasks-vision/wasm/vision_wasm_module_internal.wasm',
} as const;

/** Folder of everything that only the face tracker needs, relative to the build: megabytes, fetched when first used. */
export const FACE_ASSETS = 'assets/face';

const NAMES = new Set(Object.values(FILES).map((file) => path.basename(file)));
/** Modules of the tracker's worker; what only it imports is named after them. */
const TRACKER_CHUNK = /^(face_tracker|mediapipe|vision_bundle)$/;

/**
 * Makes the models and the wasm of the face tracker assets of ours, content-hashed in a build.
 *
 * `virtual:face-models` exports the address of each file of {@link FILES} by its name there, and `bytes`, their sizes.
 *
 * @param root the repository's root
 */
export function faceModels(root: string): Plugin {
  return {
    name: 'simroom:face-models',
    enforce: 'pre',
    resolveId: { filter: { id: /^virtual:face-models$/ }, handler: () => RESOLVED_ID },
    load: {
      filter: { id: new RegExp(`^${RESOLVED_ID}$`) },
      handler() {
        const bytes: Record<string, number> = {};
        const lines = Object.entries(FILES).map(([name, file]) => {
          // Packages do not export these paths, so Node's resolution does not find them.
          const absolute = path.join(root, 'node_modules', file);
          if (!existsSync(absolute)) {
            this.error(`${file} is missing: its package has changed. Adapt FILES in face_models.ts.`);
          }
          bytes[name] = statSync(absolute).size;
          return `export { default as ${name} } from ${JSON.stringify(`${absolute.replaceAll('\\', '/')}?url`)};`;
        });
        return `${lines.join('\n')}\nexport const bytes = ${JSON.stringify(bytes)};\n`;
      },
    },
  };
}

/** Names of a bundle's files: the face tracker's in a folder of their own. */
export const outputNames = {
  entryFileNames: ({ name }: { readonly name: string }) => `${folderOf(name)}/[name]-[hash].js`,
  chunkFileNames: ({ name }: { readonly name: string }) => `${folderOf(name)}/[name]-[hash].js`,
  assetFileNames: ({ names }: { readonly names: readonly string[] }) =>
    `${names.some((name) => NAMES.has(name)) ? FACE_ASSETS : 'assets'}/[name]-[hash][extname]`,
};

function folderOf(chunk: string): string {
  return TRACKER_CHUNK.test(chunk) ? FACE_ASSETS : 'assets';
}
