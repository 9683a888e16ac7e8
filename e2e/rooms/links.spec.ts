import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import type { Server } from '../../signaling/server';
import { ready } from '../fixtures';
import { tickOf, untilRunning } from '../room';
import { enter, expect, openRoom, peopleOf, refusal, rest, roomOf, serveRooms, test, WIDE } from './company';
import { expectSameWorld } from './worlds';

/** Links that lead nowhere, servers that are down, browsers that do not fit: each says so in plain words. */

const HOUR_MS = 3_600_000;

let ana: Page;
let ben: Page;

test.beforeAll(async ({ company }) => {
  ana = await company.open('Ana');
  ben = await company.open('Ben', { viewport: WIDE });
});

test.afterAll(({ company }) => company.leave());

test.beforeEach(() => rest(ana, ben));

/** The link with its payload's bytes changed; the checksum is made right again. */
function forge(page: Page, link: string, change: 'secret' | 'key'): Promise<string> {
  return page.evaluate(
    async ([from, what]) => {
      const [base = '', payload = ''] = from.split('#room=');
      const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
      const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
      const at = what === 'secret' ? 3 : 20;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.subarray(0, 32)));
      bytes.set(digest.subarray(0, 2), 32);
      const coded = btoa(String.fromCharCode(...bytes));
      return `${base}#room=${coded.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
    },
    [link, change] as const,
  );
}

const card = (page: Page, code: string) => page.locator(`[role="alert"][data-code="${code}"]`);

test('a link that was cut short or mistyped says so, and offers a world of one’s own', async ({
  company,
}) => {
  const link = await openRoom(ana);
  for (const cut of [link.slice(0, -10), `${link.split('#')[0] ?? ''}#room=`, `${link}&invite=abc`]) {
    expect((await refusal(ben, cut))?.code).toBe('link-invalid');
  }
  const typo = link.replace(/#room=(.)/, (_, first: string) => `#room=${first === 'A' ? 'B' : 'A'}`);
  const refused = await refusal(ben, typo);
  expect(refused?.code).toBe('link-invalid');
  expect(refused?.message).toContain('typo');

  const context = await company.arrive('Cleo', { viewport: WIDE });
  const cleo = await context.newPage();
  await cleo.goto(link.slice(0, -10));
  await expect(card(cleo, 'link-invalid')).toContainText('cut short');
  await cleo.getByRole('button', { name: 'Open my own room' }).click();
  await ready(cleo);
  expect(new URL(cleo.url()).hash).toBe('');
  await cleo.close();
});

test('a link with another secret finds no room; with another key, nobody who could be its host', async () => {
  const link = await openRoom(ana);
  expect((await refusal(ben, await forge(ben, link, 'secret')))?.code).toBe('room-not-found');
  const untrusted = await refusal(ben, await forge(ben, link, 'key'));
  expect(untrusted?.code).toBe('room-untrusted');
  expect(untrusted?.message).toContain('Nothing about you was sent');
  expect(await peopleOf(ana)).toEqual({ Ana: 'admin' });
  await enter(ben, link);
});

test('the link of a room that was closed finds nobody, until its host is back', async () => {
  const link = await openRoom(ana);
  await ana.evaluate(() => window.simroom.room.leave());
  expect((await refusal(ben, link))?.code).toBe('room-not-found');
  await expect(card(ben, 'room-not-found')).toContainText('Nobody has this room open');
  await ana.evaluate((to) => window.simroom.room.join(to), link);
  expect((await roomOf(ana))?.host).toBe(true);
  await card(ben, 'room-not-found').getByRole('button', { name: 'Stay in my own world' }).click();
  await enter(ben, link);
  await ana.evaluate(() => window.simroom.play());
  await expectSameWorld(ana, ben);
});

test('a full room says that it is full', async ({ company, dist }) => {
  const server = await serveRooms(dist, { guestsPerRoom: 1 });
  const host = await company.open('Hanna', { server });
  const link = await openRoom(host);
  await enter(ben, link);
  expect((await refusal(ana, link))?.code).toBe('room-full');
  await ben.evaluate(() => window.simroom.room.leave());
  await expect(async () => expect(await refusal(ana, link)).toBeNull()).toPass();
  await ana.evaluate(() => window.simroom.room.leave());
  await host.close();
  await server.close();
});

