/**
 * Turns wall time into ticks owed.
 *
 * As native simulate does: keep step with the wall clock, and when the physics cannot, forget what is more than a
 * tenth of a second behind instead of running after it forever.
 */

/** Wall time that may be caught up, ms. */
const MAX_BEHIND_MS = 100;

export class Pacer {
  /** Simulated seconds owed. */
  private credit = 0;
  private last: number | null = null;
  /** True when time had to be dropped since the last {@link takeLag}. */
  private dropped = false;

  /** Starts counting anew from the next call of {@link owed}. */
  stop(): void {
    this.last = null;
    this.credit = 0;
  }

  /**
   * Ticks owed by now.
   *
   * @param now wall clock, ms
   * @param speed simulated seconds per wall second, finite
   * @param timestep s
   */
  owed(now: number, speed: number, timestep: number): number {
    if (this.last !== null) {
      this.credit += ((now - this.last) / 1000) * speed;
      // A step longer than that must still be taken when its time has come.
      const most = Math.max((MAX_BEHIND_MS / 1000) * speed, timestep);
      if (this.credit > most) {
        this.credit = most;
        this.dropped = true;
      }
    }
    this.last = now;
    return Math.floor(this.credit / timestep);
  }

  /** Pays for ticks done. */
  done(ticks: number, timestep: number): void {
    this.credit -= ticks * timestep;
  }

  /** Wall ms until the next tick is owed. */
  wait(speed: number, timestep: number): number {
    return Math.max(0, ((timestep - this.credit) / speed) * 1000);
  }

  /** Whether time was dropped since the last call. */
  takeLag(): boolean {
    const { dropped } = this;
    this.dropped = false;
    return dropped;
  }
}
