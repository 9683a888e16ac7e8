import { compileMujoco } from '../../src/app/wasm';
import type { Bundle } from '../../src/model/bundle';
import { unpackBundle } from '../../src/model/pack';
import { replay } from '../../src/session/world/replay';
import { compileBundle } from '../../src/sim/compile';
import { instantiateMujoco } from '../../src/sim/mujoco';
import { Sim } from '../../src/sim/sim';
import { decodeTapeFile } from '../../src/tape/file';
import { decodeEntries } from '../../src/tape/tape';

/**
 * The app's own engine without its view, for browsers that have no WebGL here: it plays a tape, or steps a model that
 * nobody touches. Bytes come and go as base64, which every driver can carry.
 */

const module = compileMujoco();

async function simOf(bundle: Bundle): Promise<Sim> {
  const { mjb } = await compileBundle(bundle, await module, () => {});
  return new Sim(await instantiateMujoco(await module), mjb);
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

const engine = {
  /** Where a tape ends. */
  async tape(base64: string): Promise<{ tick: number; hash: string }> {
    const tape = decodeTapeFile(bytesOf(base64));
    const entries = decodeEntries(tape.entries);
    if (entries === null) throw new Error('the entries are damaged');
    const sim = await simOf(unpackBundle(tape.bundle));
    sim.load(tape.checkpoint);
    replay(sim, entries, 0, tape.tick, true);
    return { tick: sim.tick, hash: sim.hash() };
  },
  /** Where a packed model is after so many steps from its initial state. */
  async untouched(base64: string, ticks: number): Promise<{ tick: number; hash: string }> {
    const sim = await simOf(unpackBundle(bytesOf(base64)));
    sim.step(ticks);
    return { tick: sim.tick, hash: sim.hash() };
  },
};

Object.assign(window, { engine });
