import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { createServer } from 'vite';
import { ROOT } from '../scripts/lib/paths.mjs';
import { collectErrors, expect } from './fixtures';

/** Bundling a page at first, on a busy machine, ms. */
const OPEN_TIMEOUT_MS = 60_000;

/** Serves the pages of tests (`e2e/.../index.html`) from their sources. */
export interface PageServer {
  /** Of the repository's root. */
  readonly url: string;
  close(): Promise<void>;
}

export async function servePages(): Promise<PageServer> {
  const server = await createServer({
    root: ROOT,
    configFile: path.join(ROOT, 'vite.config.ts'),
    cacheDir: path.join(ROOT, '.cache/vite-e2e'),
    // Workers too: a package that is found while a page runs would make it fetch all others anew, which fails midway.
    optimizeDeps: { entries: ['e2e/**/*.html', 'workers/*.ts'] },
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
  });
  await server.listen();
  return { url: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
}

/** The fixture of a page server: `pages: [pagesFixture, { scope: 'worker' }]`. */
// Playwright reads from the first argument what a fixture needs: nothing.
export async function pagesFixture({}, use: (pages: PageServer) => Promise<void>): Promise<void> {
  const pages = await servePages();
  await use(pages);
  await pages.close();
}

/** A page that stays open for all tests of a file: opening it and compiling its shaders takes longer than most of them. */
export class LastingPage {
  private page: Page | null = null;
  private readonly errors: string[] = [];

  /**
   * @param file of the page, from the repository's root
   * @param name of what the page puts into `window` when it can be used
   */
  constructor(
    private readonly file: string,
    private readonly name: string,
    private readonly options: BrowserContextOptions = {},
  ) {}

  /** A fixture's part: opens the page where that has not been done, and checks its console afterwards. */
  async lend(browser: Browser, pages: PageServer, use: (page: Page) => Promise<void>): Promise<void> {
    this.page ??= await this.open(browser, pages);
    await use(this.page);
    expect(this.errors.splice(0), 'errors on the console').toEqual([]);
  }

  /** At the end of the file. */
  async close(): Promise<void> {
    await this.page?.context().close();
    this.page = null;
  }

  private async open(browser: Browser, pages: PageServer): Promise<Page> {
    const context = await browser.newContext(this.options);
    collectErrors(context, this.errors);
    const page = await context.newPage();
    await page.goto(`${pages.url}${this.file}`);
    await page.waitForFunction((name) => name in window, this.name, { timeout: OPEN_TIMEOUT_MS });
    return page;
  }
}
