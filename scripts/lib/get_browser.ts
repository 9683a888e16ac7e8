import { spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { findChromium, launchOptions, NO_SANDBOX_VARIABLE } from './browser';
import { runNpm } from './npm.mjs';

/** A download that takes longer is stuck, e.g. behind a firewall that drops packets, ms. */
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/**
 * Makes sure that there is a Chromium that starts: an installed one, else Playwright's, else Debian's when we are
 * root there. Sets `CHROMIUM_NO_SANDBOX` for our children where only that works.
 *
 * @throws Error saying what to do when all of it fails
 */
export async function getBrowser(): Promise<void> {
  const ways: readonly (() => Promise<boolean>)[] = [
    () => Promise.resolve(findChromium() !== null),
    installPlaywrights,
    installDebians,
  ];
  let reason = 'none is installed, and none could be';
  for (const way of ways) {
    if (!(await way())) continue;
    const failure = await tryStart();
    if (failure === null) return;
    reason = failure;
  }
  throw new Error(
    `No Chromium for the browser tests: ${reason}.\n` +
      'Install Chromium or Chrome, or name one with CHROMIUM_PATH=/path/to/chromium.',
  );
}

/** Starts it once, if need be without its sandbox. Returns what is wrong, or null. */
async function tryStart(): Promise<string | null> {
  const failure = await launchOnce();
  if (failure === null || launchOptions().chromiumSandbox !== true) return failure;
  process.env[NO_SANDBOX_VARIABLE] = '1';
  if ((await launchOnce()) === null) {
    console.log("Chromium's sandbox does not work here: testing without it.");
    return null;
  }
  Reflect.deleteProperty(process.env, NO_SANDBOX_VARIABLE);
  return failure;
}

async function launchOnce(): Promise<string | null> {
  try {
    const browser = await chromium.launch(launchOptions());
    console.log(`Browser: Chromium ${browser.version()} (${findChromium() ?? "Playwright's"})`);
    await browser.close();
    return null;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return `${findChromium() ?? 'it'} does not start: ${text.split('\n').slice(0, 12).join('\n')}`;
  }
}

async function installPlaywrights(): Promise<boolean> {
  console.log("No browser that starts: downloading Playwright's Chromium...");
  const timeout = AbortSignal.timeout(INSTALL_TIMEOUT_MS);
  const code = await runNpm(['exec', '--', 'playwright', 'install', 'chromium'], { signal: timeout });
  return code === 0;
}

function installDebians(): Promise<boolean> {
  const possible = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!possible) return Promise.resolve(false);
  console.log("Installing Debian's chromium...");
  const options: SpawnSyncOptions = {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: INSTALL_TIMEOUT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  const steps = [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
  ];
  return Promise.resolve(steps.every((args) => spawnSync('apt-get', args, options).status === 0));
}
