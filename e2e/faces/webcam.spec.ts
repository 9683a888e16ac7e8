import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type Page, chromium } from '@playwright/test';
import { launchOptions } from '../../scripts/lib/browser';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { HEAD } from '../../src/face/frame';
import { type ArkitName, SHAPE } from '../../src/face/names';
import { expect, test as base } from '../fixtures';
import { type PageServer, pagesFixture } from '../pages';
import { FILM, FRAMES_PER_SECOND, HEIGHT, WIDTH } from './webcam/film';
import type { WebcamPage } from './webcam/page';

/** A fake camera shows our own heads and a photograph: what moves in them moves in the solved face. */

declare global {
  interface Window {
    readonly webcam: WebcamPage;
  }
}

const PATH = 'e2e/faces/webcam/index.html';
/** Bundling the page at first, ms. */
const OPEN_TIMEOUT_MS = 60_000;
/** The models compile, then the film runs up to twice, ms. */
const FILM_TIMEOUT_MS = 180_000;

/** What has to stay where it is when nothing but the head moves. */
const STILL = [
  'jawOpen',
  'jawLeft',
  'jawRight',
  'mouthLeft',
  'mouthRight',
  'mouthSmileLeft',
  'mouthSmileRight',
  'mouthFrownLeft',
  'mouthFrownRight',
  'mouthStretchLeft',
  'mouthStretchRight',
] as const;

interface WorkerFixtures {
  readonly pages: PageServer;
  /** The film, as a file for Chromium's fake camera. */
  readonly film: string;
}

