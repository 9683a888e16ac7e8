import { describe, expect, it } from 'vitest';
import { MAX_RATE, UNSEEN_RATE } from './message';
import { FaceRelay } from './relay';
import type { FaceReport } from './report';

const MESSAGE = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0]);
const report = (over: Partial<FaceReport> = {}): FaceReport => ({
  held: 7,
  received: 0,
  lateness: 0,
  rate: 60,
  ...over,
});

describe('FaceRelay', () => {
  it('FACE-8 asks for everything anew while somebody who looks has nothing', () => {
    const relay = new FaceRelay();
    relay.join(1, 0);
    relay.join(2, 0);
    relay.report(0, 1, report());
    expect(relay.demand.held).toBeNull();
    relay.report(0, 2, report({ held: 6 }));
    expect(relay.demand.held).toBe(6);
    relay.report(0, 2, report({ held: null }));
    expect(relay.demand.held).toBeNull();
    relay.leave(2);
    expect(relay.demand.held).toBe(7);
  });

  it('passes nothing to whom does not look, and does not wait for them', () => {
    const relay = new FaceRelay();
    relay.join(1, 0);
    relay.join(2, 0);
    relay.report(0, 1, report());
    relay.report(0, 2, report({ held: null, rate: UNSEEN_RATE }));
    expect(relay.demand).toEqual({ held: 7, rate: MAX_RATE, repeat: 1 });
    expect([1, 2, 3].map((receiver) => relay.pass(10, receiver, MESSAGE))).toEqual([true, false, false]);
    relay.report(20, 2, report({ held: null }));
    expect(relay.demand.held).toBeNull();
    expect(relay.pass(20, 2, MESSAGE)).toBe(true);
  });

  it('asks for almost nothing when nobody looks', () => {
    const relay = new FaceRelay();
    expect(relay.demand.rate).toBe(UNSEEN_RATE);
    relay.join(1, 0);
    relay.report(0, 1, report({ rate: 0 }));
    expect(relay.demand.rate).toBe(UNSEEN_RATE);
  });

  it('gives up on whom it does not hear of, until it does', () => {
    const relay = new FaceRelay();
    relay.join(1, 0);
    expect(relay.pass(2500, 1, MESSAGE)).toBe(false);
    relay.report(2600, 1, report());
    expect(relay.pass(2600, 1, MESSAGE)).toBe(true);
  });

  it('asks for more again where much is lost on the way from the sender', () => {
    const relay = new FaceRelay();
    relay.join(1, 0);
    for (let i = 0; i < 600; i++) if (i % 4 !== 0) relay.hear(i % 256);
    relay.report(0, 1, report());
    expect(relay.demand.repeat).toBe(4);
    expect(relay.figures(1)?.loss).toBeCloseTo(0.25, 1);
  });

  it('asks for more again where much is lost, and says so', () => {
    const relay = new FaceRelay();
    relay.join(1, 0);
    let received = 0;
    for (let i = 0; i < 600; i++) {
      relay.pass(i * 33, 1, MESSAGE);
      if (i % 4 !== 0) received++;
      if (i % 3 === 0) relay.report(i * 33, 1, report({ received: received % 256 }));
    }
    expect(relay.demand).toEqual({ held: 7, rate: MAX_RATE, repeat: 4 });
    expect(relay.figures(1)?.loss).toBeCloseTo(0.25, 1);
    expect(relay.figures(9)).toBeNull();
  });
});
