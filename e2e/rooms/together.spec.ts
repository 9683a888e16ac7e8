import type { JSHandle, Page } from '@playwright/test';
import { BENCH, load, tickOf, untilDrawn } from '../room';
import { enter, expect, idOf, openRoom, peopleOf, test, WIDE } from './company';
import { ballX, letGo, lookAtBall, pull, pulls } from './hands';
import { expectSameWorld, repairsOf } from './worlds';

/** Ana hosts; Ben and Cleo come by her link. What one does, all have, to the bit. */

/** One way, ms: so slow that what is seen sooner was not waited for. */
const SLOW_MS = 500;

let ana: Page;
let ben: Page;
let cleo: Page;

test.beforeAll(async ({ company }) => {
  ana = await company.open('Ana', { viewport: WIDE });
  await load(ana, { files: { 'bench.xml': BENCH } });
  const link = await openRoom(ana);
  ben = await company.open('Ben', { link });
  cleo = await company.open('Cleo', { link, viewport: WIDE });
});

test.afterAll(({ company }) => company.leave());

test.beforeEach(async () => {
  await ana.evaluate(async () => {
    const { simroom } = window;
    await simroom.pause();
    await simroom.reset('home');
    await simroom.setOptions({ gravity: [0, 0, 0] });
  });
});

const isPaused = (page: Page): Promise<boolean> =>
  page.evaluate(() => window.simroom.frame()?.header[2] === 1);

test('whoever opens the link stands in the same world, and everybody sees who is there', async () => {
  const sizes = await ana.evaluate(() => window.simroom.model()?.sizes);
  for (const page of [ben, cleo]) {
    expect(await page.evaluate(() => window.simroom.model()?.sizes)).toEqual(sizes);
  }
  await ana.evaluate(() => window.simroom.play());
  await expectSameWorld(ana, ben, cleo);
  for (const page of [ana, ben, cleo]) {
    await expect.poll(() => peopleOf(page)).toEqual({ Ana: 'admin', Ben: 'developer', Cleo: 'developer' });
    await expect
      .poll(() => page.evaluate(() => window.simroom.room.peers().map(({ mode }) => mode)))
      .toEqual(['tape', 'tape', 'tape']);
  }
  await expect(cleo.getByRole('button', { name: 'People: 3 in the room' })).toBeVisible();
});

test('what a guest pulls with the mouse moves the same in all three', async () => {
  await lookAtBall(cleo);
  await ana.evaluate(() => window.simroom.play());
  await pull(cleo, 'Shift');
  for (const page of [cleo, ana, ben]) {
    await expect.poll(() => pulls(page)).toBe(1);
    await expect.poll(() => ballX(page)).toBeGreaterThan(1.02);
  }
  await letGo(cleo, 'Shift');
  for (const page of [ana, ben]) await expect.poll(() => pulls(page)).toBe(0);
  await expectSameWorld(ana, ben, cleo);
  for (const page of [ben, cleo]) expect(await repairsOf(page)).toBe(0);
});

test('what the host pulls moves the same in all three', async () => {
  await lookAtBall(ana);
  await ana.evaluate(() => window.simroom.play());
  await pull(ana, 'Control');
  for (const page of [ana, ben, cleo]) {
    await expect.poll(() => pulls(page)).toBe(1);
    await expect.poll(() => ballX(page)).toBeGreaterThan(1.02);
  }
  await letGo(ana, 'Control');
  await expectSameWorld(ana, ben, cleo);
});

test('two pull at the same time: their forces add up, the same everywhere', async () => {
  for (const page of [ana, cleo]) await lookAtBall(page);
  await ana.evaluate(() => window.simroom.play());
  await pull(cleo, 'Shift');
  await expect.poll(() => pulls(ana)).toBe(1);
  await pull(ana, 'Control');
  for (const page of [ana, ben, cleo]) await expect.poll(() => pulls(page)).toBe(2);
  await letGo(ana, 'Control');
  await letGo(cleo, 'Shift');
  for (const page of [ana, ben, cleo]) await expect.poll(() => pulls(page)).toBe(0);
  await expectSameWorld(ana, ben, cleo);
});

