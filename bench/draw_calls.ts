import path from 'node:path';
import { atMost, type Bench, type BenchRow } from './bench';
import { corpusModel, loadModel } from './corpus';
import { COUNT_PICTURES, waitForPictures } from './pictures';

/** Draw calls of a picture at most, shadows off. */
const MODELS: readonly (readonly [model: string, limit: number])[] = [
  ['humanoid/humanoid.xml', 12],
  ['humanoid/22_humanoids.xml', 16],
  ['replicate/particle.xml', 12],
];

/** The options must be in what is drawn: pictures, and the longest wait for them, ms. */
const SETTLED = [5, 5000] as const;

/** Draw calls of every pass of a picture, mirrors and sky included, in the app as it opens, with its own camera. */
export const bench: Bench = {
  name: 'draw-calls',
  async run(context) {
    const page = await context.openRoom('', { size: { width: 320, height: 180 }, script: COUNT_PICTURES });
    await page.evaluate(() => window.simroom.view.set({ shadows: false }));
    const rows: BenchRow[] = [];
    for (const [name, limit] of MODELS) {
      await loadModel(page, await corpusModel(context.root, name));
      await waitForPictures(page, ...SETTLED);
      const { stats, ngeom } = await page.evaluate(async () => ({
        stats: await window.simroom.stats(),
        ngeom: window.simroom.arrays()?.ngeom ?? 0,
      }));
      rows.push(
        atMost(
          `draw calls per picture, shadows off, ${path.basename(name, '.xml')}`,
          stats.drawCalls,
          '',
          limit,
          `${ngeom} geoms, ${stats.triangles} triangles`,
        ),
      );
    }
    await page.context().close();
    return rows;
  },
};
