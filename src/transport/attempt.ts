import { SimroomError } from '../core/errors';
import { type Direction, Opener, Sealer } from './sealing';
import { type Signal, parseSignals } from './signal';
import type { SimplePeerConnection, SimplePeerOptions } from './simple_peer';

/** Signals that one sealed message carries at most: all of them fit the relay's limit of length. */
const MAX_BATCH = 16;

/** Makes the connection of an attempt. */
export type MakeConnection = (options: SimplePeerOptions) => SimplePeerConnection;

export interface AttemptOptions {
  readonly key: CryptoKey;
  /** Of the room. */
  readonly tag: string;
  /** Id of the connection, chosen by the guest. */
  readonly id: string;
  /** Where this side's signals go: `to-host` is the guest's, who makes the offer. */
  readonly direction: Direction;
  readonly ice: RTCConfiguration;
  readonly make: MakeConnection;
  /** Passes a sealed text to the other side. */
  readonly post: (sealed: string) => void;
}

/**
 * One connection and its sealed signals, in both directions, for as long as it lives: a change of network needs new ones.
 */
export class Attempt {
  private readonly sealer: Sealer;
  private readonly opener: Opener;
  private readonly queue: Signal[] = [];
  private sealing = false;
  private made: SimplePeerConnection | null = null;

  constructor(private readonly options: AttemptOptions) {
    const { key, tag, id: connection, direction } = options;
    this.sealer = new Sealer(key, { tag, connection, direction });
    this.opener = new Opener(key, {
      tag,
      connection,
      direction: direction === 'to-host' ? 'to-guest' : 'to-host',
    });
  }

  /** The connection, once there is one. */
  get connection(): SimplePeerConnection['connection'] | null {
    return this.made?.connection ?? null;
  }

  /** Makes the connection: the guest's at once, the host's when an offer has come. */
  connect(): SimplePeerConnection['connection'] {
    this.made = this.options.make({
      initiator: this.options.direction === 'to-host',
      ice: this.options.ice,
      send: (signal) => {
        this.queue.push(signal);
        if (!this.sealing) void this.sealAll();
      },
    });
    return this.made.connection;
  }

  /** Opens a sealed text; null when it must be dropped. */
  async open(sealed: string): Promise<readonly Signal[] | null> {
    const message = await this.opener.open(sealed);
    return message === null ? null : parseSignals(message);
  }

  /** Passes opened signals on. */
  hear(signals: readonly Signal[]): void {
    for (const signal of signals) this.made?.signal(signal);
  }

  /** What comes while a message is being sealed goes into the next one. */
  private async sealAll(): Promise<void> {
    this.sealing = true;
    try {
      while (this.queue.length > 0) {
        this.options.post(await this.sealer.seal({ signals: this.queue.splice(0, MAX_BATCH) }));
      }
    } catch (cause) {
      this.connection?.fail(
        cause instanceof SimroomError
          ? cause
          : new SimroomError('connection-failed', 'The browser could not encrypt a message.', { cause }),
      );
    } finally {
      this.sealing = false;
    }
  }
}