test('a slider that a guest moves moves for everybody', async () => {
  await cleo.getByRole('button', { name: 'Panels' }).click();
  const slider = cleo.getByRole('complementary', { name: 'Panels' }).getByRole('slider').first();
  await slider.focus();
  await slider.press('End');
  await cleo.getByRole('button', { name: 'Panels' }).click();
  for (const page of [cleo, ana, ben]) {
    await expect.poll(() => page.evaluate(() => window.simroom.frame()?.ctrl[0])).toBe(1);
  }
  await ben.evaluate(() => window.simroom.play());
  await expect.poll(() => ben.evaluate(() => window.simroom.frame()?.qpos[0] ?? 0)).toBeGreaterThan(0.1);
  await expectSameWorld(ana, ben, cleo);
});

test('a guest starts, pauses, steps and resets the world for everybody', async () => {
  await ben.evaluate(() => window.simroom.play());
  for (const page of [ana, ben, cleo]) await expect.poll(() => isPaused(page)).toBe(false);
  await cleo.keyboard.press('Space');
  for (const page of [ana, ben, cleo]) await expect.poll(() => isPaused(page)).toBe(true);
  await expectSameWorld(ana, ben, cleo);
  const before = await tickOf(ana);
  await ben.evaluate(() => window.simroom.step(30));
  await expect.poll(() => tickOf(ana)).toBe(before + 30);
  await ben.evaluate(() => window.simroom.reset('left'));
  for (const page of [ana, ben, cleo]) {
    await expect.poll(() => page.evaluate(() => window.simroom.frame()?.qpos[0])).toBe(-1);
  }
  await expectSameWorld(ana, ben, cleo);
});

test('a guest goes back in time, and everybody with them', async () => {
  await ben.evaluate(() => window.simroom.step(200));
  const tick = await expectSameWorld(ana, ben, cleo);
  const past = await ana.evaluate(() => window.simroom.state());
  await ben.evaluate(() => window.simroom.step(100));
  for (const page of [ana, ben, cleo]) await expect.poll(() => tickOf(page)).toBe(tick + 100);
  await ben.evaluate((to) => window.simroom.rewind(to), tick);
  for (const page of [ana, ben, cleo]) {
    await expect
      .poll(() => page.evaluate(() => window.simroom.state().then(({ time }) => time)))
      .toBe(past.time);
  }
  await expectSameWorld(ana, ben, cleo);
});

test('people see where others look and what they point at, and can look with them', async () => {
  const target = { lookat: [0.5, 0.25, 0.75], distance: 3, azimuth: 120, elevation: -20 } as const;
  await ben.evaluate((pose) => {
    window.simroom.camera.set(pose);
    window.simroom.room.point({ x: 0, y: -0.9 });
  }, target);
  const seat = Number(await idOf(ana, 'Ben'));
  const seen = (page: Page) =>
    page.evaluate((wanted) => {
      const { persons, header } = window.simroom.frame() ?? {};
      for (let i = 0; i < (header?.[16] ?? 0); i++) {
        const person = [...(persons?.subarray(11 * i, 11 * i + 11) ?? [])];
        if (person[0] === wanted) return { lookat: person.slice(4, 7), pointing: person[7] };
      }
      return null;
    }, seat);
  for (const page of [ana, cleo]) {
    await expect.poll(() => seen(page)).toEqual({ lookat: [0.5, 0.25, 0.75], pointing: 1 });
  }
  await ben.evaluate(() => window.simroom.room.point(null));
  await expect.poll(async () => (await seen(ana))?.pointing).toBe(0);

  await ana.evaluate((id) => window.simroom.room.lookAs(id), await idOf(ana, 'Ben'));
  const pose = await ana.evaluate(() => window.simroom.camera.get());
  expect(pose.distance).toBeCloseTo(3, 4);
  expect(pose.azimuth).toBeCloseTo(120, 3);
  expect(pose.elevation).toBeCloseTo(-20, 3);

  await ben.evaluate(() => window.simroom.room.gather());
  await expect
    .poll(async () => (await cleo.evaluate(() => window.simroom.camera.get())).distance)
    .toBeCloseTo(3, 4);
});

