import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { createServer, type Plugin, type ViteDevServer } from 'vite';
import { atMost, info, type Bench, type BenchRow } from '../bench';

/** A native picture and how it was taken. */
export interface ReferenceCase {
  /** Path in the corpus. */
  readonly model: string;
  /** File name of the picture. */
  readonly picture: string;
  readonly camera: {
    readonly lookat: readonly [number, number, number];
    readonly distance: number;
    readonly azimuth: number;
    readonly elevation: number;
  };
  readonly width: number;
  readonly height: number;
}

export interface Comparison {
  /** Mean absolute difference per channel, 0..255. */
  readonly difference: number;
  /** Native, ours and the difference beside each other: a PNG in base64. */
  readonly picture: string;
}

export interface Drawn {
  readonly drawCalls: number;
  readonly triangles: number;
}

export interface ReferenceOptions {
  readonly root: string;
  readonly browser: Browser;
  /** Folder for side-by-side pictures; none are written without it. */
  readonly pictures?: string | undefined;
  /** Only models whose path contains this. */
  readonly only?: string | undefined;
}

/** Size of the native pictures. */
const WIDTH = 480;
const HEIGHT = 360;

/** Highest draw calls per picture with shadows off, every pass counted. */
const DRAW_CALLS: readonly (readonly [string, number])[] = [
  ['humanoid/humanoid.xml', 12],
  ['humanoid/22_humanoids.xml', 16],
  ['replicate/particle.xml', 12],
];

const AVERAGE_LIMIT = 6;
const WORST_LIMIT = 14;

const ROW =
  /^\| (?<model>\S+\.xml) \| (?<picture>\S+\.png) \| lookat (?<x>\S+) (?<y>\S+) (?<z>\S+) dist (?<distance>\S+) az (?<azimuth>\S+) el (?<elevation>\S+) /;

/** How far our pictures are from native ones, model by model. Rejects where the reference pictures are absent. */
export async function referenceDifference(
  options: ReferenceOptions,
): Promise<{ readonly model: string; readonly difference: number }[]> {
  const { pictures, only = '' } = options;
  const cases = (await referenceCases(options.root)).filter(({ model }) => model.includes(only));
  if (pictures !== undefined) await mkdir(pictures, { recursive: true });
  return await withPage(options, async (page, filesOf) => {
    const results: { model: string; difference: number }[] = [];
    for (const reference of cases) {
      const files = filesOf(reference.model);
      const { difference, picture } = await page.evaluate(
        ([one, list]) => window.reference.compare(one, list),
        [reference, files] as const,
      );
      if (pictures !== undefined)
        await writeFile(path.join(pictures, reference.picture), Buffer.from(picture, 'base64'));
      results.push({ model: reference.model, difference });
    }
    return results;
  });
}

/** Draw calls and triangles of a picture with shadows off. */
export async function drawn(options: ReferenceOptions, model: string): Promise<Drawn> {
  const reference: ReferenceCase = {
    model,
    picture: '',
    camera: { lookat: [0, 0, 0.5], distance: 8, azimuth: 90, elevation: -30 },
    width: WIDTH,
    height: HEIGHT,
  };
  return await withPage(options, async (page, filesOf) =>
    page.evaluate(([one, list]) => window.reference.count(one, list), [reference, filesOf(model)] as const),
  );
}

export const bench: Bench = {
  name: 'reference',
  async run({ root, browser }): Promise<readonly BenchRow[]> {
    const results = await referenceDifference({ root, browser });
    const differences = results.map(({ difference }) => difference);
    const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
    const rows: BenchRow[] = [];
    for (const { model, difference } of results) rows.push(info(`difference ${model}`, difference, 'of 255'));
    rows.push(atMost('difference, average', mean, 'of 255', AVERAGE_LIMIT));
    rows.push(atMost('difference, worst', Math.max(...differences), 'of 255', WORST_LIMIT));
    for (const [model, limit] of DRAW_CALLS) {
      const { drawCalls } = await drawn({ root, browser }, model);
      rows.push(atMost(`draw calls ${model}, shadows off`, drawCalls, 'calls', limit));
    }
    return rows;
  },
};

/** Relative to the repository's root. */
const PAGE = 'bench/reference/page.html';

const shared = (root: string, folder: string): string => path.resolve(root, '../shared', folder);

async function referenceCases(root: string): Promise<ReferenceCase[]> {
  const list = path.join(shared(root, 'reference'), 'README.md');
  if (!existsSync(list)) throw new Error(`There are no reference pictures: ${list} is missing.`);
  const cases: ReferenceCase[] = [];
  for (const line of (await readFile(list, 'utf8')).split('\n')) {
    const found = ROW.exec(line)?.groups;
    if (found === undefined) continue;
    const { model = '', picture = '', x, y, z, distance, azimuth, elevation } = found;
    cases.push({
      model,
      picture,
      camera: {
        lookat: [Number(x), Number(y), Number(z)],
        distance: Number(distance),
        azimuth: Number(azimuth),
        elevation: Number(elevation),
      },
      width: WIDTH,
      height: HEIGHT,
    });
  }
  return cases;
}

/** Runs something in a page that can draw corpus models; `filesOf` lists a model's folder. */
async function withPage<T>(
  { root, browser }: ReferenceOptions,
  run: (page: Page, filesOf: (model: string) => string[]) => Promise<T>,
): Promise<T> {
  const server = await serve(root);
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
  try {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') console.error(message.text());
    });
    await page.goto(`${server.resolvedUrls?.local[0] ?? ''}${PAGE}`);
    await page.waitForFunction(() => 'reference' in window);
    const files = await corpusFiles(shared(root, 'corpus'));
    return await run(page, (model) => {
      const folder = model.slice(0, model.indexOf('/') + 1);
      // Models include each other across folders.
      return files.filter((file) => file.startsWith(folder) || file.endsWith('.xml'));
    });
  } finally {
    await page.close();
    await server.close();
  }
}

/** Every file of the corpus, relative to it. */
async function corpusFiles(corpus: string): Promise<string[]> {
  const entries = await readdir(corpus, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(corpus, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

/** The sources as they are, with the corpus and the reference pictures beside them. */
async function serve(root: string): Promise<ViteDevServer> {
  const folders: Plugin = {
    name: 'shared-folders',
    configureServer(server) {
      for (const folder of ['corpus', 'reference']) {
        server.middlewares.use(`/${folder}`, (request, response, next) => {
          const file = path.join(shared(root, folder), decodeURIComponent(request.url ?? ''));
          readFile(file).then(
            (bytes) => response.end(bytes),
            () => next(),
          );
        });
      }
    },
  };
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [folders],
    optimizeDeps: { entries: [PAGE], exclude: ['@mujoco/mujoco'] },
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    cacheDir: path.join(root, '.cache', 'vite-bench'),
  });
  await server.listen();
  return server;
}
