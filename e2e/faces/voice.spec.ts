import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type Page, chromium } from '@playwright/test';
import { launchOptions } from '../../scripts/lib/browser';
import { LIPS_REGIONS } from '../../src/face/voice/lips';
import { VOWEL_FORMANTS, synthesise, wavOf } from '../../src/face/voice/testing';
import { expect, test as base } from '../fixtures';
import { type PageServer, pagesFixture } from '../pages';
import { OPEN, SHUT } from './voice/jaw';
import type { Look, Voice } from './voice/page';

/** Faces from sound and text, in a browser whose microphone hears what we synthesise. */

declare global {
  interface Window {
    readonly voice: Voice;
  }
}

const PAGE = 'e2e/faces/voice/index.html';
const OPEN_TIMEOUT_MS = 60_000;
const RATE = 48_000;
/** The sound of the fake microphone: a vowel, then silence, again and again; s. */
const VOWEL_S = 0.8;
const SILENCE_S = 1.2;
/** By then three vowels have been heard, ms. */
const HEARING_TIMEOUT_MS = 30_000;

const test = base.extend<object, { readonly pages: PageServer }>({
  pages: [pagesFixture, { scope: 'worker' }],
});

async function openPage(page: Page, pages: PageServer): Promise<void> {
  await page.goto(`${pages.url}${PAGE}`);
  await page.waitForFunction(() => 'voice' in window, undefined, { timeout: OPEN_TIMEOUT_MS });
  // Browsers let sound run only after one.
  await page.mouse.click(5, 5);
}

/** When the jaw opens and closes, in order, ms. */
function movements(looks: readonly Look[]): { at: number; opens: boolean }[] {
  const found: { at: number; opens: boolean }[] = [];
  let isOpen = false;
  for (const { at, jaw } of looks) {
    if (isOpen ? jaw > SHUT : jaw < OPEN) continue;
    isOpen = !isOpen;
    found.push({ at, opens: isOpen });
  }
  return found;
}

