import { HASH_TICKS } from '../../src/session/world/hash_log';
import { findFirefox, openFirefox } from '../firefox';
import { appIn, frameHtml, withHost } from '../outside';
import { startPeerServer } from '../peer_server';
import { BENCH, load } from '../room';
import { expect, FIRST_WORLD, openRoom, peopleOf, roomOf, test, WIDE } from './company';
import { confirmed, expectSameWorld } from './worlds';

/** The same rooms by another introduction, in another browser, in a frame, on a phone, and shared by hand. */

/** Starting Firefox on a busy machine, ms. */
const FIREFOX_TIMEOUT_MS = 180_000;

test.afterEach(({ company }) => company.leave());

test('Share opens the room and copies its link; whoever opens it is in', async ({ company }) => {
  const ana = await company.open('Ana', { viewport: WIDE });
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
});

test('without a relay of its own: two browsers meet by a PeerServer', async ({ company }) => {
  const broker = await startPeerServer();
  const query = `${FIRST_WORLD}&signal=peerjs&peerHost=127.0.0.1&peerPort=${String(broker.port)}`;
  const ana = await company.open('Ana', { query });
  await load(ana, { files: { 'bench.xml': BENCH } });
  const link = await openRoom(ana);
  expect(link).toContain('signal=peerjs');
  const ben = await company.open('Ben', { link });
  await ben.evaluate(() => window.simroom.play());
  await expectSameWorld(ana, ben);
  await expect.poll(() => peopleOf(ana)).toEqual({ Ana: 'admin', Ben: 'developer' });
  await company.leave();
  broker.close();
});

test('a host in Chromium and a guest in Firefox hold the same bits', async ({ company }) => {
  const firefox = findFirefox();
  test.skip(firefox === null, 'Firefox is not installed');
  test.setTimeout(FIREFOX_TIMEOUT_MS);
  const ana = await company.open('Ana');
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
  const ana = await company.open('Ana');
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
    await test.info().attach('frame', { body: await page.screenshot(), contentType: 'image/png' });
  });
});

test('on a phone the link leads in, and everything of the room is at hand', async ({ company }) => {
  const ana = await company.open('Ana');
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
  await test.info().attach('joined', { body: await phone.screenshot(), contentType: 'image/png' });
  await phone.getByRole('button', { name: 'People: 2 in the room' }).tap();
  await expect(phone.getByText('Ana').first()).toBeVisible();
  await test.info().attach('people', { body: await phone.screenshot(), contentType: 'image/png' });
  await ana.evaluate(() => window.simroom.chat.send('Hello, phone'));
  await phone.getByRole('button', { name: /^Chat/ }).tap();
  await expect(phone.getByText('Hello, phone').first()).toBeVisible();
  await phone.getByRole('textbox', { name: 'Message' }).fill('Hello, Ana');
  await phone.getByRole('button', { name: 'Send' }).tap();
  await expect.poll(() => ana.evaluate(() => window.simroom.chat.messages().at(-1)?.text)).toBe('Hello, Ana');
  await test.info().attach('chat', { body: await phone.screenshot(), contentType: 'image/png' });
  const width = await phone.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(390);
});
