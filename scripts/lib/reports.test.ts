import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { playwrightCounts, vitestCounts } from './reports';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'simroom-reports-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function report(content: unknown): Promise<string> {
  const file = path.join(folder, 'report.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

test('a unit test file that cannot be loaded counts as a failure', async () => {
  const file = await report({
    numPassedTests: 7,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 0,
    testResults: [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [] },
    ],
  });
  expect(vitestCounts(file)).toEqual({ passed: 7, failed: 2, skipped: 2 });
});

test('errors outside browser tests count as failures, and a test that passed at the second try as passed', async () => {
  const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 3 };
  const file = await report({ stats, errors: [{ message: 'no such fixture' }] });
  expect(playwrightCounts(file)).toEqual({ passed: 5, failed: 2, skipped: 3 });
});

test('a broken report is an error, not zero failures', async () => {
  const truncated = await report('{"stats":');
  expect(() => playwrightCounts(truncated)).toThrow('JSON');
  const empty = await report({});
  expect(() => vitestCounts(empty)).toThrow('numPassedTests');
  expect(() => playwrightCounts(empty)).toThrow('stats');
});
