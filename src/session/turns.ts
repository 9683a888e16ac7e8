/** Shortest timer, ms: browsers do not keep shorter ones. */
const MIN_TIMER_MS = 1;

/** When the engine comes round: as soon as it can, or after a while. Both are cheap to ask for again and again. */
export class Turns {
  private readonly channel = new MessageChannel();
  private coming = false;
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** @param turn what is done in each */
  constructor(private readonly turn: () => void) {
    // A message comes at once, also in a hidden tab; a timer of 0 ms may be made to wait.
    this.channel.port1.onmessage = () => {
      this.coming = false;
      turn();
    };
  }

  /** A turn soon, once for all that asks for it meanwhile. */
  readonly soon = (): void => {
    if (this.coming) return;
    this.coming = true;
    this.channel.port2.postMessage(null);
  };

  /** The next turn in so many ms, instead of what was asked for before; Infinity for none. */
  after(ms: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (ms <= 0) this.soon();
    else if (ms !== Infinity) this.timer = setTimeout(this.comeRound, Math.max(ms, MIN_TIMER_MS));
  }

  private readonly comeRound = (): void => {
    this.timer = null;
    this.turn();
  };
}
