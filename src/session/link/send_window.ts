/**
 * Which items of a numbered stream go into the next datagram, on a channel that loses some.
 *
 * Everything is sent once, as soon as it is there, but not more often than every {@link SPACING_MS}, because a message
 * costs more than what is in it. What is not acknowledged in time is sent again, with all that follows it. Where
 * datagrams have been lost lately, each carries what was new in the one before as well: most losses then cost no round
 * trip.
 */

/** Between datagrams with something new, ms: 40 messages a second keep a drag below 6 KB/s on the wire. */
export const SPACING_MS = 25;
/** The other end may gather what it acknowledges for so long, ms. */
export const ACK_MS = 50;
/** After a loss others are expected for so long, ms. */
const LOSSY_MS = 10_000;

export class SendWindow {
  /** First item that has not been acknowledged. */
  acked = 0;
  /** First item never sent. */
  private sent = 0;
  /** What was sent from here on was new in the last datagram. */
  private fresh = 0;
  private sentAt = -Infinity;
  /** When waiting for an acknowledgement began. */
  private waitingSince = -Infinity;
  private lossyUntil = -Infinity;

  /** Begins anew at an item. */
  restart(item: number): void {
    this.acked = item;
    this.sent = item;
    this.fresh = item;
  }

  /** All items below this one have arrived, or will for certain. */
  acknowledge(item: number, now: number): void {
    if (item <= this.acked) return;
    this.acked = item;
    this.sent = Math.max(this.sent, item);
    this.fresh = Math.max(this.fresh, item);
    this.waitingSince = now;
  }

  /** Something was lost. */
  lost(now: number): void {
    this.lossyUntil = now + LOSSY_MS;
  }

  /**
   * When something has to be sent, wall ms; Infinity when nothing has.
   *
   * @param end first item that does not exist yet
   * @param timeout round trip after which an answer is late, ms
   */
  due(end: number, timeout: number, now: number): number {
    const again = this.acked < this.sent ? this.waitingSince + timeout + ACK_MS : Infinity;
    const first = now < this.lossyUntil ? this.fresh : this.sent;
    const fresh = first < end ? this.sentAt + SPACING_MS : Infinity;
    return Math.min(again, fresh);
  }

  /** Where the next datagram has to begin, if it goes now; `end` for nothing. */
  from(end: number, timeout: number, now: number): number {
    if (this.acked < this.sent && now >= this.waitingSince + timeout + ACK_MS) {
      this.lost(now);
      return this.acked;
    }
    if (now < this.sentAt + SPACING_MS) return end;
    return now < this.lossyUntil ? this.fresh : this.sent;
  }

  /** A datagram with the items from `from` up to `end` has gone. */
  note(from: number, end: number, now: number): void {
    this.sentAt = now;
    if (from <= this.acked || this.acked === this.sent) this.waitingSince = now;
    this.fresh = this.sent;
    this.sent = end;
  }
}
