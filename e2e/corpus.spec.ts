import { existsSync } from 'node:fs';
import path from 'node:path';
import { startServer, type Server } from '../signaling/server';
import { ROOT } from '../scripts/lib/paths.mjs';
import { expect, FULL, PLAIN, test } from './fixtures';
import { loadFailure, picture } from './room';

/** Models nobody here wrote: each loads over HTTP, runs and is drawn. */

const CORPUS = path.resolve(ROOT, '../shared/corpus');

const MODELS = [
  'adhesion/active_adhesion.xml',
  'adhesion/fridge_door.xml',
  'adhesion/sand_castle.xml',
  'agility_cassie/scene.xml',
  'balloons/balloons.xml',
  'car/car.xml',
  'cards/cards.xml',
  'cube/cube_3x3x3.xml',
  'flex/flag.xml',
  'flex/floppy.xml',
  'flex/softbox.xml',
  'flex/trampoline.xml',
  'hammock/hammock.xml',
  'humanoid/humanoid.xml',
  'humanoid/22_humanoids.xml',
  'humanoid/humanoid100.xml',
  'humanoid/100_humanoids.xml',
  'replicate/helix.xml',
  'replicate/newton_cradle.xml',
  'replicate/particle.xml',
  'replicate/stonehenge.xml',
  'sleep/100_humanoids.xml',
  'sleep/dominos.xml',
  'slider_crank/slider_crank.xml',
  'tendon_arm/arm26.xml',
];

const TICKS = 20;

/** The window meanwhile: what is looked at are screenshots. */
const UNSEEN = { ...PLAIN, maxPixelRatio: 0.1 } as const;

/** The largest compile and step slowly on a busy machine, ms. */
const MODEL_TIMEOUT_MS = 120_000;

test.describe('corpus', () => {
  test.skip(!existsSync(CORPUS), 'corpus not found');
  test.describe.configure({ timeout: MODEL_TIMEOUT_MS });
  let host: Server | null = null;
  test.beforeAll(async () => {
    host = await startServer({ folder: CORPUS, port: 0, host: '127.0.0.1' });
  });
  test.afterEach(({ room }) => room.evaluate((look) => window.simroom.view.set(look), PLAIN));
  test.afterAll(async () => {
    await host?.close();
  });

  for (const model of MODELS) {
    test(`${model} loads, runs and is drawn`, async ({ room }) => {
      const ran = await room.evaluate(
        async ([url, ticks, unseen]) => {
          const { simroom } = window;
          simroom.view.set(unseen);
          await simroom.load(url);
          await simroom.pause();
          const { tick } = await simroom.state();
          await simroom.step(ticks);
          const after = await simroom.state();
          return { ticks: after.tick - tick, finite: after.qpos.every((x) => Number.isFinite(x)) };
        },
        [`${host?.url ?? ''}${model}`, TICKS, UNSEEN] as const,
      );
      expect(ran).toEqual({ ticks: TICKS, finite: true });
      expect((await picture(room, 160, 100, FULL)).colours).toBeGreaterThan(10);
    });
  }

  test("flex/poncho.xml is refused in the engine's own words", async ({ room }) => {
    const failure = await loadFailure(room, `${host?.url ?? ''}flex/poncho.xml`);
    expect(failure?.code).toBe('model-rejected');
    expect(failure?.message).toMatch(/flex/i);
    await expect(room.getByRole('alert')).toContainText(failure?.message.slice(0, 40) ?? '-');
  });
});
