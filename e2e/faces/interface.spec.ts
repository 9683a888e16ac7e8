import { chromium, type Page } from '@playwright/test';
import { launchOptions } from '../../scripts/lib/browser';
import { serious } from '../axe';
import { ready } from '../fixtures';
import { load, runCommand } from '../room';
import { Company, enter, expect, openRoom, test as base } from '../rooms/company';

/** What people see and press for their faces. */

const DESKTOP = { width: 900, height: 560 };
const PHONE = { width: 390, height: 844 };
/** Code, models and shaders of faces come only now, on a machine that draws in software. */
const FIRST = { timeout: 40_000 };

interface WorkerFixtures {
  /** People whose browsers have a camera and a microphone, and allow them without asking. */
  readonly seeing: Company;
}

const test = base.extend<object, WorkerFixtures>({
  seeing: [
    async ({ roomServer }, use) => {
      const options = launchOptions();
      const browser = await chromium.launch({
        ...options,
        args: [
          ...(options.args ?? []),
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream',
        ],
      });
      const company = new Company(browser, roomServer);
      await use(company);
      await company.leave();
      await browser.close();
    },
    { scope: 'worker' },
  ],
});

test.afterEach(async ({ seeing }) => {
  // Whoever stays is drawn beside those who come.
  await seeing.leave();
  expect(seeing.errors.splice(0), 'errors on the console').toEqual([]);
});

/** Scripts that the page itself has fetched for faces. */
const faceScripts = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => /\/assets\/(faces?-[^/]+\.js)$/.exec(name)?.[1] ?? '')
      .filter((name) => name !== ''),
  );

async function openPanel(page: Page): Promise<void> {
  await runCommand(page, 'My face panel');
  await expect(page.getByRole('heading', { name: 'What moves it' })).toBeVisible();
}

const drawn = (page: Page, within: string): Promise<number> =>
  page.locator(`${within} canvas.portrait[data-drawn]`).count();

test('camera and microphone: off until pressed, seen while they are on, cut by one key', async ({
  seeing,
}) => {
  const page = await seeing.open('Ana', {
    viewport: DESKTOP,
    prepare: async (context) => {
      await context.addInitScript(() => {
        const { mediaDevices } = navigator as Partial<Navigator>;
        // An empty page has none.
        if (mediaDevices === undefined) return;
        const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
        const streams: MediaStream[] = [];
        Object.assign(window, { streams });
        mediaDevices.getUserMedia = async (constraints) => {
          const stream = await getUserMedia(constraints);
          streams.push(stream);
          return stream;
        };
      });
    },
  });
  /** States of all tracks that were ever asked for. */
  const tracks = (): Promise<string[]> =>
    page.evaluate(() => {
      const streams: unknown = Reflect.get(window, 'streams');
      return Array.isArray(streams)
        ? streams.flatMap((stream: MediaStream) => stream.getTracks().map(({ readyState }) => readyState))
        : [];
    });
  expect(await faceScripts(page)).toEqual([]);
  await openPanel(page);
  await expect.poll(() => drawn(page, '.own-portrait'), FIRST).toBe(1);
  expect(await faceScripts(page)).not.toEqual([]);
  expect(await tracks()).toEqual([]);
  const sign = page.getByRole('group', { name: 'On now' });
  await expect(sign).toBeHidden();

  await page.getByRole('switch', { name: 'Camera' }).click();
  await expect(sign).toContainText('Camera on', FIRST);
  await page.getByRole('button', { name: 'Camera: options' }).click();
  const preview = page.locator('.camera-large video');
  await expect
    .poll(() => preview.evaluate((video: HTMLVideoElement) => video.videoWidth), FIRST)
    .toBeGreaterThan(0);
  await expect(page.getByRole('combobox', { name: 'Camera' }).getByRole('option')).not.toHaveCount(1);
  await page.getByRole('switch', { name: 'Microphone' }).click();
  await expect(sign).toContainText('Camera and microphone on', FIRST);
  expect(await tracks()).toEqual(['live', 'live']);
  expect(await serious(page)).toEqual([]);

  await page.keyboard.press('F1');
  const help = page.getByRole('dialog', { name: 'Help' });
  await expect(help).toContainText('Camera and microphone off');
  await page.keyboard.press('Control+.');
  await expect(sign).toBeHidden();
  expect(await tracks()).toEqual(['ended', 'ended']);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('switch', { name: 'Camera' })).not.toBeChecked();
});

