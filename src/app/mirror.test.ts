import { describe, expect, it } from 'vitest';
import { encodeEntries, type Entry } from '../tape/tape';
import { Mirror } from './mirror';

const pause = (tick: number, seq: number): Entry => ({
  tick,
  seat: 0,
  seq,
  action: { kind: 'pause', paused: seq % 2 === 0 },
});
const entries = [pause(10, 0), pause(20, 1), pause(30, 2)];
const bytes = (from: number, to: number): Uint8Array =>
  encodeEntries(entries.slice(from, to), from === 0 ? 0 : (entries[from - 1]?.tick ?? 0));

describe('the mirror of a tape', () => {
  it('gives nothing before the first checkpoint', () => {
    const mirror = new Mirror();
    mirror.take({ kind: 'entries', bytes: bytes(0, 1) });
    expect(mirror.resume(10, false)).toBeNull();
  });

  it('brings back everything, or what was at the last checkpoint', () => {
    const mirror = new Mirror();
    const checkpoint = { index: 1, tick: 15, bytes: Uint8Array.of(1) };
    mirror.take({ kind: 'entries', bytes: bytes(0, 1) });
    mirror.take({ kind: 'checkpoint', ...checkpoint });
    mirror.take({ kind: 'entries', bytes: bytes(1, 3) });
    expect(mirror.resume(33, false)).toEqual({ entries: bytes(0, 3), checkpoint, tick: 33 });
    expect(mirror.resume(33, true)).toEqual({ entries: bytes(0, 1), checkpoint, tick: 15 });
  });

  it('begins anew with another tape', () => {
    const mirror = new Mirror();
    mirror.take({ kind: 'entries', bytes: bytes(0, 3) });
    mirror.take({ kind: 'checkpoint', index: 3, tick: 30, bytes: Uint8Array.of(1) });
    mirror.take({ kind: 'tape', entries: bytes(0, 1) });
    expect(mirror.resume(10, false)).toBeNull();
    const checkpoint = { index: 0, tick: 5, bytes: Uint8Array.of(2) };
    mirror.take({ kind: 'checkpoint', ...checkpoint });
    expect(mirror.resume(10, false)).toEqual({ entries: bytes(0, 1), checkpoint, tick: 10 });
  });
});
