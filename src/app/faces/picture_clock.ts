import { startBeat } from './beat';

/** Where there are no pictures, as in a hidden tab, ms; browsers make it a second there unless something is heard. */
const HIDDEN_MS = 33;

/**
 * Comes round with every picture for as long as there is something to do, and now and then while the tab is hidden; on
 * time there too while something plays.
 */
export class PictureClock {
  private request = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopBeat: (() => void) | null = null;
  private disposed = false;

  /**
   * @param isBusy whether to come round again
   * @param turn what is done each time
   * @param isPlaying whether somebody waits for something that plays here, so that a hidden tab has to keep time
   * @param beat as {@link startBeat}
   */
  constructor(
    private readonly isBusy: () => boolean,
    private readonly turn: () => void,
    private readonly isPlaying: () => boolean,
    private readonly beat: (tick: () => void) => () => void = startBeat,
  ) {
    document.addEventListener('visibilitychange', this.tick);
  }

  /** There may be something to do. */
  wake(): void {
    if (this.disposed || !this.isBusy()) return;
    if (document.visibilityState === 'hidden') {
      this.timer ??= setTimeout(this.tick, HIDDEN_MS);
      if (this.isPlaying()) this.stopBeat ??= this.beat(this.tick);
    } else if (this.request === 0) {
      this.request = requestAnimationFrame(this.tick);
    }
  }

  dispose(): void {
    this.disposed = true;
    this.cancel();
    this.endBeat();
    document.removeEventListener('visibilitychange', this.tick);
  }

  private readonly tick = (): void => {
    this.cancel();
    this.turn();
    if (document.visibilityState !== 'hidden' || !this.isPlaying()) this.endBeat();
    this.wake();
  };

  private endBeat(): void {
    this.stopBeat?.();
    this.stopBeat = null;
  }

  private cancel(): void {
    cancelAnimationFrame(this.request);
    clearTimeout(this.timer);
    this.request = 0;
    this.timer = undefined;
  }
}
