import path from 'node:path';
import { atMost, info, type Bench, type BenchContext, type BenchRow } from './bench';
import { corpusModel, loadModel } from './corpus';
import { cpuTime, ScriptClock } from './devtools';
import { COUNT_PICTURES, FEW_TRIANGLES, waitForPictures } from './pictures';

/** Script time of a picture at most, ms. */
const MODELS: readonly (readonly [model: string, limitMs: number])[] = [
  ['humanoid/humanoid.xml', 1],
  ['humanoid/22_humanoids.xml', 2],
];

/** Small, so that software WebGL comes near 60 Hz. */
const SIZE = { width: 160, height: 90 };

/** Pictures until V8 has optimised the frame path, and pictures measured; a full run and a quick one. */
const WARM_UP = [600, 30] as const;
const PICTURES = [600, 30] as const;
/** Longest wait for them, ms. */
const MOST_MS = [60_000, 8000] as const;

/** How long full pictures are drawn to see what they cost the GPU process, ms. */
const GPU_MS = [10_000, 3000] as const;

/** Functions named in the notes. */
const NAMED = 4;

/** What the main thread does for a picture of a running model, everything the page runs included. */
export const bench: Bench = {
  name: 'frame-time',
  async run(context) {
    const quick = context.quick ? 1 : 0;
    const rows: BenchRow[] = [];
    for (const [name, limit] of MODELS) {
      const page = await context.openRoom('', { size: SIZE, script: COUNT_PICTURES + FEW_TRIANGLES });
      await loadModel(page, await corpusModel(context.root, name));
      const gpuBefore = await gpuMs(context);
      const drawn = await waitForPictures(page, Infinity, GPU_MS[quick]);
      const gpu = ((await gpuMs(context)) - gpuBefore) / drawn;
      await page.evaluate(() => (window.fewTriangles = true));
      await waitForPictures(page, WARM_UP[quick], MOST_MS[quick]);

      const clocks = await Promise.all([ScriptClock.of(page, 'wall'), ScriptClock.of(page, 'cpu')]);
      const read = (): Promise<number[]> => Promise.all(clocks.map((clock) => clock.now()));
      const before = await read();
      const start = performance.now();
      const count = await waitForPictures(page, PICTURES[quick], MOST_MS[quick]);
      const elapsed = performance.now() - start;
      const after = await read();
      const [wall = NaN, cpu = NaN] = after.map((ms, i) => (ms - (before[i] ?? NaN)) / count);

      let profiled = 0;
      const time = await cpuTime(page, async () => {
        profiled = await waitForPictures(page, PICTURES[quick], MOST_MS[quick]);
      });
      const { drawCalls, triangles } = await page.evaluate(() => window.simroom.stats());
      const top = time.functions
        .slice(0, NAMED)
        .map(({ where, ms }) => `${where} ${(ms / profiled).toFixed(3)}`);
      const short = path.basename(name, '.xml');
      rows.push(
        atMost(
          `main-thread script time per picture, ${short}`,
          wall,
          'ms',
          limit,
          `DevTools' ScriptDuration over ${count} pictures at ${((1000 * count) / elapsed).toFixed(1)} Hz, ${drawCalls} draw calls of one triangle`,
        ),
        info(`the same in CPU time, ${short}`, cpu, 'ms', 'without waiting for the GPU process or a core'),
        info(
          `of it JavaScript, ${short}`,
          time.script / profiled,
          'ms',
          `CPU profile, wall; most: ${top.join(', ')}`,
        ),
        info(`of it WebGL and other browser calls, ${short}`, time.native / profiled, 'ms'),
        info(
          `CPU time of the GPU process per picture, ${short}`,
          gpu,
          'ms',
          `${triangles} triangles; with software WebGL this sets the picture rate`,
        ),
        info(`garbage collection per picture, ${short}`, time.collecting / profiled, 'ms'),
      );
      await page.context().close();
    }
    return rows;
  },
};

/** CPU time of the browser's GPU process so far, ms. */
async function gpuMs({ browser }: BenchContext): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return 1000 * (processInfo.find(({ type }) => type === 'GPU')?.cpuTime ?? NaN);
}