test('people talk; what has not been read yet is marked', async () => {
  await ben.evaluate(() => window.simroom.chat.send('Hello from Ben <b>&'));
  const said = (page: Page) =>
    page.evaluate(() => window.simroom.chat.messages().map(({ name, text, self }) => [name, text, self]));
  await expect.poll(() => said(ana)).toEqual([['Ben', 'Hello from Ben <b>&', false]]);
  await expect.poll(() => said(ben)).toEqual([['Ben', 'Hello from Ben <b>&', true]]);
  await ana.getByRole('button', { name: 'Chat: 1 unread' }).click();
  const panels = ana.getByRole('complementary', { name: 'Panels' });
  await expect(panels.getByText('Hello from Ben <b>&')).toBeVisible();
  await expect(ana.getByRole('button', { name: /^Chat: / })).toBeHidden();
  const field = ana.getByRole('textbox', { name: 'Message' });
  await field.fill('Hello from Ana');
  await field.press('Enter');
  for (const page of [ben, cleo]) {
    await expect.poll(async () => (await said(page)).at(-1)).toEqual(['Ana', 'Hello from Ana', false]);
  }
  await ana.getByRole('button', { name: 'Panels' }).click();
});

test('a new name shows everywhere, and is remembered', async () => {
  await ben.evaluate(() => window.simroom.room.setSettings({ name: 'Benedict' }));
  for (const page of [ana, cleo]) await expect.poll(() => peopleOf(page)).toHaveProperty('Benedict');
  expect(await ben.evaluate(() => window.localStorage.getItem('simroom.person'))).toContain('Benedict');
  await ben.evaluate(() => window.simroom.room.setSettings({ name: 'Ben' }));
  await idOf(ana, 'Ben');
});

test('a guest with a slow line sees their own hand at once, and the others see it after the trip', async () => {
  const link = await ana.evaluate(() => window.simroom.room.info()?.link ?? '');
  await ben.evaluate(() => window.simroom.room.leave());
  // It holds for connections that are made from now on.
  const devtools = await ben.context().newCDPSession(ben);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: SLOW_MS,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await enter(ben, link);
  // The first pictures of a world take longer than all others.
  await ben.evaluate(() => window.simroom.setCtrl('push', 0.5));
  await expect.poll(() => ana.evaluate(() => window.simroom.frame()?.ctrl[0])).toBe(0.5);
  await untilDrawn(ben);
  const roundTripMs = await ben.evaluate(
    async () => (await window.simroom.stats()).network.peers[0]?.rttMs ?? NaN,
  );
  expect(roundTripMs).toBeGreaterThanOrEqual(2 * SLOW_MS);
  const shown = await Promise.all([ana, ben].map(whenMoved));
  const begun = await ben.evaluate(async () => {
    const now = Date.now();
    await window.simroom.setJoint('slide', 0.5);
    return now;
  });
  const [there = NaN, here = NaN] = await Promise.all(shown.map((moved) => moved.evaluate(({ at }) => at)));
  // What waits for the host's word has the way there and back before it.
  expect(here - begun).toBeLessThan(roundTripMs);
  expect(there - begun).toBeGreaterThanOrEqual(SLOW_MS);
  await devtools.detach();
  await expectSameWorld(ana, ben, cleo);
});

/** The time of the first picture that shows the cart where it is put, ms since the epoch. */
function whenMoved(page: Page): Promise<JSHandle<{ at: Promise<number> }>> {
  return page.evaluateHandle(() => ({
    at: new Promise<number>((resolve) => {
      const look = (): void => {
        if (window.simroom.frame()?.qpos[0] === 0.5) resolve(Date.now());
        else requestAnimationFrame(look);
      };
      look();
    }),
  }));
}
