import type { Page } from '@playwright/test';
import { GONE_MS } from '../../src/session/link/pulse';
import { ready } from '../fixtures';
import { BENCH, load, untilRunning } from '../room';
import { enter, expect, openRoom, peopleOf, rest, roomOf, test, WIDE } from './company';
import { letGo, lookAtBall, move, pull, pulls } from './hands';
import { expectSameWorld } from './worlds';

/** People come late, reload, leave and come back; the host too. */

/** Who says goodbye is gone sooner than who only falls silent, ms. */
const AT_ONCE_MS = GONE_MS - 1000;

let ana: Page;
let ben: Page;

test.beforeAll(async ({ company }) => {
  ana = await company.open('Ana', { viewport: WIDE });
  ben = await company.open('Ben', { viewport: WIDE });
});

test.afterAll(({ company }) => company.leave());

test.beforeEach(() => rest(ana, ben));

/** Ana opens a room with a world in which something happens; Ben comes. */
async function meet(): Promise<string> {
  await load(ana, { files: { 'bench.xml': BENCH } });
  const link = await openRoom(ana);
  await enter(ben, link);
  await ana.evaluate(async () => {
    // What hangs in the air stays there.
    await window.simroom.setOptions({ gravity: [0, 0, 0] });
    await window.simroom.reset('home');
    await window.simroom.play();
  });
  return link;
}

const failure = (page: Page, code: string) => page.locator(`.entry-card[data-code="${code}"]`);

/** The words of a page's room, or null. */
const stateOf = async (page: Page) => (await roomOf(page))?.state ?? null;

/** Something of one's own that can be found again: the cart's control. */
const setPush = (page: Page, value: number): Promise<void> =>
  page.evaluate((to) => window.simroom.setCtrl('push', to), value);
const pushOf = (page: Page): Promise<number | undefined> =>
  page.evaluate(() => window.simroom.frame()?.ctrl[0]);

test('who comes while somebody pulls comes into the middle of it; who goes while they pull lets go', async ({
  company,
}) => {
  const link = await meet();
  await lookAtBall(ana);
  await pull(ana, 'Control');
  await expect.poll(() => pulls(ana)).toBe(1);
  const cleo = await company.open('Cleo', { link, viewport: WIDE });
  await expect.poll(() => pulls(cleo)).toBe(1);
  await move(ana, 30);
  await expectSameWorld(ana, ben, cleo);
  await letGo(ana, 'Control');
  for (const page of [ana, ben, cleo]) await expect.poll(() => pulls(page)).toBe(0);

  await ana.evaluate(() => window.simroom.reset('home'));
  await lookAtBall(cleo);
  await pull(cleo, 'Shift');
  for (const page of [ana, ben]) await expect.poll(() => pulls(page)).toBe(1);
  await cleo.close();
  await expect.poll(() => peopleOf(ana), { timeout: AT_ONCE_MS }).not.toHaveProperty('Cleo');
  for (const page of [ana, ben]) await expect.poll(() => pulls(page)).toBe(0);
  await expectSameWorld(ana, ben);
});

test('a guest who reloads the page is back in the same room, in the same role', async () => {
  const link = await meet();
  await setPush(ben, 0.25);
  await expect.poll(() => pushOf(ana)).toBe(0.25);
  const id = await ana.evaluate(
    () => window.simroom.room.peers().find(({ name }) => name === 'Ben')?.id ?? '',
  );
  await ana.evaluate((peer) => window.simroom.room.setRole(peer, 'admin'), id);
  await expect.poll(async () => (await roomOf(ben))?.role).toBe('admin');
  expect(new URL(ben.url()).hash).toBe(new URL(link).hash);
  await ben.reload();
  await ready(ben);
  await expect.poll(async () => (await roomOf(ben))?.role).toBe('admin');
  await expect.poll(() => peopleOf(ana)).toEqual({ Ana: 'admin', Ben: 'admin' });
  await expect.poll(() => pushOf(ben)).toBe(0.25);
  await expectSameWorld(ana, ben);
});

test('when the host reloads, its room is back with its world, and the guests find the way back', async () => {
  await meet();
  await setPush(ana, 0.5);
  await ana.evaluate(() => window.simroom.setJoint('slide', 1.5));
  const { time } = await ana.evaluate(() => window.simroom.state());
  const ended = failure(ben, 'room-closed');
  await ana.reload();
  await ready(ana);
  await expect.poll(async () => (await roomOf(ana))?.host).toBe(true);
  expect((await ana.evaluate(() => window.simroom.state())).time).toBeGreaterThanOrEqual(time);
  expect(await pushOf(ana)).toBe(0.5);
  await expect(ended).toBeVisible();
  await ended.getByRole('button', { name: 'Rejoin' }).click();
  await expect.poll(() => stateOf(ben)).toBe('open');
  await expect(ended).toBeHidden();
  await ana.evaluate(() => window.simroom.play());
  await expectSameWorld(ana, ben);
});

