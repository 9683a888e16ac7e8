import { test as base, expect, type Page } from '@playwright/test';
import { DIST } from '../scripts/lib/paths.mjs';
import { startServer, type Server } from '../signaling/server';

/** Where the second server has the app: a static host seldom gives away its root. */
const SUB_PATH = '/some/sub/path/';

/** The first model must have been compiled and drawn by then, ms; a cold start on two busy cores included. */
const READY_TIMEOUT_MS = 60_000;

/** What a browser says on its own, without anything being wrong with us. */
const EXPECTED_CONSOLE = [
  // Software WebGL reads back slowly, and says so.
  /GPU stall due to ReadPixels/,
  // A preloaded file that the worker took from the HTTP cache.
  /was preloaded using link preload but not used/,
];

interface WorkerFixtures {
  /** Serves the built app at `/`. */
  readonly server: Server;
  /** Serves the built app below a path. */
  readonly subPathServer: Server;
}

interface TestFixtures {
  /** Serves the built app for this test alone, which may close the server before its end. */
  readonly serveAt: (base: string) => Promise<Server>;
  /**
   * Opens the app, by default in the test's own page at `/`, and waits until the first model runs.
   *
   * @param query e.g. `?embed` or `?model=humanoid`
   */
  readonly openRoom: (page: Page, query?: string, server?: Server) => Promise<void>;
  /**
   * Every error that the pages of this test log or throw; what is left at the end fails the test. A test that
   * provokes errors takes them out: `consoleErrors.splice(0)`.
   */
  readonly consoleErrors: string[];
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await serve('/');
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  subPathServer: [
    async ({}, use) => {
      const server = await serve(SUB_PATH);
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  serveAt: async ({}, use) => {
    const servers: Server[] = [];
    await use(async (base) => {
      const server = await serve(base);
      servers.push(server);
      return server;
    });
    for (const server of servers) await server.close();
  },
  consoleErrors: [
    async ({ context }, use) => {
      const errors: string[] = [];
      context.on('console', (message) => {
        const text = message.text();
        if (message.type() !== 'error' || EXPECTED_CONSOLE.some((pattern) => pattern.test(text))) return;
        errors.push(`${text} (${message.location().url})`);
      });
      context.on('weberror', (error) => {
        errors.push(String(error.error().stack ?? error.error()));
      });
      await use(errors);
      expect(errors, 'errors on the console').toEqual([]);
    },
    { auto: true },
  ],
  openRoom: async ({ server }, use) => {
    await use(async (page, query = '', at = server) => {
      await page.goto(`${at.url}${query}`);
      await ready(page);
    });
  },
});

export { expect };

/** Waits until the first model is loaded and drawn, and fails with the app's own words when it cannot be. */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => 'simroom' in window, undefined, { timeout: READY_TIMEOUT_MS });
  const outcome = await page.evaluate(async (timeout) => {
    const { simroom } = window;
    return Promise.race([
      simroom.ready.then(() => 'ready'),
      new Promise<string>((resolve) => simroom.on('error', ({ message }) => resolve(message))),
      new Promise<string>((resolve) => {
        setTimeout(
          () => resolve(`not ready after ${timeout} ms; it says: ${document.body.innerText}`),
          timeout,
        );
      }),
    ]);
  }, READY_TIMEOUT_MS);
  expect(outcome).toBe('ready');
}

function serve(base: string): Promise<Server> {
  return startServer({ folder: DIST, port: 0, host: '127.0.0.1', base });
}
