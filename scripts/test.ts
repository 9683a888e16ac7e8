import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { getBrowser } from './lib/get_browser';
import { runNpm } from './lib/npm.mjs';
import { ROOT } from './lib/paths.mjs';
import { playwrightCounts, vitestCounts, type Counts } from './lib/reports';

const REPORTS = path.join(ROOT, '.cache', 'reports');
const UNIT_REPORT = path.join(REPORTS, 'unit.json');
const E2E_REPORT = path.join(REPORTS, 'e2e.json');

interface Stage {
  readonly name: string;
  /** The npm script it runs. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  /** Counts the single tests of a report; a stage without counts as one. */
  readonly counts?: () => Counts;
  /** Stages without which it makes no sense. */
  readonly needs?: readonly string[];
}

const STAGES: readonly Stage[] = [
  { name: 'format', script: 'check:format' },
  { name: 'lint', script: 'check:lint' },
  { name: 'types', script: 'check:types' },
  { name: 'unused', script: 'check:unused' },
  {
    name: 'unit',
    script: 'unit',
    args: ['--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`],
    counts: () => vitestCounts(UNIT_REPORT),
  },
  { name: 'build', script: 'build', args: ['--logLevel', 'warn'] },
  { name: 'size', script: 'check:size', needs: ['build'] },
  {
    name: 'browser',
    script: 'e2e',
    args: ['--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: E2E_REPORT },
    counts: () => playwrightCounts(E2E_REPORT),
    needs: ['build', 'chromium'],
  },
];

interface Result extends Counts {
  readonly name: string;
  readonly seconds: number;
  /** Why it did not run. */
  readonly note?: string;
}

/** Runs every stage, also after a failed one, and prints the totals. Returns whether all of it passed. */
export async function test(): Promise<boolean> {
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS, { recursive: true });
  const results: Result[] = [];
  const failed = new Set<string>();

  try {
    await getBrowser();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    failed.add('chromium');
  }
  for (const stage of STAGES) {
    const result = await runStage(stage, failed);
    if (result.failed > 0) failed.add(stage.name);
    results.push(result);
  }
  return summarize(results);
}

async function runStage(stage: Stage, failed: ReadonlySet<string>): Promise<Result> {
  const { name, script, args = [], env = {}, needs = [] } = stage;
  const missing = needs.find((need) => failed.has(need));
  if (missing !== undefined) {
    return { name, seconds: 0, passed: 0, failed: 1, skipped: 0, note: `not run: no ${missing}` };
  }
  console.log(`\n=== ${name}`);
  const started = performance.now();
  const code = await runNpm(['run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : [])], {
    env,
  });
  const seconds = (performance.now() - started) / 1000;
  return { name, seconds, ...count(stage, code) };
}

/** A stage that ends badly has at least one failure, whatever its report says or lacks. */
function count({ counts }: Stage, code: number): Counts {
  if (counts === undefined) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  let counted: Counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counted = counts();
  } catch (error) {
    console.error(`Its report cannot be read: ${String(error)}`);
    return { ...counted, failed: 1 };
  }
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

function summarize(results: readonly Result[]): boolean {
  console.log('\n=== summary');
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, seconds, passed, failed, skipped, note } of results) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    const numbers = `${String(passed)} passed, ${String(failed)} failed${skipped > 0 ? `, ${String(skipped)} skipped` : ''}`;
    const time = note ?? `${seconds.toFixed(1)} s`;
    console.log(`${failed > 0 ? 'FAIL' : 'ok  '}  ${name.padEnd(8)}  ${numbers.padEnd(34)}  ${time}`);
  }
  const skips = total.skipped > 0 ? `, ${String(total.skipped)} skipped` : '';
  console.log(`\n${String(total.passed)} passed, ${String(total.failed)} failed${skips}`);
  return total.failed === 0;
}
