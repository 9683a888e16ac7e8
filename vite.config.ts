import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { devRelay } from './scripts/vite/dev_relay.ts';
import { FACE_ASSETS, faceModels, outputNames } from './scripts/vite/face_models.ts';
import { markBuilt } from './scripts/vite/mark_built.ts';
import { mujocoWasm } from './scripts/vite/mujoco_wasm.ts';
import { notices } from './scripts/vite/notices.ts';
import { precompress } from './scripts/vite/precompress.ts';
import { preload } from './scripts/vite/preload.ts';

const root = import.meta.dirname;
const { page: pageNotices, worker: workerNotices } = notices(
  path.join(root, 'scripts/vite/engine_notices.txt'),
);

export default defineConfig({
  // Relative URLs throughout: `dist/` works under any path of any static host.
  base: './',
  define: {
    __APP_VERSION__: JSON.stringify(appVersion()),
    __BUILD_ID__: JSON.stringify(buildId()),
  },
  plugins: [
    mujocoWasm(root),
    faceModels(root),
    react(),
    preload(),
    pageNotices(),
    offline(),
    devRelay(),
    precompress(root),
    markBuilt(root),
  ],
  // Its plain entry wants Node's globals.
  resolve: { alias: [{ find: /^simple-peer$/, replacement: 'simple-peer/simplepeer.min.js' }] },
  worker: {
    format: 'es',
    plugins: () => [mujocoWasm(root), faceModels(root), workerNotices()],
    rolldownOptions: { output: outputNames },
  },
  // Its loader is edited by `mujocoWasm`, which pre-bundling would bypass.
  optimizeDeps: {
    exclude: ['@mujoco/mujoco'],
    // Found only when a room or a camera is opened, which would reload the page in development.
    include: [
      'simple-peer/simplepeer.min.js',
      'peerjs',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-converter',
      '@tensorflow/tfjs-core',
      '@mediapipe/tasks-vision',
    ],
  },
  build: {
    target: 'es2022',
    // Files as files: an inlined worker or texture could not be cached or shared.
    assetsInlineLimit: 0,
    // three alone is more than the default 500 kB; `npm test` watches the sizes that matter.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        ...outputNames,
        codeSplitting: {
          groups: [
            // It changes seldom and is most of the code: an update of ours leaves it in people's caches.
            { name: 'three', test: /node_modules[\\/]three[\\/](build|src)[\\/]/ },
          ],
        },
      },
    },
  },
});

/** The service worker and the manifest: after the first visit everything is there without a network. */
function offline(): ReturnType<typeof VitePWA> {
  return VitePWA({
    // A new version waits until it is asked for or every tab is closed: no reload under a running simulation.
    registerType: 'prompt',
    // `src/main.tsx` registers once the first model runs, so that precaching does not compete with it.
    injectRegister: false,
    manifest: {
      name: 'Simroom',
      short_name: 'Simroom',
      description: 'A room in the browser where people share one MuJoCo world.',
      display: 'standalone',
      start_url: './',
      scope: './',
      background_color: '#111417',
      theme_color: '#111417',
      categories: ['education', 'developer', 'productivity'],
      icons: [
        { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
        { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
        { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
        { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      ],
    },
    // They are among the files below.
    includeManifestIcons: false,
    workbox: {
      globPatterns: ['**/*'],
      // The configuration belongs to who runs the server, and may change without a new build.
      globIgnores: [
        '**/*.{br,gz,map}',
        `${FACE_ASSETS}/**`,
        'simroom.config.json',
        'sw.js',
        'workbox-*.js',
        '**/.*',
      ],
      // Megabytes that only people with a camera need: offline after their first use.
      runtimeCaching: [
        {
          urlPattern: new RegExp(`/${FACE_ASSETS}/`),
          handler: 'CacheFirst',
          // Hashed names: those of an older build are never asked for again.
          options: { cacheName: 'face-tracker', expiration: { maxEntries: 24, purgeOnQuotaError: true } },
        },
      ],
      // The wasm is 4.5 MB; the rest is smaller.
      maximumFileSizeToCacheInBytes: 16 << 20,
      // Hashed names never change their content, so no cache-busting parameter is needed.
      dontCacheBustURLsMatching: /^assets\//,
      // `?model=...`, `?embed`: the page is one file whatever the query.
      ignoreURLParametersMatching: [/.*/],
      // There is one page, and it is precached.
      navigateFallback: null,
      cleanupOutdatedCaches: true,
      // The first visit is served from the cache at once, so that a lost network is not noticed even then.
      clientsClaim: true,
    },
  });
}

function appVersion(): string {
  const json: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const version: unknown =
    typeof json === 'object' && json !== null ? Reflect.get(json, 'version') : undefined;
  return typeof version === 'string' ? version : '0.0.0';
}

function buildId(): string {
  try {
    const hash = execFileSync('git', ['rev-parse', '--short=8', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return hash.trim();
  } catch {
    // A source archive, or no Git: the version has to do.
    return 'dev';
  }
}
