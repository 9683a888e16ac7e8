import type { Page } from '@playwright/test';
import { untilDrawn } from '../room';
import { expect, WIDE } from './company';

/** Pulling the bench's ball with a real mouse, in a window that is wide enough to show it free. */

/** Where the ball hangs, m. */
const BALL = [1, 1, 0.5] as const;

/** How a pull is begun: Shift with the left button, or Control with the right one on a selected body. */
export type PullKey = 'Shift' | 'Control';

const BUTTONS = { Shift: 'left', Control: 'right' } as const;

/** A view of the ball, in the middle of the window; waits until it hangs there in this page's world. */
export async function lookAtBall(page: Page): Promise<void> {
  await expect.poll(() => ballAt(page)).toEqual(BALL);
  await page.evaluate(
    (lookat) => window.simroom.camera.set({ lookat, distance: 1.5, azimuth: 90, elevation: -10 }),
    BALL,
  );
  await untilDrawn(page);
}

/** Presses on the ball and pulls it to the right; the button stays down. */
export async function pull(page: Page, key: PullKey): Promise<void> {
  if (key === 'Control') await page.evaluate(() => window.simroom.select('ball'));
  await page.keyboard.down(key);
  await move(page, 0, 1);
  await page.mouse.down({ button: BUTTONS[key] });
  await move(page, 60);
}

/** Moves the mouse so many pixels to the right of the middle. */
export async function move(page: Page, right: number, steps = 4): Promise<void> {
  const { width, height } = page.viewportSize() ?? WIDE;
  await page.mouse.move(width / 2 + right, height / 2, { steps });
}

export async function letGo(page: Page, key: PullKey): Promise<void> {
  await page.mouse.up({ button: BUTTONS[key] });
  await page.keyboard.up(key);
}

/** How many pulls there are in the picture. */
export function pulls(page: Page): Promise<number | undefined> {
  return page.evaluate(() => window.simroom.frame()?.header[12]);
}

/** Where the ball is along x, m. */
export async function ballX(page: Page): Promise<number> {
  const [x = NaN] = await ballAt(page);
  return x;
}

function ballAt(page: Page): Promise<number[]> {
  return page.evaluate(() => Array.from(window.simroom.frame()?.qpos.subarray(2, 5) ?? []));
}