test.describe('one’s own', () => {
  let page: Page;
  test.beforeAll(async ({ company }) => {
    page = await company.open('Ben', { viewport: DESKTOP });
  });
  test.beforeEach(() => openPanel(page));
  test.afterAll(({ company }) => company.leave());

  test('one’s head: style, colours, and a file that is none', async () => {
    const look = (): Promise<unknown> => page.evaluate(() => window.simroom.face.info().look);
    await page.getByRole('button', { name: 'Human' }).click();
    await page.getByRole('button', { name: 'Colours' }).click();
    // The swatch is the radio's label.
    await page.getByRole('radio', { name: 'Hair 5' }).locator('..').click();
    await expect.poll(look).toMatchObject({ style: 'human', hair: 4, file: null });
    const chosen = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /own head/ }).click();
    await (
      await chosen
    ).setFiles({ name: 'cube.glb', mimeType: 'model/gltf-binary', buffer: Buffer.from('no') });
    await expect(page.getByRole('alert')).toBeVisible(FIRST);
    expect(await look()).toMatchObject({ file: null });
    // What was chosen is there again.
    await page.reload();
    await ready(page);
    await openPanel(page);
    await expect.poll(look, FIRST).toMatchObject({ style: 'human', hair: 4 });
  });

  test('without a camera the row says so, and what to do', async () => {
    const camera = page.getByRole('switch', { name: 'Camera' });
    await camera.click();
    await expect(page.getByRole('alert')).toContainText(/camera/i, FIRST);
    await expect(camera).not.toBeChecked();
    expect(await serious(page)).toEqual([]);
  });

  test('speaking, mixing, recording', async () => {
    await page.getByRole('switch', { name: 'Typed text' }).click();
    const field = page.getByRole('textbox', { name: 'Text to speak' });
    await expect(field).toBeFocused();
    await page.getByRole('button', { name: 'Recording: options' }).click();
    await page.getByRole('button', { name: 'Record my face' }).click();
    await field.fill('Aha, a papa and a mama: that is what I have to say to all of you.');
    // It is looked at with every picture: what is said is over in seconds.
    const opens = page.waitForFunction(
      () => {
        const { face } = window.simroom;
        return (face.of()?.weights[face.names.indexOf('jawOpen')] ?? 0) > 0.1;
      },
      undefined,
      FIRST,
    );
    await Promise.all([opens, field.press('Enter')]);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: /Stop and save/ }).click();
    expect((await saved).suggestedFilename()).toBe('face.csv');
    await page.getByLabel('Mouth').selectOption({ label: 'automatic' });
  });

  test('my face on a body, from its card', async () => {
    await load(page, {
      files: {
        'robot.xml':
          '<mujoco><worldbody><light pos="0 0 3"/><body name="robot" pos="0 0 1"><geom size=".2"/></body></worldbody></mujoco>',
      },
    });
    const places = (): Promise<unknown> => page.evaluate(() => window.simroom.face.info().places);
    await page.evaluate(() => window.simroom.select('robot'));
    await page.getByRole('button', { name: 'Put my face on it' }).click();
    await expect.poll(places, FIRST).toMatchObject([{ object: 'body', name: 'robot', fromModel: false }]);
    const whose = page.getByRole('combobox', { name: 'Whose face is on robot' });
    await expect(whose).toHaveValue('0');
    await whose.selectOption('nobody');
    await expect.poll(places).toEqual([]);
    await expect(page.getByRole('button', { name: 'Put my face on it' })).toBeVisible();
  });
});

test('faces of others: in the bar, in the list, in numbers', async ({ company }) => {
  const ana = await company.open('Ana', { viewport: DESKTOP });
  const ben = await company.open('Ben');
  await enter(ben, await openRoom(ana));
  await expect(ana.getByRole('button', { name: 'People: 2 in the room' })).toBeVisible();
  await expect.poll(() => drawn(ana, '.people-button'), FIRST).toBe(2);
  await ben.evaluate(() => window.simroom.face.set({ jawOpen: 0.5 }));
  await runCommand(ana, 'Face shapes panel');
  await ana.getByRole('combobox', { name: 'Face of' }).selectOption('Ben');
  const jaw = ana.getByRole('list', { name: 'Shapes' }).getByRole('listitem').filter({ hasText: 'jawOpen' });
  await expect(jaw).toContainText('0.50', FIRST);
  await expect(ana.getByRole('table').getByRole('row', { name: /Ben/ })).toContainText(/\d+\/\d+/);
  expect(await serious(ana)).toEqual([]);
  await ana.getByRole('button', { name: 'Ben: menu' }).click();
  await expect(ana.getByRole('menu')).toContainText(/Face: \d+ Hz/);
  await company.leave();
});

test('on a phone everything fits, the sign too', async ({ seeing }) => {
  const page = await seeing.open('Fay', { viewport: PHONE, hasTouch: true, isMobile: true });
  await page.getByRole('button', { name: 'Panels' }).tap();
  await page.getByRole('tab', { name: 'My face' }).tap();
  await page.getByRole('switch', { name: 'Camera' }).tap();
  const sign = page.getByRole('group', { name: 'On now' });
  await expect(sign).toBeVisible(FIRST);
  await page.getByRole('button', { name: 'Make taller' }).tap();
  await page.getByRole('button', { name: 'Camera: options' }).tap();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
  for (const theme of ['Theme: light', 'Theme: dark']) {
    await runCommand(page, theme);
    expect(await serious(page)).toEqual([]);
  }
  const box = await sign.boundingBox();
  const sheet = await page.getByRole('complementary', { name: 'Panels' }).boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? Infinity)).toBeLessThanOrEqual(sheet?.y ?? 0);
  await sign.getByRole('button', { name: 'Camera and microphone off' }).tap();
  await expect(sign).toBeHidden();
});
