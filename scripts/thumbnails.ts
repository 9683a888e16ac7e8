import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { startServer } from '../signaling/server';
import { launchOptions } from './lib/browser';
import { buildIfStale } from './lib/build';
import { DIST, ROOT } from './lib/paths.mjs';

/**
 * Takes the catalogue's thumbnails with the app's own renderer: `npx tsx scripts/thumbnails.ts [id...]`, after a model
 * or the drawing has changed.
 */

/** Twice the size at which the catalogue shows them, pixels. */
const SIZE = { width: 560, height: 420 };

/** How long the model runs before its picture is taken, s: long enough for something to be going on. */
const TIME_S = 0.6;

/** Of WebP, 0..1: no artefacts to be seen at that size. */
const QUALITY = 0.82;

/** Loads a model, runs it for a moment, and takes its picture. Returns WebP bytes in base64. */
function thumbnail(page: Page, id: string): Promise<string> {
  return page.evaluate(
    async ({ id, size, seconds, quality }) => {
      const { simroom } = window;
      const { timestep } = await simroom.load(id);
      await simroom.pause();
      await simroom.reset();
      await simroom.step(Math.round(seconds / timestep));
      // The picture is of the newest frame, and that one is on its way.
      const { tick } = await simroom.state();
      while ((simroom.frame()?.header[0] ?? 0) < tick) await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      const png = await createImageBitmap(await simroom.screenshot(size));
      const canvas = new OffscreenCanvas(size.width, size.height);
      canvas.getContext('2d')?.drawImage(png, 0, 0);
      const webp = new Uint8Array(
        await (await canvas.convertToBlob({ type: 'image/webp', quality })).arrayBuffer(),
      );
      return btoa(Array.from(webp, (byte) => String.fromCharCode(byte)).join(''));
    },
    { id, size: SIZE, seconds: TIME_S, quality: QUALITY },
  );
}

await buildIfStale();
const server = await startServer({ folder: DIST, port: 0, host: '127.0.0.1', base: '/' });
const browser = await chromium.launch(launchOptions());
const page = await browser.newPage({ viewport: { width: 320, height: 240 } });
await page.goto(server.url);
await page.waitForFunction(() => 'simroom' in window);
await page.evaluate(() => window.simroom.ready);
const catalogue = await page.evaluate(async () => (await window.simroom.catalogue()).map(({ id }) => id));
const wanted = process.argv.slice(2);
for (const id of wanted.length > 0 ? wanted : catalogue) {
  const bytes = Buffer.from(await thumbnail(page, id), 'base64');
  await writeFile(path.join(ROOT, 'public/models', id, 'thumbnail.webp'), bytes);
  console.log(`${id}: ${bytes.length} bytes`);
}
await browser.close();
await server.close();
