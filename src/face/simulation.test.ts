import { describe, expect, it } from 'vitest';
import { generateTake } from './generate';
import { type SimulationOptions, type SimulationResult, simulate } from './simulation';

/** The figures that faces are held to, on seeded networks and a virtual clock. */

const SEEDS = [11, 12, 13];
const SECONDS = 18;
const WAY = { delay: 25, jitter: 4 };

/** The worst of several takes and networks. */
function worst(
  mood: 'talk' | 'emote' | 'idle' | 'mixed',
  options: Partial<SimulationOptions>,
): SimulationResult {
  const results = SEEDS.map((seed) =>
    simulate({ seed, take: generateTake(seed, SECONDS, mood), loss: 0, ...WAY, ...options }),
  );
  const most = (pick: (result: SimulationResult) => number): number => Math.max(...results.map(pick));
  return {
    bytesPerSecond: most((result) => result.bytesPerSecond),
    messagesPerSecond: most((result) => result.messagesPerSecond),
    passedPerSecond: most((result) => result.passedPerSecond),
    rms: most((result) => result.rms),
    latency: most((result) => result.latency),
    unreadable: most((result) => result.unreadable),
  };
}

/** What a message costs on the wire besides its own bytes: UDP/IP, DTLS, SCTP, and its share of SACKs. */
const OVERHEAD_BYTES = 78;

describe('a face over a network', () => {
  it('costs at most 1.5 KB/s while talking, 0.5 KB/s while idle, at 60 Hz', () => {
    expect(worst('talk', {}).bytesPerSecond).toBeLessThan(1500);
    expect(worst('mixed', {}).bytesPerSecond).toBeLessThan(1500);
    expect(worst('idle', {}).bytesPerSecond).toBeLessThan(500);
  });

  it('costs at most 4 KB/s all in all while talking', () => {
    const { bytesPerSecond, messagesPerSecond } = worst('talk', {});
    expect(bytesPerSecond + messagesPerSecond * OVERHEAD_BYTES).toBeLessThan(4000);
  });

  it('is true to .002 at 5 % loss', () => {
    for (const mood of ['talk', 'mixed'] as const) {
      const { rms, unreadable, bytesPerSecond } = worst(mood, { loss: 0.05 });
      expect(rms, mood).toBeLessThan(0.002);
      expect(unreadable).toBeLessThan(0.01);
      expect(bytesPerSecond).toBeLessThan(1500);
    }
  });

  it('is true to .004 at 20 % loss, as more is told again', () => {
    for (const mood of ['talk', 'mixed'] as const) {
      const { rms, unreadable } = worst(mood, { loss: 0.2 });
      expect(rms, mood).toBeLessThan(0.004);
      expect(unreadable).toBeLessThan(0.02);
    }
  });

  it('is true to .0015 without loss, quantising included', () => {
    expect(worst('mixed', {}).rms).toBeLessThan(0.0015);
  });

  it('plays soon after it happened', () => {
    expect(worst('talk', { delay: 1, jitter: 0.5 }).latency).toBeLessThan(45);
  });

  it('stands jitter that reorders, and clocks that differ', () => {
    const { rms, unreadable } = worst('talk', { delay: 40, jitter: 25, skew: 9_876_543.21 });
    expect(rms).toBeLessThan(0.006);
    expect(unreadable).toBeLessThan(0.01);
  });

  it('holds for several receivers, each with its own loss', () => {
    const { bytesPerSecond, unreadable, rms } = worst('talk', { loss: 0.05, receivers: 8 });
    expect(bytesPerSecond).toBeLessThan(1700);
    expect(unreadable).toBeLessThan(0.01);
    expect(rms).toBeLessThan(0.0025);
  });

  it('costs almost nothing for whom nobody sees', () => {
    const { bytesPerSecond, passedPerSecond } = worst('talk', { receivers: 3, rates: [1, 1, 1] });
    // What is said before the first report counts too.
    expect(bytesPerSecond).toBeLessThan(100);
    expect(passedPerSecond).toBeLessThan(30);
  });

  it('gives each receiver what it can use, and holds nobody up for who does not look', () => {
    const all = worst('talk', { receivers: 3 });
    const some = worst('talk', { receivers: 3, rates: [60, 15, 1] });
    expect(some.rms).toBeLessThan(0.0015);
    expect(some.bytesPerSecond).toBeLessThan(all.bytesPerSecond * 1.35);
    expect(some.passedPerSecond).toBeLessThan(all.passedPerSecond * 0.6);
  });
});
