/**
 * What the two ends of a connection know before they meet: plain bytes, which a page keeps in its database and hands to
 * its worker.
 */

/** An Ed25519 key pair. */
export interface KeyPair {
  /** PKCS #8. */
  readonly secret: Uint8Array<ArrayBuffer>;
  /** Raw, 32 bytes. */
  readonly public: Uint8Array<ArrayBuffer>;
}

export interface HostTrust {
  /** Of the room, hex. */
  readonly tag: string;
  /** HMAC-SHA-256 key that comes from the room's secret. */
  readonly bind: Uint8Array<ArrayBuffer>;
  readonly hostKey: KeyPair;
}

export interface GuestTrust {
  readonly tag: string;
  readonly bind: Uint8Array<ArrayBuffer>;
  /** Of the host's public key, as the link has it: 16 bytes. */
  readonly hostKeyHash: Uint8Array<ArrayBuffer>;
  /** By which this browser is known to hosts. */
  readonly identity: KeyPair;
}

/** What runs at one end. */
export interface Versions {
  /** Of the app. */
  readonly build: string;
  /** SHA-256 of MuJoCo's wasm: who shares it computes the same bits. */
  readonly wasm: Uint8Array<ArrayBuffer>;
}
