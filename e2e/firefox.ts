import { existsSync } from 'node:fs';
import path from 'node:path';
import { launch } from 'puppeteer-core';
import { servePages } from './pages';

/** Starting it on a busy machine, and bundling the page, ms. */
const START_TIMEOUT_MS = 120_000;

/** A page of ours in Firefox, which Playwright drives only in a build of its own. */
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
 * Opens a page of ours in Firefox, over WebDriver BiDi. Not the app: without a display Firefox has no WebGL.
 *
 * @param page below the repository's root; the engine's when absent
 * @param ready name of what the page puts into `window` when it can be used
 */
export async function openFirefox(
  executablePath: string,
  page = 'e2e/replay/index.html',
  ready = 'engine',
): Promise<Firefox> {
  const server = await servePages();
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    timeout: START_TIMEOUT_MS,
    protocolTimeout: START_TIMEOUT_MS,
  });
  const close = async (): Promise<void> => {
    await browser.close();
    await server.close();
  };
  try {
    const tab = await browser.newPage();
    await tab.goto(`${server.url}${page}`, { timeout: START_TIMEOUT_MS });
    await tab.waitForFunction(`"${ready}" in window`, { timeout: START_TIMEOUT_MS });
    return { evaluate: (expression) => tab.evaluate(expression), close };
  } catch (error) {
    await close();
    throw error;
  }
}
