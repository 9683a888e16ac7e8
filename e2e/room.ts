import type { Page } from '@playwright/test';
import type { ViewOptions } from '../src/app/api';
import type { ErrorDetails } from '../src/core/errors';
import { WORKSHOP } from '../src/testing/mujoco';

/** A source that can be sent to the page. */
export type Source =
  | string
  | { readonly entry?: string; readonly files: Readonly<Record<string, string | Uint8Array>> };

/** What a call ended with when it failed. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly details: ErrorDetails;
  /** Wall time it took, s. */
  readonly seconds: number;
}

/** {@link WORKSHOP} with a camera of its own; see there for what it holds. */
export const BENCH = WORKSHOP.replace(
  '<worldbody>',
  '<worldbody><light pos="0 -2 4" dir="0 .4 -1"/><camera name="above" pos="0 0 5"/>',
);

/** Loads a model from in-memory files, paused at its tick 0 or shortly after. */
export async function load(page: Page, source: Source): Promise<void> {
  await page.evaluate(async (from) => {
    await window.simroom.load(from);
    await window.simroom.pause();
  }, source);
}

/** Loads the {@link BENCH}, paused in its first keyframe. */
export async function loadBench(page: Page): Promise<void> {
  await load(page, { files: { 'bench.xml': BENCH } });
  await page.evaluate(() => window.simroom.reset('home'));
  // Until the view has the keyframe too.
  await page.waitForFunction(() => window.simroom.frame()?.header[1] === 0, undefined, { polling: POLL_MS });
}

/** The {@link BENCH} without gravity, its ball (body 3) in the middle of the view, drawn. */
export async function hangBall(page: Page): Promise<void> {
  await loadBench(page);
  await page.evaluate(async () => {
    await window.simroom.setOptions({ gravity: [0, 0, 0] });
    window.simroom.camera.set({ lookat: [1, 1, 0.5], distance: 1.5, azimuth: 90, elevation: -10 });
  });
  await untilDrawn(page);
}

/** Calls the API in the page, which should fail; null when it does not. */
export function failureOf(page: Page, call: () => unknown): Promise<Failure | null> {
  return page.evaluate<Failure | null>(`(${catching.toString()})(${call.toString()})`);
}

/** Loads a model that should be refused; null when it is not. */
export async function loadFailure(page: Page, source: Source): Promise<Failure | null> {
  await page.evaluate(`window.catching = ${catching.toString()}`);
  return page.evaluate((from) => {
    const run = Reflect.get(window, 'catching') as typeof catching;
    return run(() => window.simroom.load(from));
  }, source);
}

/** Runs in the page. */
async function catching(call: () => unknown): Promise<Failure | null> {
  const begun = performance.now();
  try {
    await call();
    return null;
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
    return {
      code: String(Reflect.get(thrown, 'code')),
      message: thrown.message,
      details: (Reflect.get(thrown, 'details') as ErrorDetails | undefined) ?? {},
      seconds: (performance.now() - begun) / 1000,
    };
  }
}

/** The tick the simulation is at. */
export function tickOf(page: Page): Promise<number> {
  return page.evaluate(async () => (await window.simroom.state()).tick);
}

/** Resolves when the simulation has moved on by itself. */
export async function untilRunning(page: Page): Promise<void> {
  const before = await tickOf(page);
  await page.waitForFunction(async (tick) => (await window.simroom.state()).tick > tick, before, {
    polling: POLL_MS,
  });
}

/** Resolves when what has been asked for so far is on the screen: the camera's rays start there. */
export async function untilDrawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  });
}

/** How often a condition in the page is looked at, ms. */
const POLL_MS = 50;

/** What a picture of the scene is made of. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Different colours, of 32 levels a channel: a blank picture has one, a flat sky a handful. */
  readonly colours: number;
  /** Mean of all channels, 0..255. */
  readonly mean: number;
}

/**
 * Takes a screenshot through the API and decodes it.
 *
 * @param look how it is drawn, if not as the window is; that stays as it was
 */
export function picture(
  page: Page,
  width: number,
  height: number,
  look: Partial<ViewOptions> = {},
): Promise<Picture> {
  return page.evaluate(
    async ([size, options]) => {
      const { view, screenshot } = window.simroom;
      const before = view.get();
      view.set(options);
      // It is drawn before this call returns.
      const shot = screenshot(size);
      view.set(before);
      const bitmap = await createImageBitmap(await shot);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      if (context === null) throw new Error('no 2D canvas');
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const colours = new Set<number>();
      let sum = 0;
      for (let i = 0; i < data.length; i += 4) {
        const [r = 0, g = 0, b = 0] = data.subarray(i, i + 3);
        colours.add(((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3));
        sum += r + g + b;
      }
      return {
        width: bitmap.width,
        height: bitmap.height,
        colours: colours.size,
        mean: sum / ((data.length / 4) * 3),
      };
    },
    [{ width, height }, look] as const,
  );
}

/** Runs a command by its title, through the palette. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/^Models, cameras/).fill(title);
  // Enter runs what is marked, which may still be the first of all.
  await page.getByRole('option', { name: title, selected: true }).waitFor();
  await page.keyboard.press('Enter');
}
