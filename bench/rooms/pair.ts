import type { Page } from '@playwright/test';
import type { BenchContext } from '../bench';
import { corpusModel, loadModel } from '../corpus';
import { FEW_TRIANGLES } from '../pictures';

/** Small: two pages draw in software at once. Wide enough for the mouse to reach the view. */
const SIZE = { width: 320, height: 240 };
/** With next to nothing lying over the view. */
const BARE = '?embed';

/** Longest wait for a guest to be in, ms: models compile on both sides. */
const JOIN_TIMEOUT_MS = 120_000;

/** A host and a guest in one room, both real pages. */
export interface Pair {
  readonly host: Page;
  readonly guest: Page;
  readonly link: string;
  close(): Promise<void>;
}

/**
 * Opens a room with a model and lets a guest in.
 *
 * @param model `corpus:path`, or what `simroom.load` takes; the default model when absent
 */
export async function openPair(context: BenchContext, model?: string): Promise<Pair> {
  const host = await openHost(context, model);
  const { link } = await host.evaluate(() => window.simroom.room.create());
  const guest = await enter(context, link);
  return {
    host,
    guest,
    link,
    async close() {
      await guest.context().close();
      await host.context().close();
    },
  };
}

/** A page with a running model, drawn cheaply. */
export async function openHost(context: BenchContext, model?: string): Promise<Page> {
  const host = await context.openRoom(BARE, { size: SIZE, script: FEW_TRIANGLES });
  if (model?.startsWith('corpus:') === true) {
    await loadModel(host, await corpusModel(context.root, model.slice('corpus:'.length)));
  } else if (model !== undefined) await host.evaluate((source) => window.simroom.load(source), model);
  await drawCheaply(host);
  return host;
}

/** Opens a room's link in a context of its own and waits until the guest shows the host's world. */
export async function enter(context: BenchContext, link: string): Promise<Page> {
  const guest = await context.openPage({ size: SIZE, script: FEW_TRIANGLES });
  await guest.goto(link, { waitUntil: 'commit' });
  await isIn(guest);
  await drawCheaply(guest);
  return guest;
}

/** Resolves when a page that follows a link shows the host's world. */
export async function isIn(guest: Page): Promise<void> {
  await guest.waitForFunction(
    () => (window.simroom?.room.info() ?? null) !== null && window.simroom.model() !== null,
    undefined,
    { timeout: JOIN_TIMEOUT_MS, polling: 20 },
  );
}

async function drawCheaply(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.fewTriangles = true;
  });
}