test.describe('without the signaling server', () => {
  let server: Server;
  let host: Page;

  test.beforeAll(async ({ company, dist }) => {
    server = await serveRooms(dist);
    host = await company.open('Hanna', { server, viewport: WIDE });
  });

  test.beforeEach(() => rest(host));

  test.afterAll(async () => {
    await host.close();
    await server.close();
  });

  test('who is in stays in, who comes is told, and all is well when it is back', async ({
    company,
    dist,
  }) => {
    const link = await openRoom(host);
    await enter(ben, link);
    await host.evaluate(() => window.simroom.play());
    await server.close();
    await expect.poll(async () => (await roomOf(host))?.state).toBe('waiting');
    await untilRunning(host);
    await expectSameWorld(host, ben);
    const refused = await refusal(ana, link);
    expect(refused?.code).toBe('relay-unreachable');

    server = await serveRooms(dist, {}, server.port);
    await expect.poll(async () => (await roomOf(host))?.state, { timeout: 60_000 }).toBe('open');
    await enter(ana, link);
    await expectSameWorld(host, ben, ana);
    await rest(ana, ben);
    company.forgiveLostServer();
  });

  test('a room can be opened all the same, and the world of one’s own runs on', async ({ company, dist }) => {
    // The part of the app that opens rooms is fetched with the first one.
    await openRoom(host);
    await host.evaluate(() => window.simroom.room.leave());
    await server.close();
    const link = await openRoom(host);
    await expect.poll(async () => (await roomOf(host))?.state).toBe('waiting');
    await expect(host.getByRole('img', { name: /signaling server cannot be reached/ })).toBeVisible();
    const before = await tickOf(host);
    await host.evaluate(() => window.simroom.play());
    await expect.poll(() => tickOf(host)).toBeGreaterThan(before);
    server = await serveRooms(dist, {}, server.port);
    await expect.poll(async () => (await roomOf(host))?.state, { timeout: 60_000 }).toBe('open');
    await enter(ben, link);
    await expectSameWorld(host, ben);
    await rest(ben);
    company.forgiveLostServer();
  });
});

test('a browser with another MuJoCo is told, instead of getting another world', async ({ company, dist }) => {
  const wasm = await shaOfWasm(dist);
  const other = wasm.replace(/^./, (first) => (first === '0' ? '1' : '0'));
  const link = await openRoom(ana);
  const context = await company.arrive('Old', {
    viewport: WIDE,
    prepare: (fresh) => rewriteScripts(fresh, (script) => script.replaceAll(wasm, other)),
  });
  const old = await context.newPage();
  await old.goto(link);
  await expect(card(old, 'version-differs')).toContainText('Reload this page');
  expect(await roomOf(old)).toBeNull();
  expect(await peopleOf(ana)).toEqual({ Ana: 'admin' });
  await old.close();
});

test('clocks that are off by hours do not matter', async ({ company }) => {
  const shifted = (hours: number) => (context: BrowserContext) => shiftClocks(context, hours * HOUR_MS);
  const past = await company.open('Past', { prepare: shifted(-5) });
  const future = await company.open('Future', { prepare: shifted(7) });
  for (const [page, hours] of [
    [past, -5],
    [future, 7],
  ] as const) {
    const engine = page.workers().find((worker) => worker.url().includes('engine-'));
    for (const now of [await page.evaluate(() => Date.now()), await engine?.evaluate(() => Date.now())]) {
      expect(((now ?? NaN) - Date.now()) / HOUR_MS).toBeCloseTo(hours, 1);
    }
  }
  await openRoom(past, 'viewer');
  const link = await past.evaluate(() =>
    window.simroom.room.invite({ role: 'developer', expiresIn: 60, uses: 1 }),
  );
  await enter(future, link);
  await expect.poll(async () => (await roomOf(future))?.role).toBe('developer');
  await past.evaluate(() => window.simroom.chat.send('What time is it?'));
  const heardAt = (page: Page): Promise<number | null> =>
    page.evaluate(() => {
      const said = window.simroom.chat.messages().at(-1);
      return said === undefined ? null : Math.abs(Date.now() - said.at.getTime());
    });
  for (const page of [past, future]) await expect.poll(() => heardAt(page)).toBeLessThan(60_000);
  await past.evaluate(() => window.simroom.play());
  await expectSameWorld(past, future);
  await future.close();
  await past.close();
});

/** Of the MuJoCo that the built app brings: in every script that compares it. */
async function shaOfWasm(dist: string): Promise<string> {
  const folder = path.join(dist, 'assets');
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  for (const name of scripts) {
    const found = /\b[0-9a-f]{64}\b/.exec(await readFile(path.join(folder, name), 'utf8'));
    if (found !== null) return found[0];
  }
  throw new Error('no script of the app has the hash of a wasm');
}

/** Serves the app's scripts in another version. */
async function rewriteScripts(context: BrowserContext, rewrite: (script: string) => string): Promise<void> {
  await context.route('**/assets/*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: rewrite(await response.text()) });
  });
}

/** Lets the clock of the pages and of their workers be off. */
async function shiftClocks(context: BrowserContext, ms: number): Promise<void> {
  const shift = `{
    const Real = Date;
    globalThis.Date = class Date extends Real {
      constructor(...parts) { super(...(parts.length === 0 ? [Real.now() + ${String(ms)}] : parts)); }
      static now() { return Real.now() + ${String(ms)}; }
    };
  }\n`;
  await context.addInitScript(shift);
  // Init scripts do not run in workers.
  await context.route('**/assets/engine-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: shift + (await response.text()) });
  });
}
