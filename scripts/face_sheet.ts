import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { STYLE_NAMES } from '../src/face/head/style';
import { launchOptions } from './lib/browser';
import { ROOT } from './lib/paths.mjs';

/**
 * Draws every shape and a score of expressions of every head, to be looked at: `npx tsx scripts/face_sheet.ts [folder]`,
 * after the heads have changed.
 */

/** Sides of a face, pixels: in a list of people, and looked at. */
const SIZES = [80, 400];

const folder = path.resolve(process.argv[2] ?? path.join(ROOT, '.cache/faces'));
const server = await createServer({
  root: ROOT,
  configFile: false,
  cacheDir: path.join(ROOT, '.cache/vite-faces'),
  // Scanning would meet modules that only the app's build knows.
  optimizeDeps: { noDiscovery: true, include: ['three'] },
  logLevel: 'error',
  server: { host: '127.0.0.1', port: 5307, hmr: false, watch: null },
  plugins: [
    {
      name: 'face-sheet',
      configureServer({ middlewares }) {
        middlewares.use('/faces', (_, response) => {
          response.setHeader('content-type', 'text/html');
          response.end('<!doctype html><script type="module" src="/scripts/face_sheet_page.ts"></script>');
        });
      },
    },
  ],
});
await server.listen();
const browser = await chromium.launch(launchOptions());
const page = await browser.newPage();
await page.goto(`${server.resolvedUrls?.local[0] ?? ''}faces`);
await page.waitForFunction(() => 'faceSheet' in window);
await mkdir(folder, { recursive: true });
for (const style of STYLE_NAMES)
  for (const size of SIZES) {
    const url = await page.evaluate(([name, side]) => window.faceSheet(name, side), [style, size] as const);
    const file = path.join(folder, `${style}-${size}.png`);
    await writeFile(file, Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
    console.log(file);
  }
await browser.close();
await server.close();
