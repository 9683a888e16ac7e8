import type { Page } from '@playwright/test';
import { HASH_TICKS } from '../../src/session/world/hash_log';
import { expect } from './company';

/** What holds of worlds that are one. */

/** Confirmed hashes that are compared at most: some seconds of them. */
const MAX_HASHES = 64;

export interface Confirmed {
  readonly model: string;
  readonly tick: number;
  readonly paused: boolean;
  /** Of a paused world: its present state. */
  readonly hash: string | null;
  /** By tick, the newest ones. */
  readonly hashes: Readonly<Record<number, string>>;
}

/** What a page is sure of, from a tick on. */
export function confirmed(page: Page, since = 0): Promise<Confirmed> {
  return page.evaluate(
    async ({ from, every, most }) => {
      const { simroom } = window;
      const { tick, hash } = await simroom.state();
      const paused = simroom.frame()?.header[2] === 1;
      const hashes: Record<number, string> = {};
      const first = Math.max(from, tick - every * most);
      for (let at = every * Math.ceil(first / every); at <= tick; at += every) {
        const known = await simroom.hashAt(at);
        if (known !== null) hashes[at] = known;
      }
      return { model: simroom.model()?.name ?? '', tick, paused, hash: paused ? hash : null, hashes };
    },
    { from: since, every: HASH_TICKS, most: MAX_HASHES },
  );
}

/**
 * Waits until all pages are sure of the same tick, one later than now or that of a paused world, and expects the same
 * state there to the bit.
 *
 * @returns the common tick
 */
export async function expectSameWorld(...pages: readonly Page[]): Promise<number> {
  const [first] = pages;
  if (first === undefined) throw new Error('no pages');
  const since = await tickOf(first);
  let common = -1;
  await expect(async () => {
    const all = await Promise.all(pages.map((page) => confirmed(page, since)));
    const [one, ...others] = all;
    if (one === undefined) return;
    for (const other of others) expect(other.model).toBe(one.model);
    if (one.paused) {
      for (const { tick, hash } of others) expect([tick, hash]).toEqual([one.tick, one.hash]);
      common = one.tick;
      return;
    }
    const ticks = Object.keys(one.hashes).map(Number);
    const shared = ticks.filter((tick) => others.every(({ hashes }) => hashes[tick] !== undefined));
    expect(shared.length, 'ticks that all are sure of').toBeGreaterThan(0);
    for (const { hashes } of others) {
      expect(shared.map((tick) => hashes[tick])).toEqual(shared.map((tick) => one.hashes[tick]));
    }
    common = Math.max(...shared);
  }).toPass({ timeout: 30_000 });
  return common;
}

/** The tick that a page shows. */
export function tickOf(page: Page): Promise<number> {
  return page.evaluate(async () => (await window.simroom.state()).tick);
}

/** How often this guest's state had to be put right by the host: never, between equal browsers. */
export function repairsOf(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { network } = await window.simroom.stats();
    return network.peers.reduce((sum, { repairs }) => sum + repairs, 0);
  });
}
