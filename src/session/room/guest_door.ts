import type { Binding } from '../../protocol/link';
import type { GuestTrust, Versions } from '../../protocol/trust';
import { type Digest, sha256 } from './content';
import { type GuestHandshake, guestHandshakes } from '../trust/handshake';
import type { Self } from '../room_messages';

/** A room to enter; plain data. */
export interface GuestOptions {
  readonly trust: GuestTrust;
  readonly versions: Versions;
  readonly self: Self;
  /** Token of the link, or null. */
  readonly invitation: string | null;
}

/** How one proves who one is, and how bytes are digested. */
export interface GuestDoor {
  readonly handshake: (binding: Binding) => GuestHandshake;
  readonly digest: Digest;
}

/** The way in, with real keys. */
export function guestDoor({ trust, versions, self, invitation }: GuestOptions): GuestDoor {
  return { handshake: guestHandshakes(trust, versions, { ...self, invitation }), digest: sha256 };
}
