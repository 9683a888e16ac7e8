import { defineConfig } from 'vitest/config';
import { mujocoWasm } from './scripts/vite/mujoco_wasm.ts';

/** A unit test that takes longer hangs, ms; those that compile large models say so themselves. */
const TEST_TIMEOUT_MS = 60_000;

/** What has not happened by then does not happen, ms; a machine may be busy with other tests. */
const POLL_TIMEOUT_MS = 15_000;

const PAGE = ['src/{app,state,ui,view}/**/*.test.{ts,tsx}'];

export default defineConfig({
  plugins: [mujocoWasm(import.meta.dirname)],
  define: { __APP_VERSION__: '"0.0.0-test"', __BUILD_ID__: '"test"' },
  test: {
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
    // One for each core: by default a core is left alone, which is half of a small machine.
    maxWorkers: '100%',
    expect: { poll: { timeout: POLL_TIMEOUT_MS } },
    restoreMocks: true,
    coverage: { include: ['src/**'], exclude: ['src/**/*.test.*'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['{src,workers,scripts,signaling,bridge,bench}/**/*.test.{ts,tsx}'],
          exclude: PAGE,
        },
      },
      { extends: true, test: { name: 'page', environment: 'happy-dom', include: PAGE } },
    ],
  },
});
