import { ByteWriter } from '../../core/bytes';
import { bulk } from '../../protocol/bulk';
import { BULK_CHUNK_BYTES } from '../../protocol/limits';
import type { Channel } from '../../protocol/link';

/**
 * Sends large things in chunks, so many at a time that they do not queue up anywhere on the way: the delay of the
 * acknowledgements tells (the idea of LEDBAT, RFC 6817). `rt` on the same connection stays quick.
 */

/** Queueing that bulk may add to the way's own delay, ms. */
const TARGET_DELAY_MS = 30;
/** Chunks on their way at first, at least and at most: 1 MiB fills 80 Mbit/s at a round trip of 100 ms. */
const FIRST_WINDOW = 4;
const MIN_WINDOW = 1;
const MAX_WINDOW = 64;
/** The shortest delay is looked for anew so often, ms: the way may have changed. */
const BASE_DELAY_MS = 10_000;
/** More transfers at a time are refused. */
export const MAX_TRANSFERS = 4;

interface Transfer {
  readonly id: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes sent. */
  sent: number;
  /** Bytes the other side says it has. */
  received: number;
  /** The other side has said that it is ready. */
  wanted: boolean;
}

interface Flight {
  readonly transfer: number;
  /** Bytes of the transfer up to the end of this chunk. */
  readonly end: number;
  readonly sentAt: number;
}

export class BulkSender {
  private readonly transfers: Transfer[] = [];
  /** Chunks on their way, oldest first. */
  private flights: Flight[] = [];
  private readonly out = new ByteWriter();
  private window = FIRST_WINDOW;
  /** Until the first sign of queueing the window doubles in every round trip. */
  private slowStart = true;
  private lowest = Infinity;
  private lowestSince = 0;
  private reducedAt = -Infinity;

  /** @param nextId number of the first transfer; the two ends of a connection use even and odd ones */
  constructor(
    private readonly channel: Channel,
    private readonly clock: () => number,
    private nextId: number,
  ) {}

  /** Whether another transfer may begin. */
  get isFull(): boolean {
    return this.transfers.length >= MAX_TRANSFERS;
  }

  /**
   * Begins a transfer: chunks follow when the other side, told of it on `ctl`, says that it is ready.
   *
   * @param urgent before all others
   * @returns its number
   */
  begin(bytes: Uint8Array<ArrayBuffer>, urgent: boolean): number {
    const transfer: Transfer = { id: this.nextId, bytes, sent: 0, received: 0, wanted: false };
    this.nextId += 2;
    if (urgent) this.transfers.unshift(transfer);
    else this.transfers.push(transfer);
    return transfer.id;
  }

  /** Ends a transfer, unknown ones too. */
  cancel(id: number): void {
    this.drop(id);
    this.pump();
  }

  /**
   * The other side has so many bytes of a transfer; 0 says that it is ready for them.
   *
   * @returns false when that cannot be
   */
  received(id: number, bytes: number): boolean {
    const transfer = this.transfers.find((one) => one.id === id);
    // It may have been cancelled meanwhile.
    if (transfer === undefined) return id < this.nextId;
    if (bytes > transfer.sent || bytes < transfer.received) return false;
    transfer.wanted = true;
    transfer.received = bytes;
    this.settle(transfer);
    if (bytes === transfer.bytes.length) this.drop(id);
    this.pump();
    return true;
  }

  /** Sends what the window and the channel allow. */
  pump(): void {
    for (const transfer of this.transfers) {
      if (!transfer.wanted) continue;
      while (transfer.sent < transfer.bytes.length) {
        if (this.flights.length >= Math.floor(this.window)) return;
        const end = Math.min(transfer.sent + BULK_CHUNK_BYTES, transfer.bytes.length);
        const { out } = this;
        out.clear();
        bulk.write(out, {
          kind: 'chunk',
          transfer: transfer.id,
          offset: transfer.sent,
          bytes: transfer.bytes.subarray(transfer.sent, end),
        });
        if (!this.channel.send(out.written())) return;
        transfer.sent = end;
        this.flights.push({ transfer: transfer.id, end, sentAt: this.clock() });
      }
    }
  }

  private drop(id: number): void {
    const at = this.transfers.findIndex((one) => one.id === id);
    if (at >= 0) this.transfers.splice(at, 1);
    this.flights = this.flights.filter((flight) => flight.transfer !== id);
  }

  /** Takes the chunks that have arrived off the list, and paces by how long the last of them took. */
  private settle({ id, received }: Transfer): void {
    let sentAt = -Infinity;
    let arrived = 0;
    this.flights = this.flights.filter((flight) => {
      if (flight.transfer !== id || flight.end > received) return true;
      sentAt = Math.max(sentAt, flight.sentAt);
      arrived++;
      return false;
    });
    if (arrived > 0) this.pace(this.clock(), this.clock() - sentAt, arrived);
  }

  private pace(now: number, delay: number, arrived: number): void {
    if (now - this.lowestSince > BASE_DELAY_MS) {
      this.lowest = Infinity;
      this.lowestSince = now;
    }
    this.lowest = Math.min(this.lowest, delay);
    if (delay <= this.lowest + TARGET_DELAY_MS) {
      this.window += this.slowStart ? arrived : arrived / this.window;
      this.window = Math.min(MAX_WINDOW, this.window);
      return;
    }
    // Once per round trip: the chunks already on their way say the same again.
    if (now - this.reducedAt < delay) return;
    this.reducedAt = now;
    this.slowStart = false;
    this.window = Math.max(MIN_WINDOW, this.window / 2);
  }
}
