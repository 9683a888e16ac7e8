import type { Page, Request } from '@playwright/test';
import { LastingPage, type PageServer, pagesFixture } from '../pages';
import { expect, test as base } from '../fixtures';
import type { GlbPage, Shot, Weights } from './glb/page';

/** People's own heads from GLB files, in a real browser beside ours: see `glb/page.ts`. */

declare global {
  interface Window {
    readonly glb: GlbPage;
  }
}

/** Mean change of a pixel's channel that is seen, of 255; and one that is none. */
const SEEN = 0.15;
const UNSEEN = 0.02;

const lasting = new LastingPage('e2e/faces/glb/index.html', 'glb');

const test = base.extend<{ readonly page: Page }, { readonly pages: PageServer }>({
  pages: [pagesFixture, { scope: 'worker' }],
  page: ({ browser, pages }, use) => lasting.lend(browser, pages, use),
});

test.afterAll(() => lasting.close());

test('a head goes through a file, and moves as it did', async ({ page }) => {
  const report = await page.evaluate(() => window.glb.export({ eyeNodes: true }));
  expect(report).toMatchObject({ missing: [], gaze: 'turned', textures: 1 });

  const change = (weights: Weights): Promise<{ left: number; right: number }> =>
    page.evaluate((after) => window.glb.changed({}, { weights: after }), weights);
  // The viewer's right is the head's left.
  for (const name of ['eyeBlinkLeft', 'mouthSmileLeft', 'browOuterUpLeft', 'eyeLookUpLeft'] as const) {
    const { left, right } = await change({ [name]: 1 });
    expect(right, name).toBeGreaterThan(SEEN / 3);
    expect(left, name).toBeLessThan(UNSEEN + 0.2 * right);
  }
  const { left, right } = await change({ eyeBlinkRight: 1 });
  expect(left).toBeGreaterThan(SEEN / 3);
  expect(right).toBeLessThan(UNSEEN);
  const jaw = await change({ jawOpen: 1 });
  expect(Math.min(jaw.left, jaw.right)).toBeGreaterThan(SEEN);
  expect(Math.abs(jaw.left / jaw.right - 1)).toBeLessThan(0.5);
  expect(await change({})).toEqual({ left: 0, right: 0 });
});

test('its colours, its light and its orientation are those of ours', async ({ page }) => {
  await page.evaluate(() => window.glb.export({ eyeNodes: true }));
  const at = (x: number, y: number, shot: Shot = {}): Promise<number[]> =>
    page.evaluate(([where, wanted]) => window.glb.colourAt(wanted, ...where), [[x, y], shot] as const);
  // A cheek of each, in a light scene and in a dark one.
  for (const shot of [{}, { brightness: 0.5, background: '#000000' }]) {
    const [ours, theirs] = [await at(0.29, 0.52, shot), await at(0.69, 0.52, shot)];
    ours.forEach((value, k) => expect(Math.abs(value - (theirs[k] ?? 0)), `channel ${k}`).toBeLessThan(24));
  }
  // From behind there is hair where the face was.
  const [face, back] = [await at(0.69, 0.52), await at(0.69, 0.35, { yaw: Math.PI })];
  expect((face[0] ?? 0) - (back[0] ?? 0)).toBeGreaterThan(60);
});

test('a mirror shows it upside down, and darker', async ({ page }) => {
  await page.evaluate(() => window.glb.export({ eyeNodes: true }));
  const at = (y: number, mirrored: boolean): Promise<number[]> =>
    page.evaluate(([where, shot]) => window.glb.colourAt(shot, 0.5, where), [
      y,
      { alone: true, mirrored },
    ] as const);
  const background = [0x88, 0x99, 0xaa, 255];
  // The forehead, and where the mirror has it; above the mirror there is nothing of what is in it.
  const [forehead, mirrored] = [await at(0.35, false), await at(0.82, true)];
  expect(mirrored).not.toEqual(background);
  expect(Math.abs((mirrored[0] ?? 0) / (forehead[0] ?? 0) - 0.5)).toBeLessThan(0.1);
  expect(await at(0.35, true)).toEqual(background);
});

test('files in other forms are the same head', async ({ page }) => {
  await page.evaluate(() => window.glb.export({ shapes: ['jawOpen', 'eyeBlinkLeft'] }));
  const colour = (): Promise<number[]> => page.evaluate(() => window.glb.colourAt({}, 0.69, 0.52));
  const plain = await colour();
  for (const options of [{ facesBack: true }, { sparse: true, unit: 0.01 }, { body: true }]) {
    await page.evaluate(
      (wanted) => window.glb.export({ ...wanted, shapes: ['jawOpen', 'eyeBlinkLeft'] }),
      options,
    );
    const found = await colour();
    found.forEach((value, k) =>
      expect(Math.abs(value - (plain[k] ?? 0)), JSON.stringify(options)).toBeLessThan(12),
    );
  }
});

test('what is no head is refused with a word, and nothing breaks', async ({ page }) => {
  const refuse = (name: string): Promise<string> =>
    page.evaluate((wanted) => window.glb.refuse(wanted), name);
  const requests: string[] = [];
  const onRequest = (request: Request): unknown => requests.push(request.url());
  page.on('request', onRequest);
  expect(await refuse('huge')).toMatch(/^file-too-large: .*100 MB; at most 24 MB/);
  expect(await refuse('shapeless')).toMatch(/^head-without-shapes: .*jawOpen, eyeBlinkLeft/);
  expect(await refuse('external')).toMatch(/^assets-missing: .*skin\.png.*nothing is ever fetched/);
  expect(await refuse('draco')).toMatch(/^head-invalid: .*Draco.*without compression/);
  expect(await page.evaluate(() => window.glb.damagedPicture())).toMatch(/^head-invalid: .*texture.*damaged/);
  page.off('request', onRequest);
  expect(requests.filter((url) => url.includes('example.org'))).toEqual([]);
  const { shapes } = await page.evaluate(() => window.glb.export({ shapes: ['jawOpen'] }));
  expect(shapes).toContain('jawOpen');
});

test('heads that are let go leave nothing on the graphics card', async ({ page }) => {
  const counts = await page.evaluate(async () => {
    const found: { textures: number; geometries: number }[] = [];
    for (let i = 0; i < 3; i++) {
      await window.glb.export({ shapes: ['jawOpen'] });
      window.glb.draw({ weights: { jawOpen: 1 } });
      found.push(window.glb.freed());
    }
    return found;
  });
  expect(counts[2]).toEqual(counts[0]);
});
