import { readFileSync } from 'node:fs';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts of vitest's JSON report; a file that could not even be loaded counts as one failure. */
export function vitestCounts(file: string): Counts {
  const report = readJson(file);
  const results = array(report, 'testResults');
  const broken = results.filter(
    (result) => Reflect.get(result, 'status') === 'failed' && array(result, 'assertionResults').length === 0,
  );
  return {
    passed: number(report, 'numPassedTests'),
    failed: number(report, 'numFailedTests') + broken.length,
    skipped: number(report, 'numPendingTests') + number(report, 'numTodoTests'),
  };
}

/** Counts of Playwright's JSON report; errors outside tests (a broken file, a failed setup) count as failures. */
export function playwrightCounts(file: string): Counts {
  const report = readJson(file);
  const stats: unknown = Reflect.get(report, 'stats');
  if (!isObject(stats)) throw new Error(`${file} has no "stats"`);
  return {
    passed: number(stats, 'expected') + number(stats, 'flaky'),
    failed: number(stats, 'unexpected') + array(report, 'errors').length,
    skipped: number(stats, 'skipped'),
  };
}

function readJson(file: string): object {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isObject(parsed)) throw new Error(`${file} is not a report`);
  return parsed;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function number(from: object, name: string): number {
  const value: unknown = Reflect.get(from, name);
  if (typeof value !== 'number') throw new Error(`the report has no number "${name}"`);
  return value;
}

function array(from: object, name: string): readonly object[] {
  const value: unknown = Reflect.get(from, name);
  return Array.isArray(value) ? value.filter(isObject) : [];
}
