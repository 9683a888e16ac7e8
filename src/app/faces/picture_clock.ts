/** Comes round with every picture for as long as there is something to do, and whenever the tab is hidden or shown. */
export class PictureClock {
  private request = 0;
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
    if (this.request === 0 && !this.disposed && this.isBusy())
      this.request = requestAnimationFrame(this.tick);
  }

  dispose(): void {
    this.disposed = true;
    cancelAnimationFrame(this.request);
    document.removeEventListener('visibilitychange', this.tick);
  }

  private readonly tick = (): void => {
    cancelAnimationFrame(this.request);
    this.request = 0;
    this.turn();
    this.wake();
  };
}
