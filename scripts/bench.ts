import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import type { Bench, BenchContext, BenchRow, RoomOptions } from '../bench/bench';
import { startServer } from '../signaling/server';
import { launchOptions } from './lib/browser';
import { buildIfStale } from './lib/build';
import { getBrowser } from './lib/get_browser';
import { DIST, ROOT } from './lib/paths.mjs';

/** Every bench there is, in the order they run. */
const BENCHES: readonly { readonly name: string; readonly load: () => Promise<{ readonly bench: Bench }> }[] =
  [
    { name: 'wire', load: () => import('../bench/wire') },
    { name: 'first-picture', load: () => import('../bench/first_picture') },
    { name: 'steps', load: () => import('../bench/steps') },
    { name: 'frame-time', load: () => import('../bench/frame_time') },
    { name: 'draw-calls', load: () => import('../bench/draw_calls') },
    { name: 'reference', load: () => import('../bench/reference/index') },
    { name: 'garbage', load: () => import('../bench/garbage') },
    { name: 'memory', load: () => import('../bench/memory') },
    { name: 'rooms-latency', load: () => import('../bench/rooms/latency') },
    { name: 'rooms-traffic', load: () => import('../bench/rooms/traffic') },
    { name: 'rooms-cpu', load: () => import('../bench/rooms/cpu') },
    { name: 'rooms-joining', load: () => import('../bench/rooms/joining') },
    { name: 'rooms-faces', load: () => import('../bench/rooms/faces') },
    { name: 'faces', load: () => import('../bench/faces') },
    { name: 'webcam', load: () => import('../bench/webcam/index') },
  ];

const RESULTS = path.join(ROOT, '.cache', 'bench.json');

/** Software WebGL is fill-bound. */
const DEFAULT_SIZE = { width: 640, height: 360 };

/** Runs everything for a short time only, to see that it works. */
const QUICK = '--quick';

/**
 * The build names functions so that stacks stay readable; a function sent into a page needs what it does that with.
 */
const NAMING = 'globalThis.__name = (named) => named;';

/**
 * Runs the benches named, or all, prints one table and writes `.cache/bench.json`.
 *
 * @param args names of benches, and `--quick`
 * @returns false when a bench could not be run; a missed target is a result, not a failure
 */
export async function bench(args: readonly string[]): Promise<boolean> {
  const quick = args.includes(QUICK);
  const names = args.filter((arg) => arg !== QUICK);
  const unknown = names.find((name) => !BENCHES.some((entry) => entry.name === name));
  if (unknown !== undefined) {
    throw new Error(`No bench is called "${unknown}". There are: ${BENCHES.map((b) => b.name).join(', ')}.`);
  }
  await buildIfStale();
  await getBrowser();
  const rows: (BenchRow & { readonly bench: string })[] = [];
  const errors: string[] = [];
  const server = await startServer({ folder: DIST, port: 0, host: '127.0.0.1' });
  try {
    for (const { name, load } of BENCHES) {
      if (names.length > 0 && !names.includes(name)) continue;
      console.log(`\n=== ${name}`);
      // A browser each: none starts with the heap, the caches or the warm code of another.
      const browser = await chromium.launch(launchOptions());
      try {
        const { bench: found } = await load();
        for (const row of await found.run(contextFor(server.url, browser, quick)))
          rows.push({ bench: name, ...row });
      } catch (error) {
        errors.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      } finally {
        await browser.close();
      }
    }
  } finally {
    await server.close();
  }
  await mkdir(path.dirname(RESULTS), { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify({ machine: machine(), quick, rows, errors }, null, 2)}\n`);
  print(rows);
  for (const error of errors) console.error(`\ncould not run ${error}`);
  return errors.length === 0;
}

function contextFor(url: string, browser: Browser, quick: boolean): BenchContext {
  const openPage = async ({ size = DEFAULT_SIZE, script }: RoomOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ viewport: { ...size } });
    await context.addInitScript(NAMING);
    if (script !== undefined) await context.addInitScript(script);
    return await context.newPage();
  };
  return {
    url,
    root: ROOT,
    browser,
    quick,
    openPage,
    async openRoom(query = '', options = {}) {
      const page = await openPage(options);
      await page.goto(`${url}${query}`);
      await page.evaluate(() => window.simroom.ready);
      return page;
    },
  };
}

function machine(): Readonly<Record<string, string | number>> {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString(),
    cpu: cpus[0]?.model ?? 'unknown',
    cores: cpus.length,
    memoryGB: Math.round(os.totalmem() / 1e9),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
  };
}

function print(rows: readonly (BenchRow & { readonly bench: string })[]): void {
  const header = ['bench', 'what', 'value', 'unit', 'target', 'ok'];
  const lines = rows.map((row) => [
    row.bench,
    row.what,
    formatted(row.value),
    row.unit,
    row.target,
    row.ok === null ? '' : row.ok ? 'yes' : 'NO',
  ]);
  const widths = header.map((title, i) =>
    Math.max(title.length, ...lines.map((cells) => cells[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (header[i] === 'value' ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  console.log(`\n${line(header)}\n${line(widths.map((width) => '-'.repeat(width)))}`);
  lines.forEach((cells, i) => {
    console.log(line(cells));
    const note = rows[i]?.note ?? '';
    if (note !== '') console.log(`    ${note}`);
  });
  const judged = rows.filter(({ ok }) => ok !== null);
  const met = judged.filter(({ ok }) => ok).length;
  console.log(`\n${met} of ${judged.length} targets met. Written to ${path.relative(ROOT, RESULTS)}`);
}

/** Four significant digits, without exponents. */
function formatted(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const digits = value === 0 ? 0 : Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 6));
}
