import { existsSync } from 'node:fs';
import path from 'node:path';
import { launch } from 'puppeteer-core';
import { createServer } from 'vite';
import { ROOT } from '../scripts/lib/paths.mjs';

/** Starting it on a busy machine, and bundling the page, ms. */
const START_TIMEOUT_MS = 120_000;

/** The page `replay/` in Firefox, which Playwright drives only in a build of its own. */
export interface Firefox {
  /** Evaluates an expression in the page; a promise is waited for. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

/** The Firefox that is installed, or null: `FIREFOX_PATH`, else one on the path. */
export function findFirefox(): string | null {
  const { PATH = '', FIREFOX_PATH } = process.env;
  const folders = [...PATH.split(path.delimiter).filter(Boolean), '/usr/bin', '/snap/bin'];
  const files = folders.flatMap((folder) =>
    ['firefox', 'firefox-esr'].map((name) => path.join(folder, name)),
  );
  const mac = '/Applications/Firefox.app/Contents/MacOS/firefox';
  return [FIREFOX_PATH ?? '', ...files, mac].find((file) => file !== '' && existsSync(file)) ?? null;
}

/**
 * Opens the engine's page in Firefox, over WebDriver BiDi. Not the app: without a display Firefox has no WebGL.
 */
export async function openFirefox(executablePath: string): Promise<Firefox> {
  const server = await createServer({
    root: ROOT,
    configFile: path.join(ROOT, 'vite.config.ts'),
    cacheDir: path.join(ROOT, '.cache/vite-e2e'),
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
  });
  await server.listen();
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    protocolTimeout: START_TIMEOUT_MS,
  });
  const close = async (): Promise<void> => {
    await browser.close();
    await server.close();
  };
  try {
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls?.local[0] ?? ''}e2e/replay/index.html`, {
      timeout: START_TIMEOUT_MS,
    });
    await page.waitForFunction('"engine" in window', { timeout: START_TIMEOUT_MS });
    return { evaluate: (expression) => page.evaluate(expression), close };
  } catch (error) {
    await close();
    throw error;
  }
}
