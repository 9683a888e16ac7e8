/** Measures speed over half-second windows. */

/** Long enough to be steady, short enough to follow a change. */
const WINDOW_MS = 500;

export class Figures {
  rtf = 0;
  stepsPerSecond = 0;
  stepMs = 0;
  /** Whether the physics had to drop time in the last window. */
  behind = false;
  private since = 0;
  private ticks = 0;
  private simulated = 0;
  private busyMs = 0;

  /** Adds work done. */
  add(ticks: number, simulatedSeconds: number, ms: number): void {
    this.ticks += ticks;
    this.simulated += simulatedSeconds;
    this.busyMs += ms;
  }

  /** Closes the window when it is over; `takeLag` tells whether time was dropped in it. Returns true when it closed. */
  roll(now: number, takeLag: () => boolean): boolean {
    const wall = now - this.since;
    if (wall < WINDOW_MS) return false;
    this.rtf = (this.simulated / wall) * 1000;
    this.stepsPerSecond = (this.ticks / wall) * 1000;
    if (this.ticks > 0) this.stepMs = this.busyMs / this.ticks;
    this.behind = takeLag();
    this.since = now;
    this.ticks = 0;
    this.simulated = 0;
    this.busyMs = 0;
    return true;
  }
}
