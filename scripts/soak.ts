import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { chaosStage } from '../src/testing/chaos_models';
import { chaos } from '../src/testing/room_chaos';

/**
 * `npm run soak [seeds=10000] [first=1]`: plays that many rooms in chaos, on all processors, and tells which seeds end
 * with people who do not hold the same.
 */

const SEEDS = 10_000;
/** A stage is made anew so often: MuJoCo's memory is the same in every room then, however many there were. */
const STAGE_SEEDS = 500;
const CHILD = '--child';

/** Plays every `stride`-th seed from `first` on, below `end`. */
async function play(first: number, end: number, stride: number): Promise<void> {
  let stage = await chaosStage();
  for (let seed = first, count = 1; seed < end; seed += stride, count++) {
    if (count % STAGE_SEEDS === 0) stage = await chaosStage();
    const wrong = await chaos(seed, stage).catch((thrown: unknown) => [String(thrown)]);
    process.send?.({ seed, wrong });
  }
}

interface Result {
  readonly seed: number;
  readonly wrong: readonly string[];
}

async function soak(seeds: number, first: number): Promise<void> {
  const end = first + seeds;
  const stride = Math.min(availableParallelism(), seeds);
  let done = 0;
  const failed: number[] = [];
  const children = Array.from({ length: stride }, (_, i) => {
    const child = fork(process.argv[1] ?? '', [CHILD, ...[first + i, end, stride].map(String)]);
    child.on('message', ({ seed, wrong }: Result) => {
      done++;
      if (done % 100 === 0) console.log(`${done} of ${seeds} rooms, ${failed.length} failed`);
      if (wrong.length === 0) return;
      failed.push(seed);
      console.log(`SEED=${seed} npx vitest run src/session/simulation.test.ts\n  ${wrong.join('\n  ')}`);
    });
    return new Promise<void>((resolve) => {
      child.on('exit', () => resolve());
    });
  });
  await Promise.all(children);
  console.log(`${done} of ${seeds} rooms played, ${failed.length} failed ${failed.join(' ')}`);
  process.exitCode = failed.length > 0 || done < seeds ? 1 : 0;
}

const args = process.argv.slice(2);
if (args[0] === CHILD) {
  const [first = 0, end = 0, stride = 1] = args.slice(1).map(Number);
  void play(first, end, stride);
} else {
  const [seeds = SEEDS, first = 1] = args.map(Number);
  void soak(seeds, first);
}