const test = base.extend<object, WorkerFixtures>({
  pages: [pagesFixture, { scope: 'worker' }],
  film: [
    async ({ pages }, use) => {
      const folder = await mkdtemp(path.join(tmpdir(), 'simroom-film-'));
      const file = path.join(folder, 'film.y4m');
      await writeFile(file, await makeFilm(pages));
      await use(file);
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
});

test.setTimeout(FILM_TIMEOUT_MS);

/** A film in YUV4MPEG2: a line about all, a line before every frame. */
async function makeFilm(pages: PageServer): Promise<Buffer> {
  const browser = await chromium.launch(launchOptions());
  const page = await openPage(browser, pages);
  const pictures = await page.evaluate((photo) => window.webcam.draw(photo), await samplePhoto());
  await browser.close();
  const parts = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_PER_SECOND}:1 Ip C420mpeg2\n`)];
  for (const [i, { frames }] of FILM.entries()) {
    const picture = Buffer.from(pictures[i]?.i420 ?? '', 'base64');
    for (let frame = 0; frame < frames; frame++) parts.push(Buffer.from('FRAME\n'), picture);
  }
  return Buffer.concat(parts);
}

/** The face with which `@vladmandic/human` warms up, as a data URL. */
async function samplePhoto(): Promise<string> {
  const source = await readFile(path.join(ROOT, 'node_modules/@vladmandic/human/src/sample.ts'), 'utf8');
  const [, base64 = ''] = /face: string = `([^`]*)`/.exec(source) ?? [];
  return `data:image/jpeg;base64,${base64.replaceAll(/\s/g, '')}`;
}

async function openPage(browser: Browser, pages: PageServer): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${pages.url}${PATH}`);
  await page.waitForFunction(() => 'webcam' in window, undefined, { timeout: OPEN_TIMEOUT_MS });
  return page;
}

/** A browser with a camera that shows the film, or with these switches instead. */
function launchWithCamera(film: string, flags?: readonly string[]): Promise<Browser> {
  const options = launchOptions();
  const camera = flags ?? [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
  ];
  return chromium.launch({ ...options, args: [...(options.args ?? []), ...camera] });
}

test('what moves in a face before the camera moves in the solved one', async ({ pages, film }) => {
  const browser = await launchWithCamera(film);
  const page = await openPage(browser, pages);
  expect(await page.evaluate(() => window.webcam.open())).toBeNull();
  await page.waitForFunction(() => window.webcam.statuses().at(-1)?.state !== 'starting', undefined, {
    timeout: OPEN_TIMEOUT_MS,
  });
  const { seen } = await page.evaluate(() => window.webcam.watch(['head', 'photo']));

  const regionsIn = (scene: string): number => seen.find((face) => face.scene === scene)?.regions ?? -1;
  const at = (scene: string, index: number): number =>
    seen.find((face) => face.scene === scene)?.face[index] ?? NaN;
  const weight = (scene: string, shape: ArkitName): number => at(scene, SHAPE[shape]);

  expect(regionsIn('nobody')).toBe(0);
  for (const who of ['head', 'photo']) {
    expect(regionsIn(who)).toBeGreaterThan(0);
    for (const shape of ['jawOpen', 'mouthSmileLeft', 'mouthSmileRight', 'eyeBlinkLeft'] as const) {
      expect(weight(who, shape), `${shape} of the ${who} at rest`).toBeLessThan(0.15);
    }
    expect(weight(`${who} jaw`, 'jawOpen'), `${who}: jaw`).toBeGreaterThan(who === 'head' ? 0.5 : 0.2);
    for (const side of ['Left', 'Right'] as const) {
      expect(weight(`${who} smile`, `mouthSmile${side}`), `${who}: smile`).toBeGreaterThan(0.4);
      expect(weight(`${who} smile`, `mouthFrown${side}`), `${who}: smile`).toBeLessThan(0.1);
    }
  }
  // Our heads' brows are higher than people's, and the network sees little of them.
  expect(weight('head brow', 'browInnerUp')).toBeGreaterThan(0.05);
  expect(weight('head brow', 'browDownLeft')).toBeLessThan(0.05);
  expect(weight('photo brow', 'browInnerUp')).toBeGreaterThan(0.3);
  for (const side of ['Left', 'Right'] as const) {
    expect(weight('head blink', `eyeBlink${side}`)).toBeGreaterThan(0.7);
    expect(weight('photo brow', `browOuterUp${side}`)).toBeGreaterThan(0.3);
  }

  expect(weight('head pucker', 'mouthPucker')).toBeGreaterThan(0.4);
  expect(weight('head pucker', 'mouthFunnel')).toBeLessThan(0.25);
  for (const side of ['Left', 'Right'] as const) {
    expect(weight('head frown', `mouthFrown${side}`)).toBeGreaterThan(0.25);
    expect(weight('head frown', `mouthSmile${side}`)).toBeLessThan(0.05);
    expect(weight('head smile', `mouthDimple${side}`)).toBeLessThan(0.2);
    expect(weight('photo squint', `eyeSquint${side}`)).toBeGreaterThan(0.1);
    expect(weight('photo squint', `eyeBlink${side}`)).toBeLessThan(0.6);
    expect(weight('head blink', `eyeSquint${side}`)).toBeLessThan(0.1);
    expect(weight('photo smile', `eyeSquint${side}`)).toBeLessThan(0.1);
  }

  // Turning the head alone moves nothing in the face, and a dim room neither.
  for (const [scene, most] of [['head turn', 0.35] as const, ['photo dark', 0.2] as const]) {
    expect(regionsIn(scene), scene).toBeGreaterThan(0);
    for (const shape of STILL) expect(weight(scene, shape), `${shape}: ${scene}`).toBeLessThan(most);
  }

  // A side is the person's own, which the camera has on its other.
  expect(weight('head wink', 'eyeBlinkLeft')).toBeGreaterThan(0.7);
  expect(weight('head wink', 'eyeBlinkRight')).toBeLessThan(0.2);
  expect(weight('head smirk', 'mouthSmileLeft')).toBeGreaterThan(
    2 * weight('head smirk', 'mouthSmileRight') + 0.1,
  );
  expect(weight('head look', 'eyeLookOutLeft')).toBeGreaterThan(0.4);
  expect(weight('head look', 'eyeLookInRight')).toBeGreaterThan(0.4);
  expect(weight('head look', 'eyeLookOutRight')).toBeLessThan(0.1);
  // Of 0.35: noses of our heads stand out half as far as people's, from which the networks tell a turn.
  expect(at('head turn', HEAD.yaw) - at('head', HEAD.yaw)).toBeGreaterThan(0.22);
  expect(at('head bow', HEAD.pitch) - at('head', HEAD.pitch)).toBeGreaterThan(0.08);
  expect(at('head lean', HEAD.roll) - at('head', HEAD.roll)).toBeGreaterThan(0.1);

  // Off is off, at once.
  expect(await page.evaluate(() => window.webcam.close())).toBe(true);
  expect(await page.evaluate(() => window.webcam.counts().ended)).toBe(0);
  await browser.close();
});

test('a camera that is pulled out ends its source, with a word', async ({ pages, film }) => {
  const browser = await launchWithCamera(film);
  const page = await openPage(browser, pages);
  expect(await page.evaluate(() => window.webcam.open())).toBeNull();
  await page.evaluate(() => window.webcam.pullOut());
  expect(await page.evaluate(() => window.webcam.counts().ended)).toBe(1);
  const last = await page.evaluate(() => window.webcam.statuses().at(-1));
  expect(last).toEqual({ state: 'failed', text: expect.stringContaining('plug it in') });
  await browser.close();
});

test('a model that is none is refused, before and after MediaPipe has looked at it', async ({
  pages,
  film,
}) => {
  const browser = await launchWithCamera(film);
  const page = await openPage(browser, pages);
  const text = await page.evaluate(() => window.webcam.openWithTask([1, 2, 3, 4]));
  expect(text).toEqual({ state: 'failed', text: expect.stringContaining('no MediaPipe task') });
  const zip = await page.evaluate(() => window.webcam.openWithTask([0x50, 0x4b, 3, 4, 0, 0, 0, 0]));
  expect(zip).toEqual({ state: 'failed', text: expect.stringContaining('could not read this model') });
  await browser.close();
});

test('without permission, and without a camera, it says so', async ({ pages, film }) => {
  const refused = await launchWithCamera(film, [
    '--use-fake-device-for-media-stream',
    '--deny-permission-prompts',
  ]);
  const page = await openPage(refused, pages);
  expect(await page.evaluate(() => window.webcam.open())).toBe('camera-denied');
  await refused.close();

  const none = await launchWithCamera(film, [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream=device-count=0',
  ]);
  const other = await openPage(none, pages);
  expect(await other.evaluate(() => window.webcam.open())).toBe('camera-missing');
  await none.close();
});