test.describe('a microphone', () => {
  /** A browser with a microphone that hears a vowel and silence in turn, allowed without asking. */
  let hearing: Browser;
  let folder = '';

  test.beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'simroom-voice-'));
    const file = path.join(folder, 'voice.wav');
    const vowel = { formants: VOWEL_FORMANTS.a, pitch: 120, seconds: VOWEL_S, db: -18 };
    await writeFile(file, wavOf(synthesise([vowel, { formants: [], seconds: SILENCE_S }], RATE), RATE));
    const options = launchOptions();
    hearing = await chromium.launch({
      ...options,
      args: [
        ...(options.args ?? []),
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${file}`,
      ],
    });
  });
  test.afterAll(async () => {
    await hearing.close();
    await rm(folder, { recursive: true });
  });

  test('opens the jaw in vowels, closes it in silence, and is off when it is closed', async ({ pages }) => {
    const page = await hearing.newPage();
    await openPage(page, pages);
    expect(await page.evaluate(() => window.voice.openMicrophone())).toBe('open');
    expect(await page.evaluate(() => window.voice.trackStates())).toEqual(['live']);
    // The first may be the rest of a vowel.
    const looks = await page.evaluate(
      (most) => window.voice.watch(most, { openings: 3 }),
      HEARING_TIMEOUT_MS,
    );
    const found = movements(looks);
    const open = found.flatMap(({ at, opens }, i) => {
      const next = found[i + 1];
      return opens && next !== undefined ? [next.at - at] : [];
    });
    expect(open).toHaveLength(3);
    // The jaw is open for as long as the vowel is heard, but for muscles and pictures; and a busy machine may be late once.
    const off = open.map((ms) => Math.abs(ms - VOWEL_S * 1000)).toSorted((a, b) => a - b);
    expect(off[1]).toBeLessThan(250);
    expect(Math.max(...looks.map(({ level }) => level))).toBeGreaterThan(0.4);
    expect(looks.some(({ regions }) => regions === LIPS_REGIONS)).toBe(true);
    const told = await page.evaluate(() => window.voice.told());
    expect(told[0]).toBe('starting');
    expect(told).toContain('on');
    expect(await page.evaluate(() => window.voice.changes())).toBeGreaterThan(50);

    const states = await page.evaluate(() => {
      window.voice.close();
      return window.voice.trackStates();
    });
    expect(states).toEqual(['ended']);
    const changes = await page.evaluate(() => window.voice.changes());
    const after = await page.evaluate(() => window.voice.watch(500));
    expect(after.every(({ regions, level }) => regions === 0 && level === 0)).toBe(true);
    expect(await page.evaluate(() => window.voice.changes())).toBe(changes);
    await page.close();
  });

  test('says why there is none', async ({ page, pages }) => {
    await page.addInitScript(() => {
      MediaDevices.prototype.getUserMedia = () =>
        Promise.reject(new DOMException('', sessionStorage.getItem('refusal') ?? ''));
    });
    await openPage(page, pages);
    for (const [name, said] of [
      ['NotAllowedError', /^microphone-denied: .*allow it/],
      ['SecurityError', /^microphone-denied: /],
      ['NotFoundError', /^microphone-missing: .*plug one in/],
      ['OverconstrainedError', /^microphone-missing: /],
      ['NotReadableError', /^microphone-busy: .*another program/],
    ] as const) {
      await page.evaluate((refusal) => sessionStorage.setItem('refusal', refusal), name);
      expect(await page.evaluate(() => window.voice.openMicrophone())).toMatch(said);
    }
    // What a page has that is not secure.
    await page.addInitScript(() => Object.defineProperty(navigator, 'mediaDevices', { value: undefined }));
    await openPage(page, pages);
    expect(await page.evaluate(() => window.voice.openMicrophone())).toMatch(/^page-insecure: .*https/);
  });

  test('that is pulled out says so, once', async ({ pages }) => {
    const page = await hearing.newPage();
    await openPage(page, pages);
    expect(await page.evaluate(() => window.voice.openMicrophone())).toBe('open');
    const outcome = await page.evaluate(() => {
      const { voice } = window;
      voice.pullOut();
      voice.pullOut();
      return { ended: voice.ended(), last: voice.told().at(-1), states: voice.trackStates() };
    });
    expect(outcome).toEqual({ ended: 1, last: 'failed', states: ['ended'] });
    await page.close();
  });
});

test.describe('a recording', () => {
  /** Silence, a, silence, u, silence. */
  const samples = (): number[] => {
    const silence = { formants: [], seconds: 0.8 };
    const a = { formants: VOWEL_FORMANTS.a, pitch: 120, seconds: 0.7 };
    const u = { formants: VOWEL_FORMANTS.u, pitch: 120, seconds: 0.7 };
    return [...synthesise([silence, a, silence, u, silence], 16_000)];
  };

  test('moves the mouth in time with what is heard, then ends', async ({ page, pages }) => {
    await openPage(page, pages);
    expect(await page.evaluate((s) => window.voice.openSamples(s, 16_000), samples())).toBe('open');
    expect(await page.evaluate(() => window.voice.audio().duration)).toBeCloseTo(3.8, 1);
    const looks = await page.evaluate((most) => window.voice.watch(most), HEARING_TIMEOUT_MS);
    const opening = looks.findIndex(({ jaw }) => jaw > 0.2);
    // The position is that of the element, some tens of milliseconds ahead of what is heard.
    expect(looks[opening]?.position).toBeGreaterThan(0.75);
    // It may have opened at any time since the picture before.
    expect(looks[opening - 1]?.position).toBeLessThan(1.15);
    const within = (from: number, to: number): Look[] =>
      looks.filter(({ position }) => position > from && position < to);
    const most = (of: readonly Look[], key: 'jaw' | 'pucker'): number =>
      Math.max(...of.map((look) => look[key]));
    expect(most(within(1, 1.5), 'jaw')).toBeGreaterThan(0.4);
    expect(most(within(1.9, 2.2), 'jaw')).toBeLessThan(0.05);
    expect(most(within(2.5, 3), 'pucker')).toBeGreaterThan(most(within(1, 1.5), 'pucker') + 0.15);
    expect(await page.evaluate(() => window.voice.ended())).toBe(1);
    expect(looks.at(-1)?.jaw).toBeLessThan(0.05);
    await page.evaluate(() => window.voice.close());
  });

  test('can be paused, sought and resumed', async ({ page, pages }) => {
    await openPage(page, pages);
    expect(await page.evaluate((s) => window.voice.openSamples(s, 16_000), samples())).toBe('open');
    await page.evaluate(() => {
      const audio = window.voice.audio();
      audio.pause();
      audio.volume = 0.2;
      audio.seek(1);
    });
    await page.waitForFunction(() => window.voice.jaw() < 0.02);
    const still = await page.evaluate(() => window.voice.watch(300));
    expect(Math.max(...still.map(({ jaw }) => jaw))).toBeLessThan(0.02);
    expect(await page.evaluate(() => window.voice.audio().paused)).toBe(true);
    expect(await page.evaluate(() => window.voice.audio().volume)).toBeCloseTo(0.2);
    await page.evaluate(() => {
      window.voice.audio().resume();
    });
    await page.waitForFunction(() => window.voice.jaw() > 0.3);
    await page.evaluate(() => {
      window.voice.audio().seek(1e9);
    });
    await page.waitForFunction(() => window.voice.ended() === 1);
    await page.evaluate(() => window.voice.close());
  });

  test('says what is wrong with a file', async ({ page, pages, consoleErrors }) => {
    await openPage(page, pages);
    const opened = (name: 'text' | 'empty' | 'large' | 'missing'): Promise<string> =>
      page.evaluate((what) => {
        if (what === 'missing') return window.voice.openAudio('/e2e/faces/voice/nothing.wav.gz');
        const parts = { text: ['no sound'], empty: [], large: [new Uint8Array((64 << 20) + 1)] };
        return window.voice.openAudio(new Blob(parts[what]));
      }, name);
    expect(await opened('text')).toMatch(/^audio-invalid: /);
    expect(await opened('empty')).toMatch(/^audio-invalid: /);
    expect(await opened('large')).toMatch(/^file-too-large: .*64 MB/);
    expect(await opened('missing')).toMatch(/^(fetch-failed|audio-invalid): /);
    expect(await page.evaluate(() => window.voice.openAudio('http://127.0.0.1:9/a.wav'))).toMatch(
      /^fetch-failed: /,
    );
    // The browser says so too, of the two that it was to fetch, and may be later than we.
    await expect.poll(() => consoleErrors.length).toBeGreaterThanOrEqual(2);
    consoleErrors.splice(0);
  });
});

test.describe('typed text', () => {
  test('moves the mouth where there is no voice, closes the lips in "mama", and ends', async ({
    page,
    pages,
  }) => {
    await openPage(page, pages);
    // In one call: it may speak before another one comes.
    const { opened, looks } = await page.evaluate(
      async (most) => ({
        opened: await window.voice.openText('Mama.', 0.8),
        looks: await window.voice.watch(most, { every: 10 }),
      }),
      HEARING_TIMEOUT_MS,
    );
    expect(opened).toBe('open');
    expect(await page.evaluate(() => window.voice.ended())).toBe(1);
    expect(Math.max(...looks.map(({ jaw }) => jaw))).toBeGreaterThan(0.3);
    let closures = 0;
    let shut = false;
    for (const { sealed } of looks) {
      if (!shut && sealed > 0.85) closures++;
      shut = shut ? sealed > 0.4 : sealed > 0.85;
    }
    expect(closures).toBe(2);
    expect(looks.at(-1)?.jaw).toBeLessThan(0.05);
    expect(await page.evaluate(() => window.voice.told())).toContain('on');
    await page.evaluate(() => window.voice.close());
  });

  test('refuses a book, and ends at once for nothing', async ({ page, pages }) => {
    await openPage(page, pages);
    expect(await page.evaluate(() => window.voice.openText('word '.repeat(20_000)))).toMatch(
      /^bad-argument: .*100000/,
    );
    expect(await page.evaluate(() => window.voice.openText(' '))).toBe('open');
    await page.waitForFunction(() => window.voice.ended() === 1);
  });
});
