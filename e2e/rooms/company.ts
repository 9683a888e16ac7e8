import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  test as base,
  expect,
} from '@playwright/test';
import { DIST } from '../../scripts/lib/paths.mjs';
import { RELAY_DEFAULTS, type RelaySettings } from '../../signaling/config';
import { type Server, startServer } from '../../signaling/server';
import type { Role, RoomInfo } from '../../src/app/api';
import { FACE_MEMORY_KEY } from '../../src/app/faces/memory';
import { STYLE_NAMES } from '../../src/face/head/style';
import { PREFS_KEY } from '../../src/state/prefs';
import { collectErrors, ready } from '../fixtures';

/**
 * People for the tests of rooms: each has a browser context of their own, which lasts for a file and may be in one room
 * after the other.
 */

/** Every picture is drawn in software, and nobody looks at most of them. */
export const SMALL = { width: 320, height: 180 } as const;
/** Room for the desktop's layout. */
export const WIDE = { width: 720, height: 400 } as const;

/** Between two pictures of a page, ms: at a real display's rate the drawing would take all the processors have. */
const PICTURE_MS = 100;

/** How often a page is asked, ms, and how long it may take. */
const POLL_MS = 50;
const EXPECT_MS = 15_000;

/** What Chromium says of a server that is not there. */
const LOST_SERVER = /WebSocket connection to .* failed|net::ERR_CONNECTION_REFUSED/;

/** A light model; and nobody outside is asked for one's address, who could not answer here. */
export const FIRST_WORLD = '?model=pendulum&stun=none';

export interface PersonOptions extends Omit<BrowserContextOptions, 'storageState'> {
  /** Of the page, after the server's address; a light model and no STUN when absent. */
  readonly query?: string;
  /** A room to open the page in. */
  readonly link?: string;
  /** Before the app's own scripts run. */
  readonly prepare?: (context: BrowserContext) => Promise<void>;
  /** Draws all pictures of the display, rather than some. */
  readonly everyPicture?: boolean;
  /** Whose app it is. */
  readonly server?: Server;
}

/** Everybody there is, and what their consoles said. */
export class Company {
  readonly errors: string[] = [];
  private readonly contexts: BrowserContext[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly server: Server,
  ) {}

  /** A browser of somebody's own, without a page. */
  async arrive(name: string, options: PersonOptions = {}): Promise<BrowserContext> {
    const {
      query: _query,
      link: _link,
      prepare,
      everyPicture,
      server = this.server,
      ...contextOptions
    } = options;
    const { origin } = new URL(server.url);
    const context = await this.browser.newContext({
      viewport: SMALL,
      reducedMotion: 'reduce',
      // They would fetch the whole app again for everybody.
      serviceWorkers: 'block',
      permissions: ['clipboard-read', 'clipboard-write'],
      ...contextOptions,
    });
    const store = {
      [PREFS_KEY]: { version: 1, hintSeen: true, drawer: false, named: true },
      'simroom.person': { name, colour: this.contexts.length },
      // Chosen at random else. All heads are of one style: every page has to build each that is in its room.
      [FACE_MEMORY_KEY]: { seed: STYLE_NAMES.length * this.contexts.length, tunings: {} },
    };
    this.contexts.push(context);
    collectErrors(context, this.errors);
    // Not as a storage state, for which Playwright opens a window of its own.
    await context.addInitScript(furnish, { origin, store });
    if (everyPicture !== true) await context.addInitScript(slowDown, PICTURE_MS);
    await prepare?.(context);
    return context;
  }

  /** Somebody in front of the app, with a world of their own, paused, or in the room of a link. */
  async open(name: string, options: PersonOptions = {}): Promise<Page> {
    const { query = FIRST_WORLD, link, server = this.server } = options;
    const context = await this.arrive(name, options);
    const page = await context.newPage();
    await page.goto(link ?? `${server.url}${query}`);
    await ready(page);
    // A world of one's own that runs is drawn beside those of the others, all in software.
    if (link === undefined) await page.evaluate(() => window.simroom.pause());
    return page;
  }

  /** Another tab of somebody's. */
  async openTab(page: Page, address: string): Promise<Page> {
    const tab = await page.context().newPage();
    await tab.goto(address);
    await ready(tab);
    return tab;
  }

  /** Takes out what the consoles say of a server that a test has shut. */
  forgiveLostServer(): void {
    const others = this.errors.filter((text) => !LOST_SERVER.test(text));
    this.errors.splice(0, Infinity, ...others);
  }

