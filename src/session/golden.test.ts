import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unpackBundle } from '../model/pack';
import { compileBundle } from '../sim/compile';
import { decodeTapeFile } from '../tape/file';
import { decodeEntries } from '../tape/tape';
import { mujocoModule, simOf } from '../testing/mujoco';
import { replay } from './world/replay';

const FOLDER = path.resolve(process.cwd(), 'e2e/golden');

/** Compiling and playing a tape; the largest takes a few seconds. */
const TIMEOUT_MS = 120_000;

const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.tape'));

describe('golden tapes', () => {
  it('are there, at least four of them', () => {
    expect(files.length).toBeGreaterThanOrEqual(4);
  });

  it.each(files)('%s ends in the recorded bits', { timeout: TIMEOUT_MS }, async (name) => {
    const tape = decodeTapeFile(new Uint8Array(await readFile(path.join(FOLDER, name))));
    const { mjb } = await compileBundle(unpackBundle(tape.bundle), await mujocoModule(), () => {});
    const sim = await simOf(mjb);
    const entries = decodeEntries(tape.entries);
    if (entries === null) throw new Error('the entries are damaged');
    const kinds = new Set(entries.map((entry) => entry.action.kind));
    expect(kinds).toContain('drag');
    expect(kinds).toContain('checkpoint');
    sim.load(tape.checkpoint);
    replay(sim, entries, 0, tape.tick, true);
    expect(sim.tick).toBe(tape.tick);
    expect(sim.hash()).toBe(tape.hash);
  });
});
