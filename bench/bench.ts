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
  /** How it was measured, or what explains it. */
  readonly note?: string;
}

export interface RoomOptions {
  /** CSS pixels. */
  readonly size?: { readonly width: number; readonly height: number };
  /** JavaScript to run before the page's own. */
  readonly script?: string;
}

/** What a bench is given: the built app behind the real server, and a browser. */
export interface BenchContext {
  /** Where the app is served, ending with a slash. */
  readonly url: string;
  /** The repository's root. */
  readonly root: string;
  readonly browser: Browser;
  /** Short runs, to see whether everything works: their figures mean little. */
  readonly quick: boolean;
  /** Opens a blank page in a fresh context with an empty cache. */
  openPage(options?: RoomOptions): Promise<Page>;
  /** Opens the app in a fresh context with an empty cache and waits until the first model is drawn. */
  openRoom(query?: string, options?: RoomOptions): Promise<Page>;
}

/** A group of figures; ratios within it are taken in one run, in the same browser. */
export interface Bench {
  readonly name: string;
  run(context: BenchContext): Promise<readonly BenchRow[]>;
}

/** A figure that should be small. */
export function atMost(what: string, value: number, unit: string, limit: number, note = ''): BenchRow {
  return { what, value, unit, target: `<= ${String(limit)}`, ok: value <= limit, note };
}

/** A figure that should be large. */
export function atLeast(what: string, value: number, unit: string, limit: number, note = ''): BenchRow {
  return { what, value, unit, target: `>= ${String(limit)}`, ok: value >= limit, note };
}

/** A figure without a target. */
export function info(what: string, value: number, unit: string, note = ''): BenchRow {
  return { what, value, unit, target: '', ok: null, note };
}

/** The middle of some figures; the mean of the middle two of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

/** The figure that so many percent are below. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))] ?? NaN;
}

/** The smallest and the largest of some figures, for a note. */
export function range(values: readonly number[], digits = 2): string {
  return `${Math.min(...values).toFixed(digits)}..${Math.max(...values).toFixed(digits)}`;
}
