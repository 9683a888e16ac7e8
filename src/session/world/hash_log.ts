/** Hashes are kept at multiples of this many ticks: often enough to find where two replicas part. */
export const HASH_TICKS = 64;
/** Hashes kept: over a minute of a 1 ms model. */
const KEPT = 1024;

/** Hashes of others that wait for their tick here. */
const MAX_EXPECTED = 32;

/** The hashes of recent ticks, and those that another replica says they should be. */
export class HashLog {
  private readonly hashes = new Map<number, string>();
  private readonly expected = new Map<number, string>();

  set(tick: number, hash: string): void {
    this.hashes.set(tick, hash);
    if (this.hashes.size <= KEPT) return;
    for (const oldest of this.hashes.keys()) {
      this.hashes.delete(oldest);
      break;
    }
  }

  at(tick: number): string | null {
    return this.hashes.get(tick) ?? null;
  }

  /** The latest tick up to `tick` whose hash is known, or null. */
  latest(tick = Infinity): number | null {
    let latest: number | null = null;
    for (const known of this.hashes.keys()) if (known <= tick && known > (latest ?? -1)) latest = known;
    return latest;
  }

  /** Forgets what came after a tick. */
  dropAfter(tick: number): void {
    for (const known of this.hashes.keys()) if (known > tick) this.hashes.delete(known);
  }

  /** Another replica's hash at a tick: the whole of it, or how it begins. */
  expect(tick: number, hash: string): void {
    if (this.expected.size < MAX_EXPECTED) this.expected.set(tick, hash);
  }

  /**
   * Compares what is expected up to a tick with what is known; what is not known by then never will be.
   *
   * @returns the first tick that differs, or null
   */
  compare(upTo: number): number | null {
    for (const [tick, hash] of this.expected) {
      if (tick > upTo) continue;
      this.expected.delete(tick);
      const own = this.at(tick);
      if (own !== null && !own.startsWith(hash)) return tick;
    }
    return null;
  }

  clear(): void {
    this.hashes.clear();
    this.expected.clear();
  }
}
