import path from 'node:path';
import { build } from 'vite';
import { startServer } from '../../signaling/server';
import { atMost, info, median, range, type BenchContext, type BenchRow } from '../bench';
import { FEW_TRIANGLES } from '../pictures';
// Its declarations: what the page offers.
import type {} from './page';

/** Heads at once. */
const HEADS = 30;
/** Script time of all their faces in a picture at most, ms. */
const LIMIT_MS = 2;
/** Pictures until V8 has optimised their path, and pictures measured; a full run and a quick one. */
const WARM_UP = [400, 20] as const;
const PICTURES = [300, 20] as const;
/** Runs with and without heads, in turns. */
const ROUNDS = [3, 1] as const;
const SIZE = { width: 320, height: 180 };

/** What 30 talking heads in sight add to a picture's script on the main thread: their names and marks included. */
export async function headRows(context: BenchContext): Promise<BenchRow[]> {
  const quick = context.quick ? 1 : 0;
  const folder = path.join(context.root, '.cache', 'bench-heads');
  await build({
    root: path.join(context.root, 'bench', 'heads'),
    configFile: false,
    base: './',
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  });
  const server = await startServer({ folder, port: 0, host: '127.0.0.1' });
  try {
    const page = await context.openPage({ size: SIZE, script: FEW_TRIANGLES });
    await page.goto(server.url);
    await page.waitForFunction(() => 'heads30' in window);
    await page.evaluate(() => (window.fewTriangles = true));
    const longest = await page.evaluate((count) => window.heads30.show(count), HEADS);
    const measure = (count: number): Promise<{ picture: number; drawCalls: number }> =>
      page.evaluate(
        async ([heads, warmUp, pictures]) => {
          await window.heads30.show(heads);
          return window.heads30.measure(warmUp, pictures);
        },
        [count, WARM_UP[quick], PICTURES[quick]] as const,
      );
    const added: number[] = [];
    const all: number[] = [];
    let calls = 0;
    for (let round = 0; round < ROUNDS[quick]; round++) {
      const some = await measure(HEADS);
      const none = await measure(0);
      added.push(some.picture - none.picture);
      all.push(some.picture);
      calls = some.drawCalls - none.drawCalls;
    }
    await page.context().close();
    return [
      atMost(
        `${HEADS} heads in sight: script per picture for all faces`,
        median(added),
        'ms',
        LIMIT_MS,
        `${range(added)}; the whole picture ${median(all).toFixed(2)}; ${calls} draw calls more, names and rays included`,
      ),
      info(
        'heads arrive: longest task of the main thread',
        longest,
        'ms',
        '0: none above 50; programs are compiled in software here',
      ),
    ];
  } finally {
    await server.close();
  }
}
