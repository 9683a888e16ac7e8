/**
 * What a session needs of a connection. The kinds (WebRTC in its variants, loopback) are in `transport/`.
 */

/** One lane of messages. */
export interface Channel {
  /**
   * Sends one message; the bytes may be reused after the call.
   *
   * @returns false when it could not be taken: the channel is closed, or its queue is full
   */
  send(message: Uint8Array): boolean;
  /** Bytes taken and not yet on the wire. */
  readonly bufferedAmount: number;
  /** One receiver; what comes while there is none is lost. The bytes belong to the receiver. */
  onmessage: ((message: Uint8Array) => void) | null;
}

/** What both ends of a connection can see of it, and nobody in between can forge: its DTLS fingerprints. */
export interface Binding {
  /** SHA-256 of this end's certificate, 32 bytes. */
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
}

/** An open connection to one peer. */
export interface Link {
  /** Reliable and ordered. */
  readonly ctl: Channel;
  /** Unordered, without retransmits: what is lost stays lost. */
  readonly rt: Channel;
  /** Reliable and ordered, for what is large. */
  readonly bulk: Channel;
  readonly binding: Binding;
  /** The connection has ended, from whichever side; called once. */
  onclose: (() => void) | null;
  close(): void;
}

/** Ids of the negotiated data channels. */
export const CHANNELS = {
  ctl: { id: 1, ordered: true },
  rt: { id: 2, ordered: false, maxRetransmits: 0 },
  bulk: { id: 3, ordered: true },
} as const;
