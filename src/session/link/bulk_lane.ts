import { bulk } from '../../protocol/bulk';
import type { Channel } from '../../protocol/link';
import { decode } from '../../protocol/schema';
import { BulkReceiver } from './bulk_receiver';
import { BulkSender } from './bulk_sender';

/** Numbers of the first transfers: those of a host are even, those of a guest odd. */
const FIRST_TRANSFER = { host: 2, guest: 1 } as const;

/** Both ways of `bulk`. */
export class BulkLane {
  readonly sender: BulkSender;
  readonly receiver: BulkReceiver;

  /**
   * @param side which end this is
   * @param onHeard something came
   * @param onMalformed it was no message, or one that makes no sense
   */
  constructor(
    private readonly channel: Channel,
    side: keyof typeof FIRST_TRANSFER,
    clock: () => number,
    onHeard: () => void,
    private readonly onMalformed: () => void,
  ) {
    this.sender = new BulkSender(channel, clock, FIRST_TRANSFER[side]);
    this.receiver = new BulkReceiver(channel);
    channel.onmessage = (bytes) => {
      onHeard();
      if (!this.read(bytes)) this.onMalformed();
    };
  }

  /** Reads no more. */
  close(): void {
    this.channel.onmessage = null;
  }

  private read(bytes: Uint8Array): boolean {
    const message = decode(bulk, bytes);
    switch (message?.kind) {
      case 'chunk':
        return this.receiver.chunk(message.transfer, message.offset, message.bytes);
      case 'received':
        return this.sender.received(message.transfer, message.bytes);
      case 'cancel':
        this.sender.cancel(message.transfer);
        this.receiver.cancelled(message.transfer);
        return true;
      case undefined:
        return false;
    }
  }
}
