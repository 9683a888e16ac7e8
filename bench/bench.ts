import type { Browser, Page } from '@playwright/test';

/** One figure: what was measured, and what it should be. */
export interface BenchRow {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What it should be, e.g. `<= 6`; empty where a figure is only for information. */
  readonly target: string;
  /** Whether it is; null without a target. */
  readonly ok: boolean | null;
}

/** What a bench is given: the built app behind the real server, and a browser. */
export interface BenchContext {
  /** Where the app is served, ending with a slash. */
  readonly url: string;
  /** The repository's root. */
  readonly root: string;
  readonly browser: Browser;
  /** Opens the app in a fresh context with an empty cache and waits until the first model runs. */
  openRoom(query?: string, size?: { readonly width: number; readonly height: number }): Promise<Page>;
}

/** A group of figures; ratios within it are taken in one run, in the same browser. */
export interface Bench {
  readonly name: string;
  run(context: BenchContext): Promise<readonly BenchRow[]>;
}

/** A figure that should be small. */
export function atMost(what: string, value: number, unit: string, limit: number): BenchRow {
  return { what, value, unit, target: `<= ${String(limit)}`, ok: value <= limit };
}

/** A figure that should be large. */
export function atLeast(what: string, value: number, unit: string, limit: number): BenchRow {
  return { what, value, unit, target: `>= ${String(limit)}`, ok: value >= limit };
}

/** A figure without a target. */
export function info(what: string, value: number, unit: string): BenchRow {
  return { what, value, unit, target: '', ok: null };
}
