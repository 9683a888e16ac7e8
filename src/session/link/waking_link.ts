import type { Binding, Channel, Link } from '../../protocol/link';

/** A link that wakes whoever drives the session after every message that was heard, and after its end. */
export class WakingLink implements Link {
  readonly ctl: Channel;
  readonly rt: Channel;
  readonly bulk: Channel;

  constructor(
    private readonly link: Link,
    private readonly wake: () => void,
  ) {
    this.ctl = new WakingChannel(link.ctl, wake);
    this.rt = new WakingChannel(link.rt, wake);
    this.bulk = new WakingChannel(link.bulk, wake);
  }

  get binding(): Binding {
    return this.link.binding;
  }

  get onclose(): (() => void) | null {
    return this.link.onclose;
  }

  set onclose(closed: (() => void) | null) {
    this.link.onclose = closed === null ? null : after(closed, this.wake);
  }

  close(): void {
    this.link.close();
  }
}

class WakingChannel implements Channel {
  constructor(
    private readonly channel: Channel,
    private readonly wake: () => void,
  ) {}

  get bufferedAmount(): number {
    return this.channel.bufferedAmount;
  }

  get onmessage(): ((message: Uint8Array) => void) | null {
    return this.channel.onmessage;
  }

  set onmessage(receive: ((message: Uint8Array) => void) | null) {
    const { wake } = this;
    this.channel.onmessage =
      receive === null
        ? null
        : (message) => {
            receive(message);
            wake();
          };
  }

  send(message: Uint8Array): boolean {
    return this.channel.send(message);
  }
}

function after(first: () => void, then: () => void): () => void {
  return () => {
    first();
    then();
  };
}