test('when the host closes its tab, guests hear it at once and keep the world as their own; later they can go back', async () => {
  const link = await meet();
  await setPush(ben, 0.75);
  await expect.poll(() => pushOf(ana)).toBe(0.75);
  const context = ana.context();
  await ana.close({ runBeforeUnload: false });
  await expect.poll(() => roomOf(ben), { timeout: AT_ONCE_MS }).toBeNull();
  const ended = failure(ben, 'room-closed');
  await expect(ended).toContainText('The world as it was stays with you');
  expect(new URL(ben.url()).hash).toBe('');
  // The copy goes on, and obeys.
  await untilRunning(ben);
  expect(await pushOf(ben)).toBe(0.75);
  await setPush(ben, -0.5);
  await expect.poll(() => pushOf(ben)).toBe(-0.5);
  await ended.getByRole('button', { name: 'Keep my copy' }).click();
  await expect(ended).toBeHidden();

  ana = await context.newPage();
  await ana.goto(link);
  await ready(ana);
  await expect.poll(async () => (await roomOf(ana))?.host).toBe(true);
  await ben.getByRole('button', { name: 'Rejoin' }).click();
  await expect.poll(() => stateOf(ben)).toBe('open');
  // The room's world is the host's, not the copy's.
  await expect.poll(() => pushOf(ben)).toBe(0.75);
  await ana.evaluate(() => window.simroom.play());
  await expectSameWorld(ana, ben);
});

test('a guest who leaves keeps the world; the room goes on without them', async () => {
  await meet();
  await setPush(ana, 0.5);
  await expect.poll(() => pushOf(ben)).toBe(0.5);
  await ben.evaluate(() => window.simroom.room.leave());
  expect(await roomOf(ben)).toBeNull();
  await expect.poll(() => peopleOf(ana), { timeout: AT_ONCE_MS }).toEqual({ Ana: 'admin' });
  await setPush(ben, -1);
  await expect.poll(() => pushOf(ben)).toBe(-1);
  expect(await pushOf(ana)).toBe(0.5);
  await untilRunning(ben);
  await untilRunning(ana);
});

test('a fork is a copy of the moment, and there is a way back', async () => {
  const link = await meet();
  await ana.evaluate(() => window.simroom.pause());
  await expectSameWorld(ana, ben);
  const { hash } = await ana.evaluate(() => window.simroom.state());
  await ben.evaluate(() => window.simroom.room.fork());
  const forked = await ben.evaluate(() => window.simroom.state());
  expect(forked.hash).toBe(hash);
  expect(await ben.evaluate(() => window.simroom.room.left())).toContain(new URL(link).hash);
  await ben.evaluate(() => window.simroom.step(100));
  expect((await ana.evaluate(() => window.simroom.state())).hash).toBe(hash);
  await ben.evaluate(() => window.simroom.room.rejoin());
  await expectSameWorld(ana, ben);
  expect((await ben.evaluate(() => window.simroom.state())).hash).toBe(hash);
});

test('the fork of a host is a tab of its own: the room stays where it is', async () => {
  await meet();
  await ana.evaluate(() => window.simroom.pause());
  const { hash } = await ana.evaluate(() => window.simroom.state());
  const opened = ana.context().waitForEvent('page');
  await ana.evaluate(() => window.simroom.room.fork());
  const copy = await opened;
  await ready(copy);
  expect((await copy.evaluate(() => window.simroom.state())).hash).toBe(hash);
  expect(await roomOf(copy)).toBeNull();
  await copy.evaluate(() => window.simroom.step(50));
  await expectSameWorld(ana, ben);
  expect((await ana.evaluate(() => window.simroom.state())).hash).toBe(hash);
  await copy.close();
});

test('two tabs of one person are two in the list, with one role', async ({ company }) => {
  const link = await meet();
  const tab = await company.openTab(ben, link);
  const roles = (page: Page): Promise<string[]> =>
    page.evaluate(() => window.simroom.room.peers().map(({ name, role }) => `${name} ${role}`));
  await expect.poll(() => roles(ana)).toEqual(['Ana admin', 'Ben developer', 'Ben developer']);
  await expectSameWorld(ana, ben, tab);
  const id = await tab.evaluate(() => window.simroom.room.peers().find(({ self }) => self)?.id ?? '');
  await ana.evaluate((peer) => window.simroom.room.setRole(peer, 'viewer'), id);
  for (const page of [ben, tab]) await expect.poll(async () => (await roomOf(page))?.role).toBe('viewer');
  await tab.close();
  await expect.poll(() => roles(ana)).toEqual(['Ana admin', 'Ben viewer']);
});

test("the host's second tab comes as a guest of its first", async ({ company }) => {
  const link = await meet();
  const tab = await company.openTab(ana, link);
  await expect.poll(async () => (await roomOf(tab))?.host).toBe(false);
  expect((await roomOf(ana))?.host).toBe(true);
  await expectSameWorld(ana, tab);
  await tab.close();
});
