/**
 * The round trip of one connection, smoothed as TCP does it (RFC 6298): mean and mean deviation.
 */

/** Stamps on the wire count ms modulo this. */
const STAMP_RANGE = 1 << 16;
/** A pong later than this is no answer, ms: forged, or from before a long cut. */
const MAX_ROUND_TRIP_MS = 10_000;
/** Clocks and turns of the event loop are not finer than this, ms. */
const MIN_ROUND_TRIP_MS = 0.5;
/** How late an answer may be before it counts as lost, ms: turns of the event loop. */
const MIN_SLACK_MS = 20;
/** Until something is measured, ms. */
const UNMEASURED_MS = 200;
/** So many pings follow each other quickly. */
const FIRST_SAMPLES = 4;
const FIRST_PING_MS = 200;
const PING_MS = 1000;

export class RoundTrip {
  /** Mean, ms; 0 until measured. */
  ms = 0;
  private deviation = 0;
  private samples = 0;
  private pingedAt = -Infinity;

  /** When the next ping is due, wall ms. */
  get due(): number {
    return this.pingedAt + (this.samples < FIRST_SAMPLES ? FIRST_PING_MS : PING_MS);
  }

  /** An answer that takes longer than this is lost, ms. */
  get timeout(): number {
    return this.samples === 0 ? UNMEASURED_MS : this.ms + Math.max(MIN_SLACK_MS, 4 * this.deviation);
  }

  /** The stamp of a ping sent now. */
  ping(now: number): number {
    this.pingedAt = now;
    return Math.floor(now) % STAMP_RANGE;
  }

  /** A pong has brought a stamp back. */
  pong(stamp: number, now: number): void {
    const passed = (Math.floor(now) - stamp) % STAMP_RANGE;
    const sample = Math.max(MIN_ROUND_TRIP_MS, passed < 0 ? passed + STAMP_RANGE : passed);
    if (sample > MAX_ROUND_TRIP_MS) return;
    if (this.samples++ === 0) {
      this.ms = sample;
      this.deviation = sample / 2;
      return;
    }
    this.deviation += (Math.abs(sample - this.ms) - this.deviation) / 4;
    this.ms += (sample - this.ms) / 8;
  }
}
