/** A rate that may be exceeded for a moment: `burst` at once, `perSecond` in the long run. */
export class TokenBucket {
  private tokens: number;
  private filledAt = -Infinity;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {
    this.tokens = burst;
  }

  /**
   * Takes so many tokens.
   *
   * @param now wall clock, ms
   * @returns false when there are not so many: then none is taken
   */
  take(now: number, count = 1): boolean {
    const passed = Math.max(0, now - this.filledAt);
    this.tokens = Math.min(this.burst, this.tokens + (passed / 1000) * this.perSecond);
    this.filledAt = now;
    if (this.tokens < count) return false;
    this.tokens -= count;
    return true;
  }
}
