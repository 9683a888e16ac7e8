import { describe, expect, it } from 'vitest';
import { ACK_MS, SPACING_MS, SendWindow } from './send_window';

const TIMEOUT = 100;

/** Sends what is due; returns where the datagram began and ended, or null. */
function turn(window: SendWindow, end: number, now: number): readonly [number, number] | null {
  if (window.due(end, TIMEOUT, now) > now) return null;
  const from = window.from(end, TIMEOUT, now);
  if (from >= end) return null;
  window.note(from, end, now);
  return [from, end];
}

describe('SendWindow', () => {
  it('sends what is new at once, then no more often than its spacing', () => {
    const window = new SendWindow();
    expect(turn(window, 1, 0)).toEqual([0, 1]);
    expect(turn(window, 2, 10)).toBeNull();
    expect(turn(window, 3, SPACING_MS)).toEqual([1, 3]);
  });

  it('sends nothing twice while acknowledgements come', () => {
    const window = new SendWindow();
    const sent: (readonly [number, number])[] = [];
    for (let now = 0; now < 2000; now += 5) {
      const datagram = turn(window, Math.floor(now / 16), now);
      if (datagram !== null) sent.push(datagram);
      window.acknowledge(Math.floor((now - TIMEOUT) / 16), now);
    }
    for (const [i, [from]] of sent.entries()) expect(from).toBe(sent[i - 1]?.[1] ?? 0);
  });

  it('sends everything again that is not acknowledged in time, and goes on doing so', () => {
    const window = new SendWindow();
    turn(window, 1, 0);
    turn(window, 3, 50);
    expect(window.due(3, TIMEOUT, 60)).toBe(TIMEOUT + ACK_MS);
    expect(turn(window, 3, 149)).toBeNull();
    expect(turn(window, 3, 150)).toEqual([0, 3]);
    expect(turn(window, 3, 299)).toBeNull();
    expect(turn(window, 3, 300)).toEqual([0, 3]);
    window.acknowledge(3, 310);
    expect(window.due(3, TIMEOUT, 310)).toBe(Infinity);
  });

  it('repeats what was new in the datagram before, for a while after a loss', () => {
    const window = new SendWindow();
    window.lost(0);
    expect(turn(window, 2, 0)).toEqual([0, 2]);
    // Nothing new: it goes out a second time by itself, once.
    expect(turn(window, 2, 25)).toEqual([0, 2]);
    expect(turn(window, 2, 50)).toBeNull();
    expect(turn(window, 3, 60)).toEqual([2, 3]);
    expect(turn(window, 5, 85)).toEqual([2, 5]);
    window.acknowledge(5, 90);
    expect(turn(window, 5, 110)).toBeNull();
    expect(turn(window, 6, 20_000)).toEqual([5, 6]);
    expect(turn(window, 7, 20_030)).toEqual([6, 7]);
  });

  it('begins anew where it is told', () => {
    const window = new SendWindow();
    turn(window, 9, 0);
    window.restart(20);
    expect(window.acked).toBe(20);
    expect(turn(window, 20, 100)).toBeNull();
    expect(turn(window, 21, 100)).toEqual([20, 21]);
  });
});
