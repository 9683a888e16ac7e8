import { describe, expect, it } from 'vitest';
import { Tape } from './tape';

/** Together fifty of these are more than a tape keeps. */
const MEGABYTE = 1 << 20;

describe('Tape', () => {
  it('finds the latest checkpoint before a tick', () => {
    const tape = new Tape();
    tape.keep(0, new Uint8Array(1));
    tape.keep(10, new Uint8Array(1));
    tape.keep(20, new Uint8Array(1));
    expect(tape.before(15)?.tick).toBe(10);
    expect(tape.before(99)?.tick).toBe(20);
    // What was done at tick 20 may lie before the checkpoint taken there.
    expect(tape.before(20)?.tick).toBe(10);
    expect(tape.before(0)?.tick).toBe(0);
    expect(tape.before(-1)).toBeUndefined();
  });

  it('thins old checkpoints when they are many, but keeps the first and the recent ones', () => {
    const tape = new Tape();
    const bytes = new Uint8Array(MEGABYTE);
    for (let tick = 0; tick < 200; tick++) tape.keep(tick, bytes);
    expect(tape.origin?.tick).toBe(0);
    expect(tape.lastCheckpoint?.tick).toBe(199);
    for (let tick = 190; tick < 200; tick++) expect(tape.before(tick)?.tick).toBe(tick - 1);
    const kept = new Set(Array.from({ length: 200 }, (_, tick) => tape.before(tick)?.tick));
    expect(kept.size).toBeLessThan(60);
    // Wherever one seeks, something is kept not too far before it.
    expect(kept.size).toBeGreaterThan(20);
  });
});
