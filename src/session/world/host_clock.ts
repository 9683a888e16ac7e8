/**
 * Estimates which tick the host is at, from the ticks that its datagrams name and when they came.
 *
 * The estimate is what the quickest recent datagram would say: it lags behind the host by the shortest way to it.
 */

/** Samples are looked at for so long, ms: longer than a bad moment of a network, shorter than clocks drift. */
const WINDOW_MS = 2000;
/** Samples kept; at 60 datagrams a second the window holds a few more, and the oldest matter least. */
const MAX_SAMPLES = 128;
/** A rate is measured over so long at least, ms. */
const RATE_MS = 500;
/** A host this close to its nominal rate keeps it; what is measured is noise. */
const NOMINAL_WITHIN = 0.06;

export class HostClock {
  private readonly ticks = new Float64Array(MAX_SAMPLES);
  private readonly times = new Float64Array(MAX_SAMPLES);
  private first = 0;
  private count = 0;
  /** Ticks per ms the host aims at; 0 while paused, Infinity for as fast as it can. */
  private nominal = 0;
  private measured = 0;
  private offset = -Infinity;

  /** Begins anew at another pace: the host was paused, let go, or changed its speed. */
  restart(nominal: number): void {
    this.nominal = nominal;
    this.measured = Number.isFinite(nominal) ? nominal : 0;
    this.count = 0;
    this.offset = -Infinity;
  }

  /** Ticks per wall ms that the host makes. */
  get rate(): number {
    return this.measured;
  }

  /** The host was at `tick`, said a datagram that came at `now`, ms. */
  hear(tick: number, now: number): void {
    while (this.count > 0 && (now - this.time(0) > WINDOW_MS || this.count === MAX_SAMPLES)) {
      this.first = (this.first + 1) % MAX_SAMPLES;
      this.count--;
    }
    const at = (this.first + this.count) % MAX_SAMPLES;
    this.ticks[at] = tick;
    this.times[at] = now;
    this.count++;
    this.measure();
    let offset = -Infinity;
    for (let i = 0; i < this.count; i++) {
      offset = Math.max(offset, this.tick(i) - this.measured * this.time(i));
    }
    this.offset = offset;
  }

  /** The tick the host is estimated at, fractional; -Infinity while nothing was heard. */
  at(now: number): number {
    return this.offset + this.measured * now;
  }

  private measure(): void {
    const { nominal, count } = this;
    const span = this.time(count - 1) - this.time(0);
    if (span < RATE_MS) return;
    const rate = (this.tick(count - 1) - this.tick(0)) / span;
    const isNominal = Number.isFinite(nominal) && Math.abs(rate - nominal) <= NOMINAL_WITHIN * nominal;
    this.measured = isNominal ? nominal : rate;
  }

  private tick(i: number): number {
    return this.ticks[(this.first + i) % MAX_SAMPLES] ?? 0;
  }

  private time(i: number): number {
    return this.times[(this.first + i) % MAX_SAMPLES] ?? 0;
  }
}
