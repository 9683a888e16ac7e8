import { bulk } from '../../protocol/bulk';
import type { Channel } from '../../protocol/link';
import { encode } from '../../protocol/schema';

/** What is done with a transfer that was announced. */
export interface Receipt {
  /** So many bytes have arrived. */
  onProgress(received: number): void;
  /** All have: once. */
  onWhole(bytes: Uint8Array<ArrayBuffer>): void;
  /** The other side has given up. */
  onCancel(): void;
}

/** Transfers given up that are remembered: of older ones nothing is on its way any more. */
const MAX_GIVEN_UP = 64;

interface Incoming {
  readonly receipt: Receipt;
  readonly size: number;
  /** Made when the first chunk comes: whoever announces much and sends nothing costs nothing. */
  bytes: Uint8Array<ArrayBuffer> | null;
  received: number;
}

/** Receives large things in chunks, each acknowledged at once. */
export class BulkReceiver {
  private readonly incoming = new Map<number, Incoming>();
  /** Chunks of these may still be on their way. */
  private readonly givenUp = new Set<number>();

  constructor(private readonly channel: Channel) {}

  /** Is ready for a transfer that was announced on `ctl`; the size must have been checked. */
  expect(transfer: number, size: number, receipt: Receipt): void {
    this.incoming.set(transfer, { receipt, size, bytes: null, received: 0 });
    this.channel.send(encode(bulk, { kind: 'received', transfer, bytes: 0 }));
  }

  /**
   * Takes a chunk.
   *
   * @returns false when it belongs to no transfer that is expected, or not where it says
   */
  chunk(transfer: number, offset: number, bytes: Uint8Array): boolean {
    const incoming = this.incoming.get(transfer);
    if (incoming === undefined) return this.givenUp.has(transfer);
    const end = offset + bytes.length;
    if (offset !== incoming.received || bytes.length === 0 || end > incoming.size) return false;
    incoming.bytes ??= new Uint8Array(incoming.size);
    incoming.bytes.set(bytes, offset);
    incoming.received = end;
    this.channel.send(encode(bulk, { kind: 'received', transfer, bytes: end }));
    incoming.receipt.onProgress(end);
    if (end === incoming.size) {
      this.incoming.delete(transfer);
      incoming.receipt.onWhole(incoming.bytes);
    }
    return true;
  }

  /** Ends a transfer, or says that one that was announced is not wanted: both sides forget it. */
  cancel(transfer: number): void {
    this.incoming.delete(transfer);
    if (this.givenUp.size >= MAX_GIVEN_UP) this.givenUp.clear();
    this.givenUp.add(transfer);
    this.channel.send(encode(bulk, { kind: 'cancel', transfer }));
  }

  /** The other side has ended one. */
  cancelled(transfer: number): void {
    const incoming = this.incoming.get(transfer);
    this.incoming.delete(transfer);
    incoming?.receipt.onCancel();
  }
}
