/** A token bucket: so many at once, so many over time. */
export class Bucket {
  private tokens: number;
  private filledAt: number;

  /**
   * @param capacity how many may be taken at once; it starts full
   * @param perSecond how many come back
   * @param now ms
   */
  constructor(
    private readonly capacity: number,
    private readonly perSecond: number,
    now: number,
  ) {
    this.tokens = capacity;
    this.filledAt = now;
  }

  /** Takes `cost` tokens, or none and returns false. */
  take(cost: number, now: number): boolean {
    this.fill(now);
    if (this.tokens < cost) return false;
    this.tokens -= cost;
    return true;
  }

  /** Whether nothing is missing: then a new bucket would be the same. */
  isFull(now: number): boolean {
    this.fill(now);
    return this.tokens >= this.capacity;
  }

  private fill(now: number): void {
    const back = ((now - this.filledAt) / 1000) * this.perSecond;
    this.tokens = Math.min(this.capacity, this.tokens + back);
    this.filledAt = now;
  }
}
