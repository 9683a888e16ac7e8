import { expect, ready, test } from './fixtures';

test('the page opens with a running model', async ({ page, server }) => {
  await page.goto(server.url);
  // With all that it draws.
  await ready(page, null);
  const before = await page.evaluate(async () => (await window.simroom.state()).tick);
  await expect
    .poll(() => page.evaluate(async () => (await window.simroom.state()).tick))
    .toBeGreaterThan(before);
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
