import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { atMost, info, type Bench, type BenchContext, type BenchRow } from './bench';
import { Realm } from './devtools';

/** How much more memory may be in use at the end, as a part of what was in use before. */
const LIMIT = 0.1;

/** Models loaded in between; a full run and a quick one. */
const LOADS = [20, 3] as const;

/** A model runs so long before the next comes, ms. */
const RUN_MS = [1500, 300] as const;

/** After the last load, until what was let go of has been given back, ms. */
const SETTLE_MS = [5000, 1000] as const;

const MODEL = 'humanoid';

/** Kinds of memory, bytes. */
type Memory = Readonly<
  Record<'page heap' | 'engine heap' | 'engine wasm' | 'renderer processes' | 'GPU process', number>
>;

/** Loads one model, twenty others after each other, and the first again: is the memory what it was? */
export const bench: Bench = {
  name: 'memory',
  async run(context) {
    const quick = context.quick ? 1 : 0;
    const page = await context.openRoom('', { size: { width: 160, height: 90 } });
    const ids = await page.evaluate(async () => (await window.simroom.catalogue()).map(({ id }) => id));
    const others = ids.filter((id) => id !== MODEL);
    const load = async (id: string, runMs: number): Promise<void> => {
      await page.evaluate((source) => window.simroom.load(source), id);
      await page.waitForTimeout(runMs);
    };
    await load(MODEL, SETTLE_MS[quick]);
    const before = await memory(context, page);
    for (let i = 0; i < LOADS[quick]; i++) await load(others[i % others.length] ?? MODEL, RUN_MS[quick]);
    await load(MODEL, SETTLE_MS[quick]);
    const after = await memory(context, page);
    await page.context().close();

    const what = `memory after loading and closing ${LOADS[quick]} models / before`;
    const rows: BenchRow[] = [];
    for (const kind of Object.keys(before) as (keyof Memory)[]) {
      const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
      const ratio = after[kind] / before[kind];
      const note = `${mb(before[kind])} -> ${mb(after[kind])} MB`;
      if (Number.isNaN(ratio))
        rows.push(info(`${what}: ${kind}`, ratio, '', 'processes are read on Linux only'));
      else rows.push(atMost(`${what}: ${kind}`, ratio, '', 1 + LIMIT, note));
    }
    return rows;
  },
};

async function memory({ browser }: BenchContext, page: Page): Promise<Memory> {
  let pageHeap = 0;
  let engineHeap = 0;
  for (const realm of await Realm.of(page)) {
    const { used, buffers } = await realm.heap();
    if (realm.name === 'page') pageHeap += used + buffers;
    else engineHeap += used + buffers;
  }
  const { wasmBytes } = await page.evaluate(() => window.simroom.stats());
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const processes = async (type: string): Promise<number> => {
    const sizes = processInfo.filter((process) => process.type === type).map(({ id }) => residentBytes(id));
    return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
  };
  return {
    'page heap': pageHeap,
    'engine heap': engineHeap,
    'engine wasm': wasmBytes,
    'renderer processes': await processes('renderer'),
    'GPU process': await processes('GPU'),
  };
}

/** Memory of a process that is its own or its fair share of what several use; NaN where that cannot be read. */
async function residentBytes(pid: number): Promise<number> {
  if (process.platform !== 'linux') return NaN;
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? NaN);
}
