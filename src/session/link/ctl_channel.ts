import { ByteWriter } from '../../core/bytes';
import { type CtlMessage, ctl } from '../../protocol/ctl';
import { MAX_CTL_PART_BYTES } from '../../protocol/limits';
import type { Channel } from '../../protocol/link';
import { decode, encode } from '../../protocol/schema';

/** Kind, flag and length around the bytes of a part. */
const PART_OVERHEAD_BYTES = 8;
/** So much may wait in the browser's queue: what comes later can still be dropped by hanging up, bytes. */
const MAX_BUFFERED_BYTES = 1 << 20;
/** Who leaves more than this unread is too slow to take part, bytes: two of the longest messages. */
const MAX_WAITING_BYTES = 64 << 20;

export interface CtlEvents {
  /** @param parts messages on the channel that this one came in */
  onMessage(message: CtlMessage, parts: number): void;
  /** What came is no message, or too long. */
  onMalformed(): void;
  /** The other side does not take what is sent. */
  onStuck(): void;
}

/**
 * Messages on `ctl`: encodes, cuts long ones into parts, puts them together again, and keeps what the channel does not
 * take yet.
 */
export class CtlChannel {
  private readonly waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private parts: Uint8Array[] = [];
  private partBytes = 0;

  /** @param maxBytes longest whole message that is read */
  constructor(
    private readonly channel: Channel,
    private readonly maxBytes: () => number,
    private readonly events: CtlEvents,
  ) {
    channel.onmessage = (bytes) => this.receive(bytes);
  }

  send(message: CtlMessage): void {
    const bytes = encode(ctl, message);
    if (bytes.length <= MAX_CTL_PART_BYTES) this.enqueue(bytes);
    else {
      const most = MAX_CTL_PART_BYTES - PART_OVERHEAD_BYTES;
      for (let at = 0; at < bytes.length; at += most) {
        const part = bytes.subarray(at, at + most);
        this.enqueue(encode(ctl, { kind: 'part', last: at + most >= bytes.length, bytes: part }));
      }
    }
    this.flush();
    if (this.waitingBytes > MAX_WAITING_BYTES) this.events.onStuck();
  }

  /** Whether something waits for the channel to take it: then {@link flush} is wanted again soon. */
  get isWaiting(): boolean {
    return this.waiting.length > 0;
  }

  /** Hands on what the channel takes now. */
  flush(): void {
    let taken = 0;
    for (const message of this.waiting) {
      if (this.channel.bufferedAmount > MAX_BUFFERED_BYTES || !this.channel.send(message)) break;
      this.waitingBytes -= message.length;
      taken++;
    }
    if (taken > 0) this.waiting.splice(0, taken);
  }

  /** Reads no more. */
  close(): void {
    this.channel.onmessage = null;
    this.parts = [];
  }

  private enqueue(bytes: Uint8Array): void {
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
  }

  private receive(bytes: Uint8Array): void {
    const message = bytes.length > MAX_CTL_PART_BYTES ? null : decode(ctl, bytes);
    if (message === null) this.events.onMalformed();
    else if (message.kind === 'part') this.gather(message.last, message.bytes);
    else if (this.parts.length > 0) this.events.onMalformed();
    else this.events.onMessage(message, 1);
  }

  private gather(last: boolean, bytes: Uint8Array): void {
    this.parts.push(bytes);
    this.partBytes += bytes.length;
    if (this.partBytes > this.maxBytes() || bytes.length === 0) {
      this.forget();
      this.events.onMalformed();
      return;
    }
    if (!last) return;
    const whole = new ByteWriter();
    for (const part of this.parts) whole.raw(part);
    const count = this.parts.length;
    this.forget();
    const message = decode(ctl, whole.written());
    if (message === null || message.kind === 'part') this.events.onMalformed();
    else this.events.onMessage(message, count);
  }

  private forget(): void {
    this.parts = [];
    this.partBytes = 0;
  }
}
