import { atMost, info, type Bench, type BenchRow } from './bench';
import { Realm, type AllocationSite } from './devtools';
import { COUNT_PICTURES, waitForPictures } from './pictures';

/** Growth of a heap over a minute at most, MB. */
const GROWTH_LIMIT_MB = 1;

/** How long the model runs between two looks at the heap, ms; a full run and a quick one. */
const RUN_MS = [60_000, 6000] as const;
/** How long allocations are watched, ms. */
const WATCH_MS = [15_000, 4000] as const;
/** Before all that, until caches are filled and code is compiled, ms. */
const WARM_UP_MS = [20_000, 4000] as const;

/** Allocation sites named in a note. */
const NAMED = 6;

const SIZE = { width: 160, height: 90 };

/** What stays in memory and what is thrown away while the default model runs and nobody touches anything. */
export const bench: Bench = {
  name: 'garbage',
  async run(context) {
    const quick = context.quick ? 1 : 0;
    const page = await context.openRoom('', { size: SIZE, script: COUNT_PICTURES });
    await page.waitForTimeout(WARM_UP_MS[quick]);
    const realms = await Realm.of(page);
    const heaps = (): Promise<{ used: number; buffers: number }[]> =>
      Promise.all(realms.map((realm) => realm.heap()));
    const before = await heaps();
    await page.waitForTimeout(RUN_MS[quick]);
    const after = await heaps();

    const rows: BenchRow[] = [];
    realms.forEach(({ name }, i) => {
      const growth = ((after[i]?.used ?? NaN) - (before[i]?.used ?? NaN)) / 1e6;
      const buffers = ((after[i]?.buffers ?? NaN) - (before[i]?.buffers ?? NaN)) / 1e6;
      rows.push(
        atMost(
          `JS heap growth over ${RUN_MS[quick] / 1000} s of running, ${name}`,
          growth,
          'MB',
          GROWTH_LIMIT_MB,
          `after collecting garbage; ${((after[i]?.used ?? NaN) / 1e6).toFixed(2)} MB in use`,
        ),
        info(
          `growth of its array buffers, ${name}`,
          buffers,
          'MB',
          'the tape keeps up to 48 MB of checkpoints',
        ),
      );
    });
    for (const realm of realms) {
      let pictures = 0;
      const sites = await realm.allocations(async () => {
        pictures = await waitForPictures(page, Infinity, WATCH_MS[quick]);
      });
      const bytes = sites.reduce((sum, site) => sum + site.bytes, 0);
      rows.push(
        info(`allocated per second, ${realm.name}`, bytes / WATCH_MS[quick], 'kB/s', named(sites, bytes)),
        info(`allocated per picture, ${realm.name}`, bytes / pictures, 'bytes', `${pictures} pictures`),
      );
    }
    await page.context().close();
    return rows;
  },
};

function named(sites: readonly AllocationSite[], bytes: number): string {
  return sites
    .slice(0, NAMED)
    .map((site) => `${site.where} ${Math.round((100 * site.bytes) / bytes)} %`)
    .join(', ');
}
