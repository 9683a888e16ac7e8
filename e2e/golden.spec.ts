import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../scripts/lib/paths.mjs';
import type { Bundle } from '../src/model/bundle';
import { packBundle } from '../src/model/pack';
import { compileBundle } from '../src/sim/compile';
import { decodeTapeFile } from '../src/tape/file';
import { mujocoModule, simOf } from '../src/testing/mujoco';
import { findFirefox, openFirefox, type Firefox } from './firefox';
import { expect, test } from './fixtures';

/** The same tape ends in the same bits, whoever plays it; Node's part is `src/session/golden.test.ts`. */

const FOLDER = path.join(ROOT, 'e2e/golden');
const tapes = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.tape'))
  .map((name) => {
    const bytes = readFileSync(path.join(FOLDER, name));
    const { tick, hash } = decodeTapeFile(new Uint8Array(bytes));
    return { name, base64: bytes.toString('base64'), tick, hash };
  });

/** How far the model that nobody touches is stepped. */
const TICKS = 1000;

/** The default model. */
function humanoid(): Bundle {
  const folder = path.join(ROOT, 'public/models/humanoid');
  const names = readdirSync(folder).filter((name) => !name.startsWith('thumbnail'));
  return {
    entry: 'humanoid.xml',
    files: new Map(names.map((name) => [name, new Uint8Array(readFileSync(path.join(folder, name)))])),
  };
}

async function untouchedInNode(): Promise<{ tick: number; hash: string }> {
  const { mjb } = await compileBundle(humanoid(), await mujocoModule(), () => {});
  const sim = await simOf(mjb);
  sim.step(TICKS);
  const end = { tick: sim.tick, hash: sim.hash() };
  sim.dispose();
  return end;
}

test('there are tapes to play', () => {
  expect(tapes.length).toBeGreaterThanOrEqual(4);
});

test.describe('Chromium', () => {
  for (const { name, base64, tick, hash } of tapes) {
    test(`${name} ends in the recorded bits`, async ({ room }) => {
      const end = await room.evaluate(async (text) => {
        const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        await window.simroom.tape.open(new Blob([bytes]));
        const { tick: at, hash: found } = await window.simroom.state();
        return { tick: at, hash: found };
      }, base64);
      expect(end).toEqual({ tick, hash });
    });
  }

  test('the humanoid that nobody touches is where Node has it', async ({ room }) => {
    const { tick, hash } = await untouchedInNode();
    const end = await room.evaluate(async (ticks) => {
      const { simroom } = window;
      await simroom.load('humanoid');
      await simroom.pause();
      const { tick: ahead } = await simroom.state();
      await simroom.step(ticks - ahead);
      const { tick: at, hash: found } = await simroom.state();
      return { tick: at, hash: found };
    }, TICKS);
    expect(end).toEqual({ tick, hash });
  });
});

test.describe('Firefox', () => {
  const executable = findFirefox();
  test.skip(executable === null, 'Firefox not found');
  let firefox: Firefox | null = null;

  test.beforeAll(async () => {
    if (executable !== null) firefox = await openFirefox(executable);
  });
  test.afterAll(async () => {
    await firefox?.close();
  });

  for (const { name, base64, tick, hash } of tapes) {
    test(`${name} ends in the recorded bits`, async () => {
      expect(await firefox?.evaluate(`engine.tape('${base64}')`)).toEqual({ tick, hash });
    });
  }

  test('the humanoid that nobody touches is where Node has it', async () => {
    const packed = Buffer.from(packBundle(humanoid())).toString('base64');
    expect(await firefox?.evaluate(`engine.untouched('${packed}', ${TICKS})`)).toEqual(
      await untouchedInNode(),
    );
  });
});
