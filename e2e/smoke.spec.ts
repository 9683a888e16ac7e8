import { expect, ready, test } from './fixtures';

test('the page opens with a running model', async ({ page, openRoom }) => {
  await openRoom(page);
  const before = await page.evaluate(async () => (await window.simroom.state()).tick);
  await expect
    .poll(() => page.evaluate(async () => (await window.simroom.state()).tick))
    .toBeGreaterThan(before);
  expect(await page.evaluate(() => window.simroom.model()?.sizes.nbody)).toBeGreaterThan(1);
});

test('it works under a sub-path', async ({ page, subPathServer, openRoom }) => {
  await openRoom(page, '', subPathServer);
  expect(new URL(page.url()).pathname).toBe('/some/sub/path/');
});

test('after the first visit it works without its server', async ({ page, serveAt, openRoom }) => {
  const server = await serveAt('/some/sub/path/');
  await openRoom(page, '', server);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await server.close();
  await page.reload();
  await ready(page);
  expect(await page.evaluate(() => window.simroom.model()?.sizes.nbody)).toBeGreaterThan(1);
});

test('every file of the app is found, and compressed where that helps', async ({
  page,
  server,
  openRoom,
}) => {
  const failures: string[] = [];
  const encodings = new Map<string, string | undefined>();
  page.on('response', (response) => {
    if (!response.ok()) failures.push(`${String(response.status())} ${response.url()}`);
    encodings.set(new URL(response.url()).pathname, response.headers()['content-encoding']);
  });
  await openRoom(page, '', server);
  expect(failures).toEqual([]);
  const wasm = [...encodings].find(([path]) => path.endsWith('.wasm'));
  expect(wasm?.[1]).toMatch(/^(br|gzip)$/);
});
