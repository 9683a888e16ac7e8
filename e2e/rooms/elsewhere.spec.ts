import type { Page } from '@playwright/test';
import { HASH_TICKS } from '../../src/session/world/hash_log';
import { findFirefox, openFirefox } from '../firefox';
import { appIn, frameHtml, withHost } from '../outside';
import { startPeerServer } from '../peer_server';
import { BENCH, load } from '../room';
import { expect, FIRST_WORLD, openRoom, peopleOf, rest, roomOf, test, WIDE } from './company';
import { confirmed, expectSameWorld } from './worlds';

/** The same rooms by another introduction, in another browser, in a frame, on a phone, and shared by hand. */

/** Starting Firefox on a busy machine, ms. */
const FIREFOX_TIMEOUT_MS = 180_000;

/** Hosts all rooms but those of another introduction. */
let ana: Page;

test.beforeAll(async ({ company }) => {
  ana = await company.open('Ana', { viewport: WIDE });
});

test.afterAll(({ company }) => company.leave());

test.beforeEach(() => rest(ana));

test('Share opens the room and copies its link; whoever opens it is in', async ({ company }) => {
  await ana.getByRole('button', { name: 'Share' }).click();
  const dialog = ana.getByRole('dialog', { name: 'Share this world' });
  await dialog.getByRole('radio', { name: /^Viewer/ }).check();
  await dialog.getByRole('button', { name: 'Share and copy the link' }).click();
  const shared = ana.getByRole('dialog', { name: 'Share this room' });
  await expect(shared.getByText(/copied/i).first()).toBeVisible();
  const link = await ana.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/#room=[\w-]{46}$/);
  expect(link).not.toContain('model=');
  expect(new URL(ana.url()).hash).toBe(new URL(link).hash);
  const ben = await company.open('Ben', { link });
  await expect.poll(async () => (await roomOf(ben))?.role).toBe('viewer');
  await ana.evaluate(() => window.simroom.play());
  await expectSameWorld(ana, ben);
  await ben.close();
  await shared.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(shared).toBeHidden();
});

test('without a relay of its own: two browsers meet by a PeerServer', async ({ company }) => {
  const broker = await startPeerServer();
  const query = `${FIRST_WORLD}&signal=peerjs&peerHost=127.0.0.1&peerPort=${String(broker.port)}`;
  const host = await company.open('Hanna', { query });
  await load(host, { files: { 'bench.xml': BENCH } });
  const link = await openRoom(host);
  expect(link).toContain('signal=peerjs');
  const ben = await company.open('Ben', { link });
  await ben.evaluate(() => window.simroom.play());
  await expectSameWorld(host, ben);
  await expect.poll(() => peopleOf(host)).toEqual({ Hanna: 'admin', Ben: 'developer' });
  for (const page of [ben, host]) await page.close();
  broker.close();
});

test('a host in Chromium and a guest in Firefox hold the same bits', async () => {
  const firefox = findFirefox();
  test.skip(firefox === null, 'Firefox is not installed');
  test.setTimeout(FIREFOX_TIMEOUT_MS);
  await load(ana, { files: { 'bench.xml': BENCH } });
  const link = await openRoom(ana);
  const fox = await openFirefox(firefox ?? '', 'e2e/viewless/index.html', 'viewless');
  try {
    await fox.evaluate(`viewless.room.join(${JSON.stringify(link)})`);
    await ana.evaluate(() => window.simroom.play());
    await fox.evaluate(`viewless.setJoint('slide', 1)`);
    await fox.evaluate(`viewless.setCtrl('push', -0.7)`);
    await expect.poll(() => ana.evaluate(() => window.simroom.frame()?.ctrl[0])).toBe(-0.7);
    const { tick } = await confirmed(ana);
    await expect(async () => {
      const ours = (await confirmed(ana, tick)).hashes;
      const theirs = (await fox.evaluate(`(async () => {
        const known = {};
        for (const at of ${JSON.stringify(Object.keys(ours))}) known[at] = await viewless.hashAt(Number(at));
        return known;
      })()`)) as Record<string, string | null>;
      const shared = Object.keys(ours).filter((at) => theirs[at] !== null);
      expect(shared.length, `ticks, every ${String(HASH_TICKS)}, that both are sure of`).toBeGreaterThan(2);
      for (const at of shared) expect(theirs[at]).toBe(ours[Number(at)]);
    }).toPass({ timeout: 30_000 });
    const figures = (await fox.evaluate('viewless.figures()')) as { peers: { repairs: number }[] };
    expect(figures.peers.map(({ repairs }) => repairs)).toEqual([0]);
    expect(await fox.evaluate('viewless.said()')).toEqual([]);
  } finally {
    await fox.close();
  }
});

test('the link works in a frame of another page', async ({ company }) => {
  const link = await openRoom(ana);
  const framed = link.replace('#', '&embed#');
  await withHost(frameHtml(framed), async (url) => {
    const context = await company.arrive('Framed', { viewport: WIDE });
    const page = await context.newPage();
    await page.goto(url);
    const frame = await appIn(page);
    await expect.poll(() => frame.evaluate(() => window.simroom.room.info()?.state)).toBe('open');
    await frame.evaluate(() => window.simroom.play());
    await expect.poll(() => ana.evaluate(() => window.simroom.frame()?.header[2])).toBe(0);
    await expect.poll(() => ana.evaluate(() => window.simroom.room.peers().length)).toBe(2);
    await page.close();
  });
});

test('on a phone the link leads in, and everything of the room is at hand', async ({ company }) => {
  await load(ana, { files: { 'bench.xml': BENCH } });
  const link = await openRoom(ana);
  const phone = await company.open('Pia', {
    link,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await expect.poll(async () => (await roomOf(phone))?.state).toBe('open');
  await expectSameWorld(ana, phone);
  await phone.getByRole('button', { name: 'People: 2 in the room' }).tap();
  await expect(phone.getByText('Ana').first()).toBeVisible();
  await ana.evaluate(() => window.simroom.chat.send('Hello, phone'));
  await phone.getByRole('button', { name: /^Chat/ }).tap();
  await expect(phone.getByText('Hello, phone').first()).toBeVisible();
  await phone.getByRole('textbox', { name: 'Message' }).fill('Hello, Ana');
  await phone.getByRole('button', { name: 'Send' }).tap();
  await expect.poll(() => ana.evaluate(() => window.simroom.chat.messages().at(-1)?.text)).toBe('Hello, Ana');
  const width = await phone.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(390);
  await phone.close();
});