  async leave(): Promise<void> {
    for (const context of this.contexts.splice(0)) await context.close();
  }
}

/** In every page of a person before its own scripts: what their browser has kept, which they may change. */
function furnish({ origin, store }: { origin: string; store: Readonly<Record<string, unknown>> }): void {
  if (location.origin !== origin) return;
  for (const [key, value] of Object.entries(store)) {
    if (localStorage.getItem(key) === null) localStorage.setItem(key, JSON.stringify(value));
  }
}

/** A display of fewer pictures a second. */
function slowDown(pictureMs: number): void {
  const { requestAnimationFrame, cancelAnimationFrame } = window;
  const asked = new Map<number, number>();
  window.requestAnimationFrame = (draw) => {
    const timer = window.setTimeout(() => {
      const request = requestAnimationFrame((now) => {
        asked.delete(timer);
        draw(now);
      });
      asked.set(timer, request);
    }, pictureMs);
    return timer;
  };
  window.cancelAnimationFrame = (timer) => {
    window.clearTimeout(timer);
    cancelAnimationFrame(asked.get(timer) ?? 0);
    asked.delete(timer);
  };
}

interface WorkerFixtures {
  /** Folder of the built app. */
  readonly dist: string;
  /** The app and the relay as `npm start` serves them; it lets everybody connect as often as the tests do. */
  readonly roomServer: Server;
  /** To be sent home at the end of a file: `company.leave()`. */
  readonly company: Company;
}

export const test = base.extend<{ readonly quiet: void }, WorkerFixtures>({
  dist: [DIST, { option: true, scope: 'worker' }],
  roomServer: [
    async ({ dist }, use) => {
      const server = await serveRooms(dist);
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  company: [
    async ({ browser, roomServer }, use) => {
      const company = new Company(browser, roomServer);
      await use(company);
      await company.leave();
    },
    { scope: 'worker' },
  ],
  quiet: [
    async ({ company }, use) => {
      company.errors.length = 0;
      await use();
      expect(company.errors, 'errors on the console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/**
 * The app with its relay.
 *
 * @param limits other than the defaults
 */
export function serveRooms(dist: string, limits: Partial<RelaySettings> = {}, port = 0): Promise<Server> {
  const relay = { ...RELAY_DEFAULTS, origins: 'any' as const, connectsPerMinute: 1e6, ...limits };
  return startServer({ folder: dist, port, host: '127.0.0.1', relay });
}

/** Opens a room; one that was open is closed. */
export async function openRoom(host: Page, role: Role = 'developer'): Promise<string> {
  const { link } = await host.evaluate(async (asked) => {
    const { room } = window.simroom;
    await room.leave();
    return room.create({ role: asked });
  }, role);
  return link;
}

/** Nobody is in a room, and nothing runs: whoever is not needed costs the others no time. */
export async function rest(...pages: readonly Page[]): Promise<void> {
  for (const page of pages) {
    await page.evaluate(async () => {
      await window.simroom.room.leave();
      await window.simroom.pause();
    });
  }
}

/** Enters a room with a page that is open; resolves when its world runs there. */
export async function enter(page: Page, link: string): Promise<void> {
  await page.evaluate((to) => window.simroom.room.join(to), link);
}

/** The code with which entering fails, and its words; null when it does not. */
export function refusal(page: Page, link: string): Promise<{ code: string; message: string } | null> {
  return page.evaluate(
    (to) =>
      window.simroom.room.join(to).then(
        () => null,
        (error: Error) => ({ code: String(Reflect.get(error, 'code')), message: error.message }),
      ),
    link,
  );
}

export function roomOf(page: Page): Promise<RoomInfo | null> {
  return page.evaluate(() => window.simroom.room.info());
}

/** Names in the room and their roles, as this page's list has them. */
export function peopleOf(page: Page): Promise<Record<string, Role>> {
  return page.evaluate(() =>
    Object.fromEntries(window.simroom.room.peers().map(({ name, role }) => [name, role])),
  );
}

/** The id of somebody in the room; waits until this page knows them. */
export async function idOf(page: Page, name: string): Promise<string> {
  const found = await page.waitForFunction(
    (wanted) => window.simroom.room.peers().find((peer) => peer.name === wanted)?.id,
    name,
    { polling: POLL_MS, timeout: EXPECT_MS },
  );
  return (await found.jsonValue()) ?? '';
}
