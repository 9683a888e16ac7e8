import { serious } from './axe';
import { expect, ready, ROOM_VIEWPORT, test } from './fixtures';
import { loadBench, loadFailure, runCommand } from './room';

const DESKTOP = { width: 1000, height: 560 };
const PHONE = { width: 390, height: 844 };

test.describe('at a desk', () => {
  test.use({ viewport: DESKTOP });

  test('the first visit says what the mouse does, once', async ({ page, openRoom }) => {
    await openRoom(page, '?model=pendulum');
    const hint = page.getByRole('complementary', { name: 'How to move around' });
    await expect(hint).toContainText('Right-drag');
    await hint.getByRole('button', { name: 'Got it' }).click();
    await expect(hint).toBeHidden();
    await page.reload();
    await ready(page);
    await expect(page.getByRole('group', { name: 'Transport' })).toBeVisible();
    await expect(hint).toBeHidden();
  });

  test('panels, a slider by keyboard, a chosen theme that stays', async ({ page, openRoom }) => {
    await openRoom(page, '?model=cartpole');
    await page.evaluate(() => window.simroom.pause());
    await runCommand(page, 'Controls panel');
    const slider = page.getByRole('complementary', { name: 'Panels' }).getByRole('slider').first();
    await slider.focus();
    await slider.press('ArrowRight');
    const ctrl = async (): Promise<number> =>
      (await page.evaluate(() => window.simroom.state())).ctrl[0] ?? NaN;
    await expect.poll(ctrl).toBeGreaterThan(0);
    await slider.press('End');
    const range = await page.evaluate(() => window.simroom.model()?.actuators[0]?.range?.[1]);
    await expect.poll(ctrl).toBeCloseTo(range ?? NaN, 5);
    for (const title of ['Simulation panel', 'Joints panel', 'Camera panel', 'Files panel']) {
      await runCommand(page, title);
      const name = title.replace(' panel', '');
      await expect(page.getByRole('button', { name: new RegExp(`^${name}`), expanded: true })).toBeVisible();
    }
    for (const [title, background] of [
      ['Theme: light', 'light'],
      ['Theme: dark', 'dark'],
    ] as const) {
      await runCommand(page, title);
      await expect(page.locator('html')).toHaveAttribute('data-theme', background);
      expect(await serious(page)).toEqual([]);
    }
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  });
});

test.describe('dialogs', () => {
  test.beforeEach(async ({ room }) => {
    await room.setViewportSize(DESKTOP);
    await loadBench(room);
  });
  test.afterEach(({ room }) => room.setViewportSize(ROOM_VIEWPORT));

  test('models, help, commands, about with the notices of others', async ({ room: page }) => {
    for (const [title, name] of [
      ['Browse models', 'Models'],
      ['Help and keys', 'Help'],
    ] as const) {
      await runCommand(page, title);
      await expect(page.getByRole('dialog', { name })).toBeVisible();
      expect(await serious(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    }
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog', { name: 'Find a command' })).toBeVisible();
    expect(await serious(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await runCommand(page, 'About Simroom');
    await page.getByRole('button', { name: 'Third-party notices' }).click();
    const notices = page.getByLabel('Third-party notices');
    for (const name of ['three', 'react', 'MuJoCo']) await expect(notices).toContainText(name);
    await expect(page.getByText('Licensed under the Apache License, version 2.0.')).toBeVisible();
    expect(await serious(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  });

  test('a model is opened from the catalogue with the keyboard alone', async ({ room: page }) => {
    await runCommand(page, 'Browse models');
    const dialog = page.getByRole('dialog', { name: 'Models' });
    await dialog.getByRole('button', { name: /^Cart-pole/ }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => window.simroom.model()?.origin)).toBe('Cart-pole');
    await expect(dialog).toBeHidden();
  });
});

test('the palette reaches keyframes, cameras, bodies and models of the catalogue', async ({ room }) => {
  await loadBench(room);
  await runCommand(room, 'Reset to left');
  await expect.poll(async () => (await room.evaluate(() => window.simroom.state())).qpos[0]).toBe(-1);
  await runCommand(room, 'Camera above');
  expect(await room.evaluate(() => window.simroom.camera.get().fixed)).toBe(0);
  await runCommand(room, 'Select ball');
  expect(await room.evaluate(() => window.simroom.selection()?.body)).toBe(3);
  await runCommand(room, 'Open Cart-pole');
  await expect.poll(() => room.evaluate(() => window.simroom.model()?.origin)).toBe('Cart-pole');
});

test('the transport: pause, step, run, speed, keyframes', async ({ room }) => {
  await loadBench(room);
  const bar = room.getByRole('group', { name: 'Transport' });
  const before = await room.evaluate(() => window.simroom.state());
  await bar.getByRole('button', { name: 'Step', exact: true }).click();
  await expect
    .poll(async () => (await room.evaluate(() => window.simroom.state())).tick)
    .toBe(before.tick + 1);
  await bar.getByRole('button', { name: 'Reset to a keyframe' }).click();
  await room.getByRole('menuitem', { name: 'left' }).click();
  await expect.poll(async () => (await room.evaluate(() => window.simroom.state())).qpos[0]).toBe(-1);
  await bar.getByRole('button', { name: /^Speed/ }).click();
  await room.getByRole('menuitemradio', { name: 'As fast as it can go' }).click();
  await expect.poll(() => room.evaluate(() => window.simroom.frame()?.header[3])).toBe(Infinity);
  await room.evaluate(() => window.simroom.setSpeed(1));
});

test('the error card says what is wrong, is heard by axe, and goes away', async ({ room }) => {
  await loadBench(room);
  await loadFailure(room, {
    files: { 'bad.xml': '<mujoco>\n<worldbody><geom size="-1"/></worldbody></mujoco>' },
  });
  const card = room.getByRole('alert');
  await expect(card).toContainText('bad.xml');
  expect(await serious(room)).toEqual([]);
  await card.getByRole('button', { name: 'Dismiss' }).click();
  await expect(card).toBeHidden();
});

test.describe('on a phone', () => {
  test.use({ viewport: PHONE, hasTouch: true, isMobile: true });

  test('everything fits, and the transport and the sheet are in reach', async ({ page, openRoom }) => {
    await openRoom(page, '?model=cartpole');
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBe(PHONE.width);
    await expect(page.getByRole('complementary', { name: 'How to move around' })).toContainText(
      'Two fingers',
    );
    await page.getByRole('button', { name: 'Got it' }).tap();
    const bar = await page.getByRole('group', { name: 'Transport' }).boundingBox();
    expect(bar?.x).toBeGreaterThanOrEqual(0);
    expect((bar?.x ?? 0) + (bar?.width ?? Infinity)).toBeLessThanOrEqual(PHONE.width);
    expect((bar?.y ?? 0) + (bar?.height ?? Infinity)).toBeLessThanOrEqual(PHONE.height);
    expect(await serious(page)).toEqual([]);
    await page.getByRole('button', { name: 'Panels' }).tap();
    await expect(page.getByRole('slider').first()).toBeVisible();
    expect(await width()).toBe(PHONE.width);
    expect(await serious(page)).toEqual([]);
  });
});

test('embedded it shows the essentials only', async ({ page, openRoom }) => {
  await openRoom(page, '?embed&model=pendulum');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open in Simroom' })).toHaveAttribute(
    'href',
    /\?model=pendulum$/,
  );
  await expect(page.getByRole('group', { name: 'Transport' })).toBeHidden();
  await expect(page.getByRole('banner')).toBeHidden();
  expect(await serious(page)).toEqual([]);
});
