import type { Request } from '@playwright/test';
import { atMost, info, type Bench, type BenchRow } from './bench';

/** Everything a first visit may load until the default model runs, MB. */
const LIMIT_MB = 2;

/** Files named besides the sum. */
const NAMED = 6;

/** Bytes over the wire, as they were sent (compressed, with headers), from an empty cache to a running model. */
export const bench: Bench = {
  name: 'wire',
  async run({ openPage, url }) {
    const page = await openPage();
    // Requests of workers are reported here too.
    const requests: Request[] = [];
    page.context().on('requestfinished', (request) => requests.push(request));
    await page.goto(url);
    await page.evaluate(() => window.simroom.ready);
    const sizes = await Promise.all(
      requests.map(async (request) => {
        const { responseBodySize, responseHeadersSize } = await request.sizes();
        // What came from the cache counts 0: its body's size is then the negative of its headers'.
        return { name: new URL(request.url()).pathname, bytes: responseBodySize + responseHeadersSize };
      }),
    );
    await page.context().close();
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    const rows: BenchRow[] = [
      atMost('bytes over the wire, cold, until the default model runs', total / 1e6, 'MB', LIMIT_MB),
    ];
    for (const { name, bytes } of sizes.toSorted((a, b) => b.bytes - a.bytes).slice(0, NAMED))
      rows.push(info(`of it ${name}`, bytes / 1e6, 'MB'));
    return rows;
  },
};
