import { readFile, readdir, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Random } from '../src/core/random';
import type { Bundle } from '../src/model/bundle';
import { packBundle } from '../src/model/pack';
import { Authority } from '../src/session/world/authority';
import { compileBundle } from '../src/sim/compile';
import type { Sim } from '../src/sim/sim';
import type { Action } from '../src/tape/action';
import { encodeTapeFile } from '../src/tape/file';
import { Tape, encodeEntries } from '../src/tape/tape';
import { mujocoModule, simOf } from '../src/testing/mujoco';
import { ROOT } from './lib/paths.mjs';
import { strippedWasm } from './vite/mujoco_wasm';

/**
 * Records the golden tapes: seeded sessions with controls, drags, resets and checkpoints, each with the hash it ends
 * at. `src/session/golden.test.ts` and `e2e/golden.spec.ts` replay them. Run `npx tsx scripts/golden.ts` only when the tape
 * format, the models' choice or MuJoCo changes on purpose: a changed hash otherwise is a bug.
 */

const FOLDER = path.join(ROOT, 'e2e/golden');

/** Models of the catalogue, one with sleeping trees (dominoes). */
const MODELS = ['humanoid', 'arm', 'muscles', 'dominoes', 'rover'];

/** Actions per tape, and the most ticks between two of them. */
const ACTIONS = 60;
const MOST_TICKS = 40;

async function bundleOf(id: string): Promise<Bundle> {
  const folder = path.join(ROOT, 'public/models', id);
  const files = new Map<string, Uint8Array>();
  for (const name of await readdir(folder)) {
    if (!name.startsWith('thumbnail'))
      files.set(name, new Uint8Array(await readFile(path.join(folder, name))));
  }
  return { entry: `${id}.xml`, files };
}

/** Something a person might do with this model. */
function randomAction(random: Random, { model, data }: Sim, movable: readonly number[]): Action {
  const body = movable[random.below(movable.length)] ?? 0;
  const near = (): [number, number, number] => {
    const xpos: unknown = data.xpos;
    if (!(xpos instanceof Float64Array)) throw new TypeError('no positions');
    return [0, 1, 2].map((i) => (xpos[3 * body + i] ?? 0) + random.between(-0.1, 0.1)) as [
      number,
      number,
      number,
    ];
  };
  const masses: unknown = model.body_mass;
  const mass = masses instanceof Float64Array ? (masses[body] ?? 0) : 0;
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      return model.nu > 0
        ? { kind: 'ctrl', index: random.below(model.nu), value: random.between(0, 0.5) }
        : { kind: 'checkpoint' };
    case 3:
    case 4:
      return {
        kind: 'drag',
        hand: random.below(2),
        body,
        mode: random.below(4) === 0 ? 'rotate' : 'translate',
        point: [random.between(-0.05, 0.05), 0, 0],
        target: near(),
        quat: [1, 0, 0, 0],
      };
    case 5:
      return { kind: 'release', hand: random.below(2) };
    case 6:
      return {
        kind: 'wrench',
        body,
        force: [random.between(-4, 4) * mass, random.between(-4, 4) * mass, random.between(0, 8) * mass],
        torque: [0, 0, 0],
      };
    default:
      return random.below(4) === 0
        ? { kind: 'reset', keyframe: random.below(model.nkey + 1) - 1 }
        : { kind: 'edit', field: 0, index: 0, values: Float64Array.of(0, 0, random.between(-12, -6)) };
  }
}

async function record(id: string, seed: number, wasm: string): Promise<void> {
  const bundle = await bundleOf(id);
  const { mjb, model } = await compileBundle(bundle, await mujocoModule(), () => {});
  const weldid = model.body_weldid;
  const sim = await simOf(mjb);
  const tape = new Tape();
  const host = new Authority(sim, tape, {
    onEntry: () => {},
    onCheckpoint: () => {},
    onUnstable: ({ time }) => {
      throw new Error(`${id} became unstable at ${time} s: choose gentler actions`);
    },
  });
  const random = new Random(seed);
  const movable = [...weldid.keys()].filter((body) => weldid[body] !== 0);
  host.submit({ kind: 'pause', paused: true });
  for (let i = 0; i < ACTIONS; i++) {
    host.submit(randomAction(random, sim, movable));
    if (i === ACTIONS / 2) host.submit({ kind: 'checkpoint' });
    host.submit({ kind: 'step', ticks: 1 + random.below(MOST_TICKS) });
    while (sim.owed > 0) host.advance(() => 0, Infinity);
  }
  const { origin } = tape;
  if (origin === undefined) throw new Error('no origin');
  const file = encodeTapeFile({
    wasm,
    origin: id,
    bundle: packBundle(bundle),
    checkpoint: origin.bytes,
    entries: encodeEntries(tape.entries),
    tick: sim.tick,
    hash: sim.hash(),
  });
  await writeFile(path.join(FOLDER, `${id}.tape`), file);
  console.log(
    `${id}: ${tape.entries.length} entries, ${sim.tick} ticks, ${file.length} bytes, ${sim.hash()}`,
  );
  sim.dispose();
}

await mkdir(FOLDER, { recursive: true });
const { sha256 } = await strippedWasm(ROOT);
for (const [index, id] of MODELS.entries()) await record(id, 100 + index, sha256);
