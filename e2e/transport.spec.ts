import type { Page } from '@playwright/test';
import { RELAY_DEFAULTS } from '../signaling/config';
import { type Server, startServer } from '../signaling/server';
import { CONNECT_TIMEOUT_MS } from '../src/transport/connection';
import { CONTRACT } from '../src/transport/contract';
import { collectErrors, expect, test as base } from './fixtures';
import { findFirefox, openFirefox } from './firefox';
import { type PageServer, pagesFixture } from './pages';
import { startPeerServer } from './peer_server';
import type { Transport } from './transport/page';

/** Every kind of connection keeps the same contract, in real browsers, over real signaling. */

declare global {
  interface Window {
    readonly transport: Transport;
  }
}

const PATH = 'e2e/transport/index.html';
/** Bundling the page at first, ms. */
const OPEN_TIMEOUT_MS = 60_000;

interface WorkerFixtures {
  readonly pages: PageServer;
  readonly relay: Server;
  /** Port of a PeerServer. */
  readonly broker: number;
}

const test = base.extend<object, WorkerFixtures>({
  pages: [pagesFixture, { scope: 'worker' }],
  relay: [
    async ({}, use) => {
      const relay = { ...RELAY_DEFAULTS, origins: 'any' as const, connectsPerMinute: 1e6 };
      const server = await startServer({ folder: null, port: 0, host: '127.0.0.1', relay });
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  broker: [
    async ({}, use) => {
      const { port, close } = await startPeerServer();
      await use(port);
      close();
    },
    { scope: 'worker' },
  ],
});

async function open(page: Page, pages: PageServer, query: string): Promise<void> {
  await page.goto(`${pages.url}${PATH}?${query}`);
  await page.waitForFunction(() => 'transport' in window, undefined, { timeout: OPEN_TIMEOUT_MS });
}

/** A page for all tests of a group: each makes connections of its own. */
function sharedPage(queryOf: (servers: WorkerFixtures) => string): () => Page {
  const errors: string[] = [];
  let shared: Page | null = null;
  const page = (): Page => {
    if (shared === null) throw new Error('the page is not open');
    return shared;
  };
  test.beforeAll(async ({ browser, pages, relay, broker }) => {
    shared = await browser.newPage();
    collectErrors(shared.context(), errors);
    await open(shared, pages, queryOf({ pages, relay, broker }));
  });
  test.afterEach(() => expect(errors.splice(0), 'errors on the console').toEqual([]));
  test.afterAll(() => page().close());
  return page;
}

const overRelay = ({ relay }: WorkerFixtures): string => `signal=${encodeURIComponent(relay.relayUrl ?? '')}`;
const overBroker = ({ broker }: WorkerFixtures): string =>
  `signal=peerjs&peerHost=127.0.0.1&peerPort=${String(broker)}`;

test.describe('simple-peer over the relay', () => {
  const page = sharedPage(overRelay);
  contract(page);
  rooms(page);

  test('has its channels in the worker', async () => {
    expect(await page().evaluate(() => window.transport.canTransferChannels())).toBe(true);
  });

  test('outlives an ICE restart', async () => {
    expect(await page().evaluate(() => window.transport.restart())).toBe(true);
  });

  test('cannot be taken over by a later description', async () => {
    expect(await page().evaluate(() => window.transport.takeover())).toEqual({ answers: 2, through: true });
  });

  test('passes over an offer that promises two certificates', async () => {
    expect(await page().evaluate(() => window.transport.twoCertificates())).toBe(true);
  });
});

test.describe('simple-peer, its channels forwarded to the worker', () => {
  contract(sharedPage((servers) => `${overRelay(servers)}&forward`));
});

test.describe('PeerJS', () => {
  const page = sharedPage(overBroker);
  contract(page);
  rooms(page);
});

function contract(page: () => Page): void {
  test('keeps the contract of links', async () => {
    for (const { name } of CONTRACT) {
      await test.step(name, async () => {
        expect(await page().evaluate((check) => window.transport.check(check), name), name).toBeNull();
      });
    }
  });
}

function rooms(page: () => Page): void {
  test('finds no host, then learns that it has come', async () => {
    expect(await page().evaluate(() => window.transport.waiting())).toEqual(['room-not-found', 'hosted']);
  });

  test('lets a room have one host', async () => {
    expect(await page().evaluate(() => window.transport.taken())).toEqual(['open', 'rooms-unavailable']);
  });

  test('says how it is connected', async () => {
    const { route, rttMs, bytesSent } = await page().evaluate(() => window.transport.stats());
    expect(route).toBe('p2p');
    expect(rttMs).toBeLessThan(1000);
    expect(bytesSent).toBeGreaterThan(0);
  });
}

test('a connection that finds no way says so', async ({ page, pages, relay, broker }) => {
  await page.clock.install();
  await open(page, pages, overRelay({ pages, relay, broker }));
  await page.evaluate(() => window.transport.loseWay());
  await page.clock.fastForward(CONNECT_TIMEOUT_MS);
  expect(await page.evaluate(() => window.transport.lostWay())).toBe('connection-failed');
});

test.describe('Firefox', () => {
  const executable = findFirefox();
  test.skip(executable === null, 'Firefox not found');

  test('keeps the contract of links', async ({ pages, relay, broker }) => {
    if (executable === null) return;
    const query = overRelay({ pages, relay, broker });
    const firefox = await openFirefox(executable, `${PATH}?${query}`, 'transport');
    try {
      for (const { name } of CONTRACT) {
        await test.step(name, async () => {
          expect(await firefox.evaluate(`transport.check(${JSON.stringify(name)})`), name).toBeNull();
        });
      }
    } finally {
      await firefox.close();
    }
  });
});
