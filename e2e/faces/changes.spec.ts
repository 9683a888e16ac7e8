import type { Page } from '@playwright/test';
import type { FaceLook } from '../../src/face/look';
import { expect, test as base } from '../fixtures';
import { LastingPage, type PageServer, pagesFixture } from '../pages';
import type { HeadsPage, TestHead, TestPerson } from './heads/page';

/** Heads and portraits through changes that come in two steps, in a real browser. */

declare global {
  interface Window {
    readonly heads: HeadsPage;
  }
}

/** A style is built and its programs are compiled by then, ms. */
const HEAD_TIMEOUT_MS = 30_000;
const SIZE = { width: 240, height: 160 };
const SIDE = 48;

const FLOOR = `<mujoco>
  <statistic extent="2" center="0 0 0"/>
  <worldbody><light pos="0 0 3"/><geom type="box" size="1 1 .02" pos="0 0 -1" rgba=".5 .5 .5 1"/></worldbody>
</mujoco>`;

const ANA: TestPerson = { seat: 1, name: '', colour: '#39c5a8', eye: [0, 0, 0], lookat: [0, -3, 0] };
const HEAD: TestHead = { seat: 1, colour: '#39c5a8', look: { style: 'android' } };

const lasting = new LastingPage('e2e/faces/heads/index.html', 'heads', { viewport: SIZE });

const test = base.extend<{ readonly page: Page }, { readonly pages: PageServer }>({
  pages: [pagesFixture, { scope: 'worker' }],
  page: ({ browser, pages }, use) =>
    lasting.lend(browser, pages, async (page) => {
      await page.evaluate(async (xml) => {
        const { heads } = window;
        await heads.load({ 'floor.xml': xml });
        heads.camera.set({ azimuth: 90, elevation: 0, distance: 1.5, lookat: [0, 0, 0] });
        heads.draw();
      }, FLOOR);
      await use(page);
      expect(await page.evaluate(() => window.heads.clear())).toEqual([]);
    }),
});

test.afterAll(() => lasting.close());

/** Takes the graphics card away from the view; resolves when it is gone. */
function lose(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const canvas = document.querySelector<HTMLCanvasElement>('#view');
    const extension = canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context') ?? null;
    if (canvas === null || extension === null) throw new Error('the context cannot be lost here');
    const lost = new Promise((resolve) =>
      canvas.addEventListener('webglcontextlost', resolve, { once: true }),
    );
    extension.loseContext();
    await lost;
    Object.assign(window, { extension });
  });
}

/** Gives it back. */
function restore(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const canvas = document.querySelector<HTMLCanvasElement>('#view');
    const restored = new Promise((resolve) =>
      canvas?.addEventListener('webglcontextrestored', resolve, { once: true }),
    );
    (Reflect.get(window, 'extension') as WEBGL_lose_context).restoreContext();
    await restored;
  });
}

/** Opaque pixels of each portrait, as a part of its square. */
function ink(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLCanvasElement>('#portraits canvas')].map((canvas) => {
      const { width, height } = canvas;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      const data = context?.getImageData(0, 0, width, height).data ?? [];
      let sum = 0;
      for (let k = 3; k < data.length; k += 4) sum += data[k] === 255 ? 1 : 0;
      return sum / (width * height);
    }),
  );
}

/** A head fills about half of its portrait. */
async function expectPortrait(page: Page): Promise<void> {
  await expect.poll(async () => (await ink(page))[0] ?? 0, { timeout: HEAD_TIMEOUT_MS }).toBeGreaterThan(0.3);
}

function url(page: Page): Promise<string> {
  return page.evaluate(
    () => document.querySelector<HTMLCanvasElement>('#portraits canvas')?.toDataURL() ?? '',
  );
}

/** Ana is in the scene, and a portrait of her in the page. */
async function show(page: Page, style: FaceLook['style'] = 'android'): Promise<void> {
  await page.evaluate(
    ([person, head, side]) => {
      const { heads } = window;
      heads.setPeople([person]);
      heads.setHeads([head]);
      heads.portraits([side]);
      heads.draw();
    },
    [ANA, { ...HEAD, look: { style } }, SIDE] as const,
  );
}

test('a portrait is there for a canvas that was there before its code, and follows its size', async ({
  page,
}) => {
  await page.evaluate(
    ([head, side]) => {
      window.heads.setHeads([head]);
      window.heads.portraits([side]);
    },
    [HEAD, SIDE] as const,
  );
  await expectPortrait(page);
  await page.evaluate((side) => {
    const canvas = document.querySelector<HTMLCanvasElement>('#portraits canvas');
    if (canvas !== null) canvas.width = canvas.height = side;
  }, 2 * SIDE);
  await expectPortrait(page);
  expect(await page.evaluate(() => window.heads.view.headPixels(1))).toBe(2 * SIDE);
  // Nobody is there any more.
  await page.evaluate(() => window.heads.setHeads([]));
  await expect.poll(() => ink(page)).toEqual([0]);
  expect(await page.evaluate(() => window.heads.view.headPixels(1))).toBe(0);
});

test('heads come back with the graphics card, and go on', async ({ page }) => {
  await show(page);
  await page.evaluate(() => window.heads.settle());
  await expectPortrait(page);
  const [scene, portrait] = [await page.evaluate(() => window.heads.picture()), await url(page)];

  await lose(page);
  await page.evaluate(() => {
    window.heads.face(0, { jawOpen: 1 });
    window.heads.draw();
  });
  await restore(page);
  await expect.poll(() => url(page)).not.toBe(portrait);
  await expectPortrait(page);
  expect(await page.evaluate(() => window.heads.picture())).not.toBe(scene);

  // As before, to the last pixel.
  await page.evaluate(() => window.heads.face(0, {}));
  await expect.poll(() => url(page)).toBe(portrait);
  expect(await page.evaluate(() => window.heads.picture())).toBe(scene);
});

test('heads that come while the graphics card is gone are seen when it is back', async ({ page }) => {
  await lose(page);
  await show(page, 'robot');
  await page.evaluate(() => window.heads.settle());
  await restore(page);
  await page.evaluate(() => window.heads.settle());
  await expectPortrait(page);
  const scene = await page.evaluate(() => window.heads.picture());
  await page.evaluate(() => window.heads.face(0, { jawOpen: 1 }));
  expect(await page.evaluate(() => window.heads.picture())).not.toBe(scene);
});
