/** How long a minimum counts, ms: twice as long at most. Clocks drift by less than 1 ms in that time. */
const WINDOW_MS = 5000;

/** The difference of two clocks, and the least time on the way, as one number: the least of receipt less stamp. */
export class ClockOffset {
  private older = Infinity;
  private newer = Infinity;
  private since = -Infinity;

  /** Least difference in the last 5 to 10 s, ms; Infinity while there is none. */
  get value(): number {
    return Math.min(this.older, this.newer);
  }

  add(received: number, stamp: number): void {
    if (received - this.since > WINDOW_MS) {
      this.older = received - this.since > 2 * WINDOW_MS ? Infinity : this.newer;
      this.newer = Infinity;
      this.since = received;
    }
    this.newer = Math.min(this.newer, received - stamp);
  }

  clear(): void {
    this.older = Infinity;
    this.newer = Infinity;
    this.since = -Infinity;
  }
}
