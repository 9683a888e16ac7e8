import { existsSync } from 'node:fs';
import path from 'node:path';
import { launch } from 'puppeteer-core';

/** Starting the app in it on a busy machine, ms. */
const READY_TIMEOUT_MS = 120_000;

/** The app in Firefox, which Playwright drives only in a build of its own. */
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

/** Opens the app in Firefox over WebDriver BiDi and waits until its first model runs. */
export async function openFirefox(executablePath: string, url: string): Promise<Firefox> {
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    protocolTimeout: READY_TIMEOUT_MS,
    defaultViewport: { width: 480, height: 300 },
    // Software WebGL, which Firefox otherwise refuses.
    extraPrefsFirefox: {
      'webgl.force-enabled': true,
      'webgl.disable-fail-if-major-performance-caveat': true,
    },
  });
  try {
    const page = await browser.newPage();
    await page.goto(url, { timeout: READY_TIMEOUT_MS });
    await page.waitForFunction('"simroom" in window', { timeout: READY_TIMEOUT_MS });
    await page.evaluate('window.simroom.ready');
    return { evaluate: (expression) => page.evaluate(expression), close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
