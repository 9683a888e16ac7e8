import type { Page } from '@playwright/test';
import { expect, FULL, ready, test } from './fixtures';
import { loadBench, picture, tickOf, untilDrawn, untilRunning } from './room';

/** What must survive: the engine's worker, the tab, the graphics card. */

async function killEngine(page: Page): Promise<void> {
  const engines = () => page.workers().filter((worker) => /engine/.test(worker.url()));
  // One that was replaced may be on its way out.
  await expect.poll(() => engines().length).toBe(1);
  await engines()[0]?.evaluate(() => {
    self.close();
  });
}

/** Begins to write down the codes of warnings. */
function listen(page: Page): Promise<void> {
  return page.evaluate(() => {
    const warnings: string[] = [];
    Object.assign(window, { warnings });
    window.simroom.on('warning', ({ code }) => warnings.push(code));
  });
}

/** Names of what the browser keeps of worlds; runs in the page. */
async function keptKeys(): Promise<string[]> {
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const store = await done(indexedDB.open('keyval-store'));
  const keys = await done(store.transaction('keyval').objectStore('keyval').getAllKeys());
  store.close();
  return keys.map(String);
}

const warnings = (page: Page): Promise<string[]> =>
  page.evaluate(() => Reflect.get(window, 'warnings') as string[]);

test('a dead engine comes back at the tick and in the state it had', async ({ room }) => {
  await loadBench(room);
  await listen(room);
  const before = await room.evaluate(async () => {
    const { simroom } = window;
    await simroom.setCtrl('push', 0.4);
    await simroom.step(300);
    await simroom.setOptions({ gravity: [0, 0, -5] });
    await simroom.perturb('ball', { force: [0.5, 0, 0] });
    await simroom.step(77);
    return simroom.state();
  });
  // The page knows the tick from the newest frame.
  await room.waitForFunction((tick) => window.simroom.frame()?.header[0] === tick, before.tick);
  await killEngine(room);
  await expect.poll(() => warnings(room)).toContain('engine-restarted');
  expect(await room.evaluate(() => window.simroom.state())).toEqual(before);
  expect(await room.evaluate(() => window.simroom.options().gravity)).toEqual([0, 0, -5]);
  await room.evaluate(() => window.simroom.step(10));
  expect(await tickOf(room)).toBe(before.tick + 10);
});

test('an engine that dies while it runs goes on running', async ({ page: room, openRoom }) => {
  // A page of its own: one that died a moment ago would come back paused.
  await openRoom(room, '?model=pendulum');
  await listen(room);
  await room.evaluate(() => window.simroom.play());
  await untilRunning(room);
  const tick = await room.evaluate(() => window.simroom.frame()?.header[0] ?? 0);
  await killEngine(room);
  await expect.poll(() => warnings(room)).toContain('engine-restarted');
  expect(await tickOf(room)).toBeGreaterThanOrEqual(tick);
  await untilRunning(room);
});

test('who leaves the page and comes back is offered to go on there', async ({ page, openRoom }) => {
  await openRoom(page, '?model=cartpole');
  const left = await page.evaluate(async () => {
    const { simroom } = window;
    await simroom.pause();
    await simroom.reset(0);
    await simroom.step(123);
    return simroom.state();
  });
  await page.waitForFunction((tick) => window.simroom.frame()?.header[0] === tick, left.tick);
  await page.goto('about:blank');
  await openRoom(page, '?model=pendulum');
  await page.getByRole('button', { name: 'Continue there' }).click();
  await expect.poll(async () => (await page.evaluate(() => window.simroom.state())).hash).toBe(left.hash);
  expect(await tickOf(page)).toBe(left.tick);
  expect(await page.evaluate(() => window.simroom.model()?.origin)).toBe('Cart-pole');
});

test('who only looked around is not asked', async ({ page, openRoom }) => {
  await openRoom(page, '?model=pendulum');
  await page.reload();
  await ready(page);
  await untilRunning(page);
  // The app has looked there by now, in the same order.
  expect(await page.evaluate(keptKeys)).toEqual([]);
  await untilDrawn(page);
  await expect(page.getByRole('button', { name: 'Continue there' })).toBeHidden();
});

test('a lost WebGL context is drawn again when it is restored', async ({ room }) => {
  await loadBench(room);
  const before = await picture(room, 160, 90, FULL);
  await room.evaluate(async () => {
    const canvas = document.querySelector('canvas');
    const extension = canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context');
    if (!canvas || !extension) throw new Error('no context to lose');
    const happens = (name: string): Promise<void> =>
      new Promise((resolve) => {
        canvas.addEventListener(name, () => resolve(), { once: true });
      });
    const lost = happens('webglcontextlost');
    extension.loseContext();
    await lost;
    // The event must be over before the context can come back.
    await new Promise((resolve) => setTimeout(resolve));
    const restored = happens('webglcontextrestored');
    extension.restoreContext();
    await restored;
  });
  const after = await picture(room, 160, 90, FULL);
  expect(after.colours).toBeGreaterThan(before.colours / 2);
  expect(Math.abs(after.mean - before.mean)).toBeLessThan(1);
});
