/** Where there are no pictures, as in a hidden tab, ms; browsers make it a second there unless something is heard. */
const HIDDEN_MS = 33;

/** Comes round with every picture for as long as there is something to do, and now and then while the tab is hidden. */
export class PictureClock {
  private request = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;

  /**
   * @param isBusy whether to come round again
   * @param turn what is done each time
   */
  constructor(
    private readonly isBusy: () => boolean,
    private readonly turn: () => void,
  ) {
    document.addEventListener('visibilitychange', this.tick);
  }

  /** There may be something to do. */
  wake(): void {
    if (this.disposed || !this.isBusy()) return;
    if (document.visibilityState === 'hidden') this.timer ??= setTimeout(this.tick, HIDDEN_MS);
    else if (this.request === 0) this.request = requestAnimationFrame(this.tick);
  }

  dispose(): void {
    this.disposed = true;
    this.cancel();
    document.removeEventListener('visibilitychange', this.tick);
  }

  private readonly tick = (): void => {
    this.cancel();
    this.turn();
    this.wake();
  };

  private cancel(): void {
    cancelAnimationFrame(this.request);
    clearTimeout(this.timer);
    this.request = 0;
    this.timer = undefined;
  }
}
