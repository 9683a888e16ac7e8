import {
  test as base,
  expect,
  type BrowserContext,
  type ConsoleMessage,
  type Page,
  type WebError,
} from '@playwright/test';
import { DIST } from '../scripts/lib/paths.mjs';
import { startServer, type Server } from '../signaling/server';
import type { ViewOptions } from '../src/app/api';
import { FACE_MEMORY_KEY } from '../src/app/faces/memory';
import { PREFS_KEY } from '../src/state/prefs';

/** Where the second server has the app: a static host seldom gives away its root. */
const SUB_PATH = '/some/sub/path/';

/** The first model must have been compiled and drawn by then, ms; a cold start on two busy cores included. */
const READY_TIMEOUT_MS = 60_000;

/** Software WebGL is fill-bound: small, yet wide enough for the desktop's layout. */
export const ROOM_VIEWPORT = { width: 720, height: 400 };

/**
 * How most pages are drawn, with half a pixel for each of the screen's: nobody looks at them, and in software the rest
 * costs more than all else together.
 */
export const PLAIN = { shadows: false, reflections: false, maxPixelRatio: 0.5 } as const;

/** For tests of the picture itself: with all that it draws. */
export const FULL = { shadows: true, reflections: true, maxPixelRatio: 1 } as const;

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
  /** The page of {@link TestFixtures.room}. */
  readonly sharedRoom: Page;
}

interface TestFixtures {
  /** Serves the built app for this test alone, which may close the server before its end. */
  readonly serveAt: (base: string) => Promise<Server>;
  /**
   * Opens the app, by default in the test's own page at `/`, and waits until the first model runs, without shadows and
   * reflections.
   *
   * @param query e.g. `?embed` or `?model=humanoid`
   */
  readonly openRoom: (page: Page, query?: string, server?: Server) => Promise<void>;
  /**
   * A page with the app, {@link PLAIN}, opened once for all tests that use it: each loads the model it wants and leaves
   * nothing open.
   */
  readonly room: Page;
  /**
   * Every error that the pages of this test log or throw; what is left at the end fails the test. A test that
   * provokes errors takes them out: `consoleErrors.splice(0)`.
   */
  readonly consoleErrors: string[];
  readonly context: BrowserContext;
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
  sharedRoom: [
    async ({ browser, server }, use) => {
      const store = {
        // What would lie over the view at a first visit.
        [PREFS_KEY]: { version: 1, hintSeen: true, drawer: false },
        // The look of somebody who has chosen none: the same in every run.
        [FACE_MEMORY_KEY]: { seed: 0, tunings: {} },
      };
      const localStorage = Object.entries(store).map(([name, value]) => ({
        name,
        value: JSON.stringify(value),
      }));
      const { origin } = new URL(server.url);
      const context = await browser.newContext({
        viewport: ROOM_VIEWPORT,
        // No glides: the camera is where it was told to be.
        reducedMotion: 'reduce',
        storageState: {
          cookies: [],
          origins: [{ origin, localStorage }],
        },
      });
      const page = await context.newPage();
      await page.goto(`${server.url}?model=pendulum`);
      await ready(page);
      await use(page);
      await context.close();
    },
    { scope: 'worker', timeout: 2 * READY_TIMEOUT_MS },
  ],
  room: async ({ sharedRoom, consoleErrors }, use) => {
    const stop = collectErrors(sharedRoom.context(), consoleErrors);
    await use(sharedRoom);
    // A running one would be drawn beside the pages of the tests that come.
    await sharedRoom.evaluate(() => window.simroom.pause());
    stop();
  },
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
    async ({}, use) => {
      const errors: string[] = [];
      await use(errors);
      expect(errors, 'errors on the console').toEqual([]);
    },
    { auto: true },
  ],
  // Made only where a test has a page of its own.
  context: async ({ context, consoleErrors }, use) => {
    collectErrors(context, consoleErrors);
    await use(context);
  },
  openRoom: async ({ server }, use) => {
    await use(async (page, query = '', at = server) => {
      await page.goto(`${at.url}${query}`);
      await ready(page);
    });
  },
});

export { expect };

/**
 * Waits until the first model is loaded and drawn, and fails with the app's own words when it cannot be.
 *
 * @param look how it is drawn, from the first picture on, so that programs for more are not even compiled; null: as
 *   the app begins
 */
export async function ready(page: Page, look: Partial<ViewOptions> | null = PLAIN): Promise<void> {
  await page.waitForFunction(
    (options) => {
      if (!('simroom' in window)) return false;
      if (options !== null) window.simroom.view.set(options);
      return true;
    },
    look,
    { timeout: READY_TIMEOUT_MS },
  );
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

/** Adds what the pages of a context log as errors or throw. Returns how to stop. */
export function collectErrors(context: BrowserContext, errors: string[]): () => void {
  const onConsole = (message: ConsoleMessage): void => {
    const text = message.text();
    if (message.type() !== 'error' || EXPECTED_CONSOLE.some((pattern) => pattern.test(text))) return;
    errors.push(`${text} (${message.location().url})`);
  };
  const onError = (error: WebError): void => {
    errors.push(String(error.error().stack ?? error.error()));
  };
  context.on('console', onConsole);
  context.on('weberror', onError);
  return () => {
    context.off('console', onConsole);
    context.off('weberror', onError);
  };
}

function serve(base: string): Promise<Server> {
  return startServer({ folder: DIST, port: 0, host: '127.0.0.1', base });
}
