import { describe, expect, it } from 'vitest';
import { TokenBucket } from './rates';
import { RoundTrip } from './round_trip';

describe('TokenBucket', () => {
  it('allows a burst, then so many per second, whatever the steps of the clock', () => {
    const bucket = new TokenBucket(10, 5);
    const taken = (now: number, tries: number): number =>
      Array.from({ length: tries }, () => bucket.take(now)).filter(Boolean).length;
    expect(taken(0, 100)).toBe(5);
    let later = 0;
    for (let now = 1; now <= 2000; now++) later += taken(now, 3);
    expect(later).toBe(20);
    expect(taken(60_000, 100)).toBe(5);
  });

  it('takes all of several, or none', () => {
    const bucket = new TokenBucket(1, 5);
    expect(bucket.take(0, 6)).toBe(false);
    expect(bucket.take(0, 5)).toBe(true);
    // A clock that goes back gives nothing.
    expect(bucket.take(-10_000)).toBe(false);
  });
});

describe('RoundTrip', () => {
  it('finds the mean, and how late is late, also while stamps wrap around', () => {
    const trip = new RoundTrip();
    expect(trip.timeout).toBe(200);
    for (let now = 65_000; now < 90_000; now += 1000) trip.pong(trip.ping(now), now + 80);
    expect(trip.ms).toBeCloseTo(80, 0);
    expect(trip.timeout).toBeGreaterThan(95);
    expect(trip.timeout).toBeLessThan(130);
  });

  it('is not misled by stamps that were never sent', () => {
    const trip = new RoundTrip();
    trip.pong(trip.ping(1000), 1050);
    trip.pong(40_000, 1050);
    trip.pong(1051, 1050);
    expect(trip.ms).toBe(50);
  });

  it('asks quickly at first, then once a second', () => {
    const trip = new RoundTrip();
    const asked: number[] = [];
    for (let now = 0; now < 5000; now += 10) {
      if (now < trip.due) continue;
      asked.push(now);
      trip.pong(trip.ping(now), now + 5);
    }
    expect(asked).toEqual([0, 200, 400, 600, 1600, 2600, 3600, 4600]);
  });
});
