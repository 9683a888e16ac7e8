import type { Page } from '@playwright/test';
import { atMost, info, median, range, type Bench, type BenchContext, type BenchRow } from '../bench';
import { openHost } from './pair';

/** Joins measured; a full run and a quick one. */
const JOINS = [9, 2] as const;
/** How long the heavy model has been running before, ms. */
const RUN_BEFORE_MS = [300_000, 3000] as const;
/** Longest wait for a join, ms. */
const TIMEOUT_MS = 60_000;

/** ms. */
const HUMANOID_MS = 1000;
const HEAVY_MS = 2500;
const HEAVY = 'corpus:humanoid/22_humanoids.xml';

/** Ticks between the hashes that can be asked for. */
const HASH_TICKS = 64;

declare global {
  interface Window {
    /** ms after the start of the navigation. */
    joined?: {
      readonly shown: number;
      readonly hashed: number;
      readonly tick: number;
      readonly hash: string;
    };
  }
}

/**
 * Notes when the host's world is shown, and when the first hash of it is known that can be compared: at a tick that is
 * a multiple of 64, confirmed by the host. Goes into the page.
 */
const WATCH = `{
  const watch = () => {
    const { simroom } = window;
    if (simroom === undefined) { setTimeout(watch, 5); return; }
    let shown = NaN;
    const off = simroom.on('model', async () => {
      off();
      shown = performance.now();
      const first = Math.ceil(simroom.frame().header[0] / ${HASH_TICKS}) * ${HASH_TICKS};
      for (;;) {
        for (let tick = first; tick <= simroom.frame().header[0]; tick += ${HASH_TICKS}) {
          const hash = await simroom.hashAt(tick);
          if (hash === null) continue;
          window.joined = { shown, hashed: performance.now(), tick, hash };
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
  };
  watch();
}`;

/** From the link's opening to the host's world, and to a hash that is the host's; the app is in the cache. */
export const bench: Bench = { name: 'rooms-joining', run: joining };

async function joining(context: BenchContext): Promise<BenchRow[]> {
  const quick = context.quick ? 1 : 0;
  return [
    ...(await joins(context, 'humanoid', 'humanoid', 0, HUMANOID_MS)),
    ...(await joins(context, HEAVY, '22_humanoids after 5 minutes', RUN_BEFORE_MS[quick], HEAVY_MS)),
  ];
}

async function joins(
  context: BenchContext,
  model: string,
  name: string,
  runMs: number,
  limit: number,
): Promise<BenchRow[]> {
  const host = await openHost(context, model);
  await host.waitForTimeout(runMs);
  const { link } = await host.evaluate(() => window.simroom.room.create());
  const guest = await context.openPage({ size: { width: 160, height: 90 }, script: WATCH });
  const shown: number[] = [];
  const hashed: number[] = [];
  let wrong = 0;
  try {
    // The first fills the caches: the app's, and the compiled wasm's.
    for (let i = 0; i <= JOINS[context.quick ? 1 : 0]; i++) {
      await guest.goto('about:blank');
      await guest.goto(link, { waitUntil: 'commit' });
      await guest.waitForFunction(() => window.joined !== undefined, undefined, { timeout: TIMEOUT_MS });
      const joined = await guest.evaluate(() => window.joined);
      if (joined === undefined) throw new Error('not joined');
      if ((await hashAt(host, joined.tick)) !== joined.hash) wrong++;
      if (i > 0) {
        shown.push(joined.shown);
        hashed.push(joined.hashed);
      }
      await guest.waitForTimeout(1000);
    }
  } finally {
    await guest.context().close();
    await host.context().close();
  }
  return [
    atMost(
      `${name}: link opened to the host's world shown, median`,
      median(shown),
      'ms',
      limit,
      range(shown, 0),
    ),
    info(
      `${name}: to the first common hash`,
      median(hashed),
      'ms',
      `${range(hashed, 0)}; hashes are kept every ${HASH_TICKS} ticks; ${wrong} of them were not the host's`,
    ),
  ];
}

function hashAt(page: Page, tick: number): Promise<string | null> {
  return page.evaluate((at) => window.simroom.hashAt(at), tick);
}
