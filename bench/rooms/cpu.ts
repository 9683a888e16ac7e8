import { readFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { launchOptions } from '../../scripts/lib/browser';
import { atMost, info, type Bench, type BenchContext, type BenchRow } from '../bench';
import { enter, openHost } from './pair';

/** Guests in the end; a full run and a quick one. */
const GUESTS = [5, 2] as const;
/** Measured for so long, ms. */
const MEASURE_MS = [15_000, 2000] as const;
const SETTLE_MS = 4000;

/** Per cent of a core. */
const LIMIT = 1;

/** Clock ticks a second in `/proc/PID/stat`. */
const PROC_HZ = 100;

/** What the host's browser spends on each guest more: all its processes but the one that draws. */
export const bench: Bench = { name: 'rooms-cpu', run: hostCpu };

async function hostCpu(context: BenchContext): Promise<BenchRow[]> {
  if (process.platform !== 'linux') return [info('host CPU per extra guest', NaN, '%', 'read on Linux only')];
  const quick = context.quick ? 1 : 0;
  const host = await openHost(context);
  const { link } = await host.evaluate(() => window.simroom.room.create());
  // Guests in a browser of their own: what they spend is not the host's.
  const browser = await chromium.launch(launchOptions());
  const elsewhere: BenchContext = {
    ...context,
    async openPage({ size, script } = {}) {
      const page = await browser.newPage({ viewport: { ...(size ?? { width: 160, height: 90 }) } });
      await page.addInitScript('globalThis.__name = (named) => named;');
      if (script !== undefined) await page.addInitScript(script);
      return page;
    },
  };
  const measure = async (): Promise<number> => {
    await host.waitForTimeout(SETTLE_MS);
    const before = await cpuSeconds(context);
    const begun = performance.now();
    await host.waitForTimeout(MEASURE_MS[quick]);
    return ((await cpuSeconds(context)) - before) / ((performance.now() - begun) / 1000);
  };
  try {
    const stopDrawing = (): void => {
      window.requestAnimationFrame = () => 0;
    };
    await host.evaluate(stopDrawing);
    const guests = GUESTS[quick];
    await (await enter(elsewhere, link)).evaluate(stopDrawing);
    const one = await measure();
    for (let i = 1; i < guests; i++) await (await enter(elsewhere, link)).evaluate(stopDrawing);
    const many = await measure();
    const each = (100 * (many - one)) / (guests - 1);
    return [
      atMost(
        'host CPU per extra guest, nothing touched',
        each,
        '% of a core',
        LIMIT,
        `${(100 * one).toFixed(1)} % with one guest, ${(100 * many).toFixed(1)} % with ${guests}; humanoid running, nothing drawn`,
      ),
    ];
  } finally {
    await browser.close();
    await host.context().close();
  }
}

/** CPU time of the host's browser so far without its GPU process, s. */
async function cpuSeconds({ browser }: BenchContext): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pids = processInfo.filter(({ type }) => type !== 'GPU').map(({ id }) => id);
  const times = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // The name in parentheses may hold spaces; user and system time are the 14th and 15th field.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / PROC_HZ;
    }),
  );
  return times.reduce((sum, seconds) => sum + seconds, 0);
}
