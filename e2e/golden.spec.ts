import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compileBundle } from '../src/sim/compile';
import { decodeTapeFile } from '../src/tape/file';
import { mujocoModule, simOf } from '../src/testing/mujoco';
import { ROOT } from '../scripts/lib/paths.mjs';
import { findFirefox, openFirefox, type Firefox } from './firefox';
import { expect, test } from './fixtures';

/** The same tape ends in the same bits, whoever plays it; Node's part is `src/session/golden.test.ts`. */

/** Starting Firefox on a busy machine, and the app in it, ms. */
const FIREFOX_TIMEOUT_MS = 240_000;

const FOLDER = path.join(ROOT, 'e2e/golden');
const tapes = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.tape'))
  .map((name) => {
    const bytes = readFileSync(path.join(FOLDER, name));
    const { tick, hash } = decodeTapeFile(new Uint8Array(bytes));
    return { name, base64: bytes.toString('base64'), tick, hash };
  });

/** Opens a tape in the page; the tick and hash it ends at. As text, because Firefox gets it through another driver. */
const openTape = (base64: string): string => `(async () => {
  const bytes = Uint8Array.from(atob('${base64}'), (c) => c.charCodeAt(0));
  await window.simroom.tape.open(new Blob([bytes]));
  const { tick, hash } = await window.simroom.state();
  return { tick, hash };
})()`;

/** How far the default model is stepped, in ticks. */
const TICKS = 500;

const untouched = `(async () => {
  await window.simroom.load('humanoid');
  await window.simroom.pause();
  await window.simroom.reset(0);
  await window.simroom.step(${TICKS});
  const { time, hash } = await window.simroom.state();
  return { time, hash };
})()`;

/** The same in Node, by the same code without a browser. */
async function untouchedInNode(): Promise<{ time: number; hash: string }> {
  const folder = path.join(ROOT, 'public/models/humanoid');
  const files = new Map(
    readdirSync(folder)
      .filter((name) => !name.startsWith('thumbnail'))
      .map((name) => [name, new Uint8Array(readFileSync(path.join(folder, name)))] as const),
  );
  const { mjb } = await compileBundle({ entry: 'humanoid.xml', files }, await mujocoModule(), () => {});
  const sim = await simOf(mjb);
  sim.apply({ kind: 'reset', keyframe: 0 }, 0);
  sim.step(TICKS);
  const end = { time: sim.data.time, hash: sim.hash() };
  sim.dispose();
  return end;
}

test('there are tapes to play', () => {
  expect(tapes.length).toBeGreaterThanOrEqual(4);
});

test.describe('Chromium', () => {
  for (const { name, base64, tick, hash } of tapes) {
    test(`${name} ends in the recorded bits`, async ({ room }) => {
      expect(await room.evaluate(openTape(base64))).toEqual({ tick, hash });
    });
  }

  test('the untouched humanoid is where Node has it', async ({ room }) => {
    expect(await room.evaluate(untouched)).toEqual(await untouchedInNode());
  });
});

test.describe('Firefox', () => {
  const executable = findFirefox();
  test.skip(executable === null, 'Firefox not found');
  test.describe.configure({ timeout: FIREFOX_TIMEOUT_MS });
  let firefox: Firefox | null = null;

  test.beforeAll(async ({ server }) => {
    if (executable !== null) firefox = await openFirefox(executable, server.url);
  });
  test.afterAll(async () => {
    await firefox?.close();
  });

  for (const { name, base64, tick, hash } of tapes) {
    test(`${name} ends in the recorded bits`, async () => {
      expect(await firefox?.evaluate(openTape(base64))).toEqual({ tick, hash });
    });
  }

  test('the untouched humanoid is where Node has it', async () => {
    expect(await firefox?.evaluate(untouched)).toEqual(await untouchedInNode());
  });
});
