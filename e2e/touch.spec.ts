import type { Page } from '@playwright/test';
import { expect, ROOM_VIEWPORT, test } from './fixtures';
import { hangBall, tickOf, untilDrawn } from './room';

/** Real input on the view: mouse and keys. The ball, body 3, hangs weightless in the middle of the window. */

const BALL = 3;
const { height } = ROOM_VIEWPORT;
const MIDDLE = { x: ROOM_VIEWPORT.width / 2, y: height / 2 } as const;

test.beforeEach(({ room }) => hangBall(room));

test.afterEach(async ({ room }) => {
  for (const key of ['Control', 'Shift']) await room.keyboard.up(key);
  for (const button of ['left', 'right'] as const) await room.mouse.up({ button });
});

const camera = (page: Page) => page.evaluate(() => window.simroom.camera.get());

const positionOf = (page: Page, body: number): Promise<number[]> =>
  page.evaluate((at) => [...(window.simroom.frame()?.xpos.slice(3 * at, 3 * at + 3) ?? [])], body);

const pulls = (page: Page): Promise<number | undefined> =>
  page.evaluate(() => window.simroom.frame()?.header[12]);

const play = (page: Page): Promise<void> => page.evaluate(() => window.simroom.play());

/** Presses a button at the middle and drags; the button stays down. */
async function dragFromMiddle(
  page: Page,
  dx: number,
  dy: number,
  button: 'left' | 'right' = 'left',
): Promise<void> {
  await page.mouse.move(MIDDLE.x, MIDDLE.y);
  await page.mouse.down({ button });
  await page.mouse.move(MIDDLE.x + dx, MIDDLE.y + dy, { steps: 4 });
}

test('left drag orbits by half a turn per height of the view', async ({ room }) => {
  await dragFromMiddle(room, 0.2 * height, 0.1 * height);
  await expect.poll(async () => (await camera(room)).azimuth).toBeCloseTo(90 - 36, 0);
  const pose = await camera(room);
  expect(pose.elevation).toBeCloseTo(-10 - 18, 0);
  expect(pose).toMatchObject({ distance: 1.5, lookat: [1, 1, 0.5] });
});

test('the wheel comes closer and goes away', async ({ room }) => {
  await room.mouse.move(MIDDLE.x, MIDDLE.y);
  await room.mouse.wheel(0, -200);
  await expect.poll(async () => (await camera(room)).distance).toBeLessThan(1.45);
  const near = (await camera(room)).distance;
  await room.mouse.wheel(0, 400);
  await expect.poll(async () => (await camera(room)).distance).toBeGreaterThan(near + 0.05);
});

test('right drag pans: what was under the pointer follows it', async ({ room }) => {
  await dragFromMiddle(room, 60, 0, 'right');
  // Azimuth 90 looks along +y, so the picture's right is +x and the camera goes the other way.
  await expect.poll(async () => (await camera(room)).lookat[0]).toBeLessThan(0.9);
  const pose = await camera(room);
  expect(pose.lookat[1]).toBeCloseTo(1, 6);
  expect(pose).toMatchObject({ distance: 1.5, azimuth: 90, elevation: -10 });
});

test('double-click selects, and on nothing clears the selection', async ({ room }) => {
  await room.mouse.dblclick(MIDDLE.x, MIDDLE.y);
  await expect(room.getByRole('region', { name: 'Selected: ball' })).toBeVisible();
  expect(await room.evaluate(() => window.simroom.selection())).toMatchObject({ body: BALL });
  await room.mouse.dblclick(MIDDLE.x, 60);
  await expect(room.getByRole('region', { name: /^Selected/ })).toBeHidden();
});

test('double right click looks there, with Ctrl it follows', async ({ room }) => {
  await room.evaluate(() => window.simroom.camera.set({ lookat: [1.2, 1, 0.5] }));
  await untilDrawn(room);
  const ball = { x: MIDDLE.x - 0.16 * height, y: MIDDLE.y };
  await room.mouse.dblclick(ball.x, ball.y, { button: 'right' });
  await expect.poll(async () => (await camera(room)).lookat[0]).toBeLessThan(1.11);
  await untilDrawn(room);
  await room.keyboard.down('Control');
  await room.mouse.dblclick(MIDDLE.x, MIDDLE.y, { button: 'right' });
  await expect.poll(async () => (await camera(room)).track).toBe(BALL);
});

test('Ctrl and right drag pull the selected body while it runs; letting go lets go', async ({ room }) => {
  await room.evaluate(() => window.simroom.select('ball'));
  await play(room);
  await room.keyboard.down('Control');
  await dragFromMiddle(room, 60, 0, 'right');
  await expect.poll(() => pulls(room)).toBe(1);
  await expect.poll(async () => (await positionOf(room, BALL))[0]).toBeGreaterThan(1.03);
  await room.mouse.up({ button: 'right' });
  await expect.poll(() => pulls(room)).toBe(0);
  expect((await camera(room)).lookat).toEqual([1, 1, 0.5]);
});

