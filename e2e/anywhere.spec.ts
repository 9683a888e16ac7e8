import type { Frame, Page } from '@playwright/test';
import { expect, ready, test } from './fixtures';
import { appIn, frameHtml, withHost } from './outside';
import { untilRunning } from './room';

/** The app on any host, in any frame, and without a network. */

/** The app in the page's one frame, running. */
async function runningIn(page: Page): Promise<Frame> {
  const frame = await appIn(page);
  const before = await frame.evaluate(async () => (await window.simroom.state()).tick);
  await expect
    .poll(() => frame.evaluate(async () => (await window.simroom.state()).tick))
    .toBeGreaterThan(before);
  return frame;
}

test('under a sub-path, nothing is asked for outside it', async ({ page, subPathServer, openRoom }) => {
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(subPathServer.url) && !/^(blob|data):/.test(request.url()))
      outside.push(request.url());
  });
  await openRoom(page, '?model=pendulum', subPathServer);
  await untilRunning(page);
  expect(outside).toEqual([]);
});

test('in a frame of another origin, without cross-origin isolation', async ({ page, server }) => {
  await withHost(frameHtml(`${server.url}?embed&model=pendulum`), async (url) => {
    await page.goto(url);
    const frame = await runningIn(page);
    expect(await frame.evaluate(() => [window.crossOriginIsolated, window.origin])).toEqual([
      false,
      new URL(server.url).origin,
    ]);
  });
});

test('in a frame of the same origin', async ({ page, server }) => {
  const host = `${server.url}host.html`;
  await page.route(host, (route) =>
    route.fulfill({ contentType: 'text/html', body: frameHtml(`${server.url}?embed&model=pendulum`) }),
  );
  await page.goto(host);
  await runningIn(page);
});

test('in a sandboxed frame without an origin or storage', async ({ page, server, consoleErrors }) => {
  await withHost(frameHtml(`${server.url}?embed&model=pendulum`, 'sandbox="allow-scripts"'), async (url) => {
    await page.goto(url);
    const frame = await runningIn(page);
    expect(await frame.evaluate(() => window.origin)).toBe('null');
  });
  expect(consoleErrors).toEqual([]);
});

test('after the first visit it needs no network, and has the whole catalogue', async ({
  page,
  serveAt,
  openRoom,
}) => {
  const server = await serveAt('/lab/');
  await openRoom(page, '', server);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await server.close();
  await page.reload();
  await ready(page);
  await untilRunning(page);
  const sizes = await page.evaluate(async () => {
    const { simroom } = window;
    const entries = await simroom.catalogue();
    const { sizes: found } = await simroom.load('pendulum');
    const thumbnail = await fetch(entries[0]?.thumbnail ?? '');
    return { found, entries: entries.length, thumbnail: thumbnail.ok };
  });
  expect(sizes.found.nbody).toBeGreaterThan(1);
  expect(sizes.entries).toBeGreaterThanOrEqual(11);
  expect(sizes.thumbnail).toBe(true);
});

test('it can be installed: the manifest and its icons are there', async ({ request, server }) => {
  const page = await (await request.get(server.url)).text();
  const href = /<link[^>]*rel="manifest"[^>]*href="([^"]+)"/.exec(page)?.[1] ?? '';
  const url = new URL(href, server.url);
  const manifest: unknown = await (await request.get(url.href)).json();
  expect(manifest).toMatchObject({ name: 'Simroom', display: 'standalone', start_url: './', scope: './' });
  const { icons } = manifest as { icons: { src: string; sizes: string; purpose?: string }[] };
  expect(icons.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']));
  expect(icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  for (const { src } of icons) {
    const icon = await request.get(new URL(src, url).href);
    expect(icon.headers()['content-type'], src).toMatch(/^image\//);
  }
});
