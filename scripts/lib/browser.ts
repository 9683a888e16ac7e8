import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type LaunchOptions } from '@playwright/test';

/** Where Chromium and Chrome are found, by platform, relative to the folders of `SEARCHED`. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  linux: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  darwin: [
    'Google Chrome.app/Contents/MacOS/Google Chrome',
    'Chromium.app/Contents/MacOS/Chromium',
    'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'Google\\Chrome\\Application\\chrome.exe',
    'Chromium\\Application\\chrome.exe',
    'Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

function searchedFolders(): readonly string[] {
  const { PATH = '', HOME = '', PROGRAMFILES = '', LOCALAPPDATA = '' } = process.env;
  switch (process.platform) {
    case 'darwin':
      return ['/Applications', path.join(HOME, 'Applications')];
    case 'win32':
      return [PROGRAMFILES, process.env['PROGRAMFILES(X86)'] ?? '', LOCALAPPDATA].filter(Boolean);
    default:
      return [...PATH.split(path.delimiter).filter(Boolean), '/usr/bin', '/snap/bin'];
  }
}

/**
 * The Chromium to test and measure with: `CHROMIUM_PATH`, else one that is installed, else Playwright's own, else null.
 *
 * @throws Error when `CHROMIUM_PATH` names no file
 */
export function findChromium(): string | null {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen !== undefined && chosen !== '') {
    if (existsSync(chosen)) return chosen;
    throw new Error(`CHROMIUM_PATH is "${chosen}", but there is no such file.`);
  }
  const names = NAMES[process.platform] ?? NAMES.linux ?? [];
  const installed = names.flatMap((name) => searchedFolders().map((folder) => path.join(folder, name)));
  return [...installed, chromium.executablePath()].find((file) => existsSync(file)) ?? null;
}

/** Set when Chromium's sandbox does not work here, e.g. in a container without user namespaces. */
export const NO_SANDBOX_VARIABLE = 'CHROMIUM_NO_SANDBOX';

function sandboxed(): boolean {
  const root = process.getuid?.() === 0;
  return !root && process.env[NO_SANDBOX_VARIABLE] === undefined;
}

/**
 * How Chromium is started: WebGL in software, so that pictures are the same everywhere (`CHROMIUM_GPU=1` uses the
 * machine's GPU instead), and nothing on the network but what the page does.
 */
export function launchOptions(): LaunchOptions {
  const executablePath = findChromium();
  const gpu = process.env.CHROMIUM_GPU === '1';
  return {
    ...(executablePath === null ? {} : { executablePath }),
    chromiumSandbox: sandboxed(),
    args: [
      ...(gpu ? [] : ['--use-angle=swiftshader', '--enable-unsafe-swiftshader']),
      '--ignore-gpu-blocklist',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}
