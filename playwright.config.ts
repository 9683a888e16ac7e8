import { defineConfig } from '@playwright/test';
import { launchOptions } from './scripts/lib/browser.ts';

/** A test that takes longer hangs, ms: models compile and WebGL draws in software here. */
const TEST_TIMEOUT_MS = 180_000;
const EXPECT_TIMEOUT_MS = 30_000;

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/setup.ts',
  outputDir: 'test-results',
  timeout: TEST_TIMEOUT_MS,
  expect: { timeout: EXPECT_TIMEOUT_MS },
  // Rooms need the whole machine: two at once would disturb each other's clocks.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env.CI !== undefined,
  reporter: 'list',
  use: {
    // Software WebGL is fill-bound: a small window is several times as fast.
    viewport: { width: 640, height: 360 },
    // Its screenshots and snapshots would take as long as the tests: every picture is drawn in software.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
    launchOptions: launchOptions(),
  },
  projects: [{ name: 'chromium' }],
});
