import type { Request } from '@playwright/test';
import { atMost, type Bench } from '../bench';

/** Everything a first visit may load until the default model runs, MB. */
const LIMIT_MB = 2;

/** Bytes over the wire, as they were sent (compressed, with headers), from an empty cache to a running model. */
export const bench: Bench = {
  name: 'wire',
  async run({ browser, url }) {
    const context = await browser.newContext({ viewport: { width: 640, height: 360 } });
    const page = await context.newPage();
    // Requests of workers are reported here too.
    const requests: Request[] = [];
    context.on('requestfinished', (request) => requests.push(request));
    await page.goto(url);
    await page.evaluate(() => window.simroom.ready);
    const sizes = await Promise.all(requests.map((request) => request.sizes()));
    await context.close();
    const bytes = sizes.reduce((sum, size) => sum + size.responseBodySize + size.responseHeadersSize, 0);
    return [atMost('bytes over the wire, cold, until the default model runs', bytes / 1e6, 'MB', LIMIT_MB)];
  },
};
