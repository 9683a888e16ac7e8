import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { REGIONS, REGION, type Region } from '../../src/face/regions';
import { ARKIT_NAMES, MIRRORED } from '../../src/face/names';
import { expect, test as base } from '../fixtures';
import { LastingPage, type PageServer, pagesFixture } from '../pages';
import type { Face, ShapesPage } from './shapes/page';

/**
 * All 52 shapes as they are seen, in a real browser. After the heads have changed: look at `scripts/face_sheet.ts`, then
 * `npx playwright test sheet.spec --update-snapshots`.
 */

declare global {
  interface Window {
    readonly shapes: ShapesPage;
  }
}

const BASELINE = path.join(ROOT, 'e2e/faces/baseline/android.png');
const STYLE = 'android';
/** Sides of faces, pixels: in the baseline, and where shapes are measured. */
const SMALL = 96;
const LARGE = 200;
/** Of a cell's pixels, so many may differ: graphics cards do not agree on every edge. */
const TOLERANCE = 0.01;
/** What the least shape changes at `LARGE`, pixels. */
const VISIBLE = 60;
/** How far a head is turned to be seen from the side, rad. */
const ASIDE = 0.9;
/** What a shape changes and its mirror image have in common, at least; the light comes from one side. */
const ALIKE = 0.33;

/** Where the middle of what changes is, upwards from the picture's middle, in sides. */
const HEIGHTS: Readonly<Record<Region, readonly [number, number]>> = {
  brows: [0.04, 0.2],
  eyes: [-0.05, 0.08],
  cheeks: [-0.27, 0],
  mouth: [-0.38, -0.13],
  head: [-1, 1],
};

const MOUTH = { left: -0.12, right: 0.12, bottom: -0.36, top: -0.2 };
const EYES = { left: -0.3, right: 0.3, bottom: -0.1, top: 0.1 };

const lasting = new LastingPage('e2e/faces/shapes/index.html', 'shapes');

const test = base.extend<{ readonly sheetPage: Page }, { readonly pages: PageServer }>({
  pages: [pagesFixture, { scope: 'worker' }],
  sheetPage: ({ browser, pages }, use) => lasting.lend(browser, pages, use),
});

test.afterAll(() => lasting.close());

function both(name: string): Face {
  return { [`${name}Left`]: 1, [`${name}Right`]: 1 };
}

test('all 52 shapes look as they did', async ({ sheetPage }, { config }) => {
  const sheet = await sheetPage.evaluate(([style, side]) => window.shapes.sheet(style, side), [
    STYLE,
    SMALL,
  ] as const);
  if (config.updateSnapshots === 'all' || !existsSync(BASELINE))
    writeFileSync(BASELINE, Buffer.from(sheet.slice(sheet.indexOf(',') + 1), 'base64'));
  const baseline = `data:image/png;base64,${readFileSync(BASELINE).toString('base64')}`;
  const cells = await sheetPage.evaluate(([one, other, side]) => window.shapes.compare(one, other, side), [
    sheet,
    baseline,
    SMALL,
  ] as const);
  const changed = cells.flatMap((part, i) =>
    part <= TOLERANCE
      ? []
      : [`${i === 0 ? 'neutral' : (ARKIT_NAMES[i - 1] ?? '?')}: ${(100 * part).toFixed(1)} %`],
  );
  expect(changed).toEqual([]);
});

test('every shape is seen where it belongs, on its own side', async ({ sheetPage }) => {
  const [front, aside] = await sheetPage.evaluate(
    async ([style, side, names, yaw]) => {
      const faces = names.map((name) => ({ [name]: 1 }));
      return [
        await window.shapes.differences(style, side, faces),
        await window.shapes.differences(style, side, faces, yaw),
      ] as const;
    },
    [STYLE, LARGE, ARKIT_NAMES, ASIDE] as const,
  );
  expect(front).toHaveLength(52);
  const wrong = ARKIT_NAMES.filter((name, i) => {
    // A jaw that comes forward is not seen from in front.
    const { pixels = 0, x = NaN, y = NaN } = (name === 'jawForward' ? aside : front)[i] ?? {};
    const [low, high] = HEIGHTS[REGIONS[REGION[i] ?? 0] ?? 'head'];
    // A face's left is on the right of its picture. Jaw and mouth move as a whole.
    const isWhole = /^(jaw|mouth)(Left|Right)$/.test(name);
    const side = isWhole ? 0 : Number(name.endsWith('Left')) - Number(name.endsWith('Right'));
    return !(pixels >= VISIBLE && y > low && y < high && side * x >= 0);
  });
  expect(wrong).toEqual([]);
});

test('left and right are mirror images', async ({ sheetPage }) => {
  const pairs = ARKIT_NAMES.flatMap((name, i) => {
    const mirrored = ARKIT_NAMES[MIRRORED[i] ?? i] ?? name;
    return mirrored > name ? [[name, mirrored] as const] : [];
  });
  expect(pairs.length).toBe(20);
  const likenesses = await sheetPage.evaluate(
    ([style, side, names]) =>
      window.shapes.mirrored(
        style,
        side,
        names.map(([a, b]) => [{ [a]: 1 }, { [b]: 1 }] as const),
      ),
    [STYLE, LARGE, pairs] as const,
  );
  const unlike = pairs.filter((_, i) => !((likenesses[i] ?? 0) >= ALIKE));
  expect(unlike).toEqual([]);
});

test('jawOpen with mouthClose shows no gap between the lips', async ({ sheetPage }) => {
  const faces: Face[] = [
    {},
    { jawOpen: 1 },
    { jawOpen: 1, mouthClose: 1 },
    { jawOpen: 0.5, mouthClose: 0.5 },
  ];
  const [neutral = NaN, open = NaN, ...closed] = await sheetPage.evaluate(
    ([style, side, list, region]) => window.shapes.count(style, side, list, region, 'dark'),
    [STYLE, LARGE, faces, MOUTH] as const,
  );
  expect(neutral).toBe(0);
  expect(open).toBeGreaterThan(150);
  for (const gap of closed) expect(gap).toBeLessThanOrEqual(2);
});

test('lids never cut the eyes, wherever those look', async ({ sheetPage }) => {
  const shut = both('eyeBlink');
  const faces: Face[] = [
    {},
    shut,
    ...['eyeLookUp', 'eyeLookDown', 'eyeLookIn', 'eyeLookOut', 'eyeSquint', 'eyeWide'].map((name) => ({
      ...shut,
      ...both(name),
    })),
  ];
  const [open = NaN, ...closed] = await sheetPage.evaluate(
    ([style, side, list, region]) => window.shapes.count(style, side, list, region, 'white'),
    [STYLE, LARGE, faces, EYES] as const,
  );
  expect(open).toBeGreaterThan(60);
  for (const white of closed) expect(white).toBe(0);
});
