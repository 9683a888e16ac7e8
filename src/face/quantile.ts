/** A quantile of the newest values: kept in order, so that reading is free and adding is one pass. */
export class Quantile {
  private readonly ring: Float64Array;
  private readonly sorted: Float64Array;
  private count = 0;
  private at = 0;

  /**
   * @param share of the values that lie below, 0 to 1
   * @param window how many of the newest values count
   */
  constructor(
    private readonly share: number,
    window: number,
  ) {
    this.ring = new Float64Array(window);
    this.sorted = new Float64Array(window);
  }

  /** NaN while there is no value. */
  get value(): number {
    if (this.count === 0) return Number.NaN;
    return this.sorted[Math.min(this.count - 1, Math.floor(this.share * this.count))] ?? Number.NaN;
  }

  add(value: number): void {
    const { sorted, ring } = this;
    let gap = this.count;
    if (this.count === ring.length) {
      gap = sorted.indexOf(ring[this.at] ?? 0);
    } else {
      this.count++;
    }
    ring[this.at] = value;
    this.at = (this.at + 1) % ring.length;
    // The gap that the oldest value leaves moves to where the new one belongs.
    while (gap > 0 && (sorted[gap - 1] ?? 0) > value) {
      sorted[gap] = sorted[gap - 1] ?? 0;
      gap--;
    }
    while (gap < this.count - 1 && (sorted[gap + 1] ?? 0) < value) {
      sorted[gap] = sorted[gap + 1] ?? 0;
      gap++;
    }
    sorted[gap] = value;
  }

  clear(): void {
    this.count = 0;
    this.at = 0;
  }
}
