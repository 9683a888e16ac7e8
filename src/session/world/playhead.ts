import { HostClock } from './host_clock';

/**
 * How far the picture stays behind the newest word of the host, ms, so that entries come before their tick. Grows when
 * they come late, shrinks slowly.
 */
const MIN_MARGIN_MS = 4;
const MAX_MARGIN_MS = 150;
const MARGIN_SHRINK_PER_MS = 0.002;
/** After one's last action the picture stays ahead for so long, ms: hands come in bursts. */
const LEAD_HOLD_MS = 400;
/** How fast the picture moves between behind and ahead of the host, ms per ms: too little to be seen. */
const SLEW = 0.25;
/**
 * Where nothing can be guessed the picture stays so far behind the host's newest word, ms, that the next heartbeat is
 * there before it is needed: one every 100 ms, and a late one.
 */
const STRICT_MARGIN_MS = 120;
/** The picture runs no further ahead of what the host has said, ms: then the host must be gone or hanging. */
const MAX_AHEAD_MS = 300;

/**
 * Where a guest's picture should be on the host's tape.
 *
 * While one only watches it is a little behind the host's newest word, so that what others do comes in time. While one
 * acts it is a round trip ahead: there the host will stamp what one does now, so that nothing jumps when it answers.
 */
export class Playhead {
  /** Round trip to the host, ms. */
  roundTrip = 0;
  /** Complete through this tick, says the host. */
  head = 0;
  private readonly host = new HostClock();
  private heardAt = 0;
  private pace = NaN;
  private margin = MIN_MARGIN_MS;
  /** How far ahead of the host's newest word, ms; below 0 it is behind. */
  private lead = -MIN_MARGIN_MS;
  private actedAt = -Infinity;
  private slewedAt = 0;
  /** The picture never goes back by itself. */
  private reached = 0;

  /** @param strict whether nothing may be shown that the host has not confirmed */
  constructor(private readonly strict: boolean) {}

  /** Ticks per wall ms the host makes. */
  get rate(): number {
    return this.host.rate;
  }

  /** Begins at a tick, with everything said so far forgotten. */
  start(tick: number, now: number): void {
    this.head = tick;
    this.reached = tick;
    this.heardAt = now;
    this.pace = NaN;
  }

  /**
   * The world was paused, let go, or made faster.
   *
   * @param pace ticks per wall ms aimed at; 0 while paused, Infinity for as fast as it can go
   */
  setPace(pace: number): void {
    if (pace === this.pace) return;
    this.pace = pace;
    this.host.restart(pace);
    this.host.hear(this.head, this.heardAt);
    this.reached = Math.min(this.reached, this.head);
  }

  /** The host's tape is complete through `tick`. */
  hear(tick: number, now: number): void {
    this.head = Math.max(this.head, tick);
    this.heardAt = now;
    this.host.hear(tick, now);
  }

  /** Something came so many ticks too late. */
  late(ticks: number): void {
    if (this.lead > 0 || !(this.rate > 0)) return;
    this.margin = Math.min(MAX_MARGIN_MS, this.margin + ticks / this.rate);
  }

  /** One acts oneself. */
  act(now: number): void {
    this.actedAt = now;
  }

  /** Moves the picture's lead towards where it should be; once per turn. */
  turn(now: number, waiting: boolean): void {
    const passed = Math.max(0, now - this.slewedAt);
    this.slewedAt = now;
    this.margin = Math.max(MIN_MARGIN_MS, this.margin - MARGIN_SHRINK_PER_MS * passed);
    const acting = waiting || now - this.actedAt < LEAD_HOLD_MS;
    const behind = this.strict ? STRICT_MARGIN_MS : this.margin;
    const wanted = acting && !this.strict ? this.roundTrip : -behind;
    const most = SLEW * passed;
    this.lead += Math.min(most, Math.max(-most, wanted - this.lead));
  }

  /** The tick to show. */
  target(now: number): number {
    this.reached = Math.max(this.reached, Math.floor(this.position(now)));
    return this.reached;
  }

  /** Wall ms until a tick is to be shown. */
  wait(tick: number, now: number): number {
    return this.rate > 0 && this.pace > 0 ? Math.max(0, (tick - this.position(now)) / this.rate) : Infinity;
  }

  private position(now: number): number {
    const { head, rate } = this;
    if (this.pace === 0 || !(rate > 0)) return head;
    const last = this.strict ? head : head + MAX_AHEAD_MS * rate;
    return Math.min(this.host.at(now) + this.lead * rate, last);
  }
}
