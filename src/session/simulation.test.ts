import { beforeAll, describe, expect, it } from 'vitest';
import { type ChaosStage, chaosStage } from '../testing/chaos_models';
import { chaos } from '../testing/room_chaos';

/** As many as pass in a minute; `npm run soak` plays more. */
const SEEDS = 200;
const BATCH = 25;
/** A batch on a busy machine, ms. */
const TIMEOUT_MS = 120_000;

const only = process.env['SEED'];
const seeds = only === undefined ? Array.from({ length: SEEDS }, (_, i) => i + 1) : [Number(only)];
const batches = Array.from({ length: Math.ceil(seeds.length / BATCH) }, (_, i) =>
  seeds.slice(BATCH * i, BATCH * (i + 1)),
);

let stage: ChaosStage;

beforeAll(async () => {
  stage = await chaosStage();
});

describe('rooms in chaos', () => {
  it.each(batches.map((batch) => [batch[0], batch.at(-1), batch] as const))(
    'hold the same everywhere once it is quiet: seeds %i to %i',
    async (_first, _last, batch) => {
      for (const seed of batch) {
        const wrong = await chaos(seed, stage);
        expect(wrong, `Play it again: SEED=${seed} npx vitest run src/session/simulation.test.ts`).toEqual(
          [],
        );
      }
    },
    TIMEOUT_MS,
  );
});
