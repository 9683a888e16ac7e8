import path from 'node:path';
import { createServer } from 'vite';
import { ROOT } from '../scripts/lib/paths.mjs';

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
