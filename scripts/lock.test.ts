import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './lib/paths.mjs';

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

async function packages(): Promise<Readonly<Record<string, Entry>>> {
  const lock: unknown = JSON.parse(await readFile(path.join(ROOT, 'package-lock.json'), 'utf8'));
  return (lock as { packages: Record<string, Entry> }).packages;
}

/** Whether a package in `folder` finds `name`, looking upwards as Node does. */
function isListed(all: Readonly<Record<string, Entry>>, folder: string, name: string): boolean {
  for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (all[`${at}/node_modules/${name}`.replace(/^\//, '')] !== undefined) return true;
    if (at === '') return false;
  }
}

test('the lock file has the binaries of every platform, or "npm ci" would fail on all of them', async () => {
  const all = await packages();
  const missing = Object.entries(all).flatMap(([folder, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isListed(all, folder, name)),
  );
  expect(missing).toEqual([]);
});

test('the lock file names packages, not the host they came from', async () => {
  const hosts = Object.entries(await packages()).filter(([, { resolved }]) => resolved !== undefined);
  expect(hosts).toEqual([]);
});