test('Shift and left drag pull what is under the pointer, selected or not', async ({ room }) => {
  await play(room);
  await room.keyboard.down('Shift');
  await dragFromMiddle(room, -60, 0);
  await expect.poll(() => pulls(room)).toBe(1);
  await expect.poll(async () => (await positionOf(room, BALL))[0]).toBeLessThan(0.97);
  await room.mouse.up();
  await expect.poll(() => pulls(room)).toBe(0);
  expect((await camera(room)).azimuth).toBe(90);
});

test('while paused a drag moves the pose, and no time passes', async ({ room }) => {
  await room.evaluate(() => window.simroom.select('ball'));
  const tick = await tickOf(room);
  await room.keyboard.down('Control');
  await dragFromMiddle(room, 60, 0, 'right');
  await expect.poll(async () => (await positionOf(room, BALL))[0]).toBeGreaterThan(1.1);
  await room.mouse.up({ button: 'right' });
  const { qpos, qvel, tick: after } = await room.evaluate(() => window.simroom.state());
  expect(after).toBe(tick);
  expect(qpos[2]).toBeGreaterThan(1.1);
  expect(Array.from(qvel.slice(2))).toEqual([0, 0, 0, 0, 0, 0]);
});

test('Ctrl and left drag turn the selected body', async ({ room }) => {
  await room.evaluate(() => window.simroom.select('ball'));
  await room.keyboard.down('Control');
  await dragFromMiddle(room, 60, 0);
  const turn = async (): Promise<number> =>
    (await room.evaluate(() => window.simroom.state())).qpos[5] ?? NaN;
  await expect.poll(turn).toBeLessThan(0.95);
  expect(await positionOf(room, BALL)).toEqual([1, 1, 0.5]);
});

test('a mocap body goes where it is pulled', async ({ room }) => {
  const hand = await room.evaluate(() => {
    window.simroom.select('hand');
    return window.simroom.selection()?.body ?? -1;
  });
  const [before = NaN] = await positionOf(room, hand);
  await play(room);
  await room.keyboard.down('Control');
  await dragFromMiddle(room, 0, -40, 'right');
  // It is close to the eye, where a pixel is less than a millimetre.
  await expect.poll(async () => (await positionOf(room, hand))[2]).toBeGreaterThan(1.02);
  expect((await positionOf(room, hand))[0]).toBeCloseTo(before, 2);
});

test('a body fixed to the world says why it does not move', async ({ room }) => {
  await room.evaluate(() => window.simroom.select('shelf'));
  await room.keyboard.down('Control');
  await dragFromMiddle(room, 40, 0, 'right');
  await expect(room.getByText(/shelf is fixed to the world/).first()).toBeVisible();
});

test.describe('keys', () => {
  const header = (page: Page, field: number): Promise<number | undefined> =>
    page.evaluate((at) => window.simroom.frame()?.header[at], field);

  test('Space runs and pauses', async ({ room }) => {
    await room.keyboard.press('Space');
    await expect.poll(() => header(room, 2)).toBe(0);
    await expect(room.getByRole('button', { name: 'Pause' })).toBeVisible();
    await room.keyboard.press('Space');
    await expect.poll(() => header(room, 2)).toBe(1);
  });

  test('arrows go a tick forward and back, Backspace resets', async ({ room }) => {
    await room.evaluate(() => window.simroom.step(30));
    const start = await room.evaluate(() => window.simroom.state());
    await room.keyboard.press('ArrowRight');
    const time = async (): Promise<number> => (await room.evaluate(() => window.simroom.state())).time;
    await expect.poll(time).toBeCloseTo(start.time + 0.002, 9);
    await room.keyboard.press('ArrowLeft');
    await expect.poll(time).toBeCloseTo(start.time, 9);
    expect((await room.evaluate(() => window.simroom.state())).hash).toBe(start.hash);
    await room.keyboard.press('Backspace');
    await expect.poll(time).toBe(0);
  });

  test("brackets take the model's cameras, Escape the free one", async ({ room }) => {
    await room.keyboard.press(']');
    await expect.poll(async () => (await camera(room)).fixed).toBe(0);
    await room.keyboard.press('Escape');
    await expect.poll(async () => (await camera(room)).fixed).toBeNull();
    await room.keyboard.press('[');
    await expect.poll(async () => (await camera(room)).fixed).toBe(0);
  });

  test('minus and equals change the speed', async ({ room }) => {
    const before = (await header(room, 3)) ?? NaN;
    await room.keyboard.press('-');
    await expect.poll(() => header(room, 3)).toBeLessThan(before);
    await room.keyboard.press('=');
    await expect.poll(() => header(room, 3)).toBe(before);
  });

  test('F1 shows the help, Ctrl+K the palette; Escape closes them', async ({ room }) => {
    for (const [key, name] of [
      ['F1', 'Help'],
      ['Control+k', 'Find a command'],
    ] as const) {
      await room.keyboard.press(key);
      await expect(room.getByRole('dialog', { name })).toBeVisible();
      await room.keyboard.press('Escape');
      await expect(room.getByRole('dialog')).toBeHidden();
    }
  });
});
