import type { CDPSession, Page } from '@playwright/test';
import { expect, ROOM_VIEWPORT, test } from './fixtures';
import { hangBall } from './room';

/** Fingers on the view, as the browser itself reports them. */

interface Point {
  readonly x: number;
  readonly y: number;
}

const MIDDLE: Point = { x: ROOM_VIEWPORT.width / 2, y: ROOM_VIEWPORT.height / 2 };

/** A point so far right of the middle, px. */
const beside = (x: number): Point => ({ x: MIDDLE.x + x, y: MIDDLE.y });

/** Puts fingers down, moves them in steps, and lifts them when asked to. */
class Fingers {
  private points: readonly Point[] = [];

  constructor(private readonly session: CDPSession) {}

  async down(...points: readonly Point[]): Promise<void> {
    this.points = points;
    await this.send('touchStart');
  }

  async moveBy(...deltas: readonly Point[]): Promise<void> {
    const steps = 5;
    const from = this.points;
    for (let i = 1; i <= steps; i++) {
      this.points = from.map(({ x, y }, finger) => ({
        x: x + ((deltas[finger]?.x ?? 0) * i) / steps,
        y: y + ((deltas[finger]?.y ?? 0) * i) / steps,
      }));
      await this.send('touchMove');
    }
  }

  async up(): Promise<void> {
    this.points = [];
    await this.send('touchEnd');
  }

  private async send(type: 'touchStart' | 'touchMove' | 'touchEnd'): Promise<void> {
    await this.session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: this.points.map((point, id) => ({ ...point, id })),
    });
  }
}

async function fingersOn(page: Page): Promise<Fingers> {
  return new Fingers(await page.context().newCDPSession(page));
}

const camera = (page: Page) => page.evaluate(() => window.simroom.camera.get());

test.beforeEach(({ room }) => hangBall(room));

test('one finger orbits', async ({ room }) => {
  const fingers = await fingersOn(room);
  // All at once, so that a slow page does not take it for a long press.
  await Promise.all([fingers.down({ x: 100, y: 100 }), fingers.moveBy({ x: 90, y: 0 })]);
  await fingers.up();
  // Less than the whole way: the first few pixels only tell that the finger moves.
  await expect.poll(async () => (await camera(room)).azimuth).toBeLessThan(65);
  expect(await camera(room)).toMatchObject({ distance: 1.5, lookat: [1, 1, 0.5] });
});

test('two fingers pinch closer', async ({ room }) => {
  const fingers = await fingersOn(room);
  await fingers.down(beside(-50), beside(50));
  await fingers.moveBy({ x: -50, y: 0 }, { x: 50, y: 0 });
  await fingers.up();
  await expect.poll(async () => (await camera(room)).distance).toBeLessThan(1);
  expect((await camera(room)).azimuth).toBe(90);
});

test('two fingers together pan', async ({ room }) => {
  const fingers = await fingersOn(room);
  await fingers.down(beside(-50), beside(50));
  await fingers.moveBy({ x: 60, y: 0 }, { x: 60, y: 0 });
  await fingers.up();
  await expect.poll(async () => (await camera(room)).lookat[0]).toBeLessThan(0.95);
  expect((await camera(room)).distance).toBeCloseTo(1.5, 1);
});

test('a long press takes a body, which then follows the finger', async ({ room }) => {
  await room.evaluate(() => window.simroom.play());
  const fingers = await fingersOn(room);
  await fingers.down(MIDDLE);
  const pulls = (): Promise<number | undefined> => room.evaluate(() => window.simroom.frame()?.header[12]);
  await expect.poll(pulls).toBe(1);
  await fingers.moveBy({ x: 80, y: 0 });
  await expect.poll(() => room.evaluate(() => window.simroom.frame()?.xpos[9])).toBeGreaterThan(1.03);
  await fingers.up();
  await expect.poll(pulls).toBe(0);
  expect((await camera(room)).azimuth).toBe(90);
});

test('a double tap selects', async ({ room }) => {
  const fingers = await fingersOn(room);
  // All at once, so that a slow page does not make them two taps.
  await Promise.all([fingers.down(MIDDLE), fingers.up(), fingers.down(MIDDLE), fingers.up()]);
  await expect(room.getByRole('region', { name: 'Selected: ball' })).toBeVisible();
});
