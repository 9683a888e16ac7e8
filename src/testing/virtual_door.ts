import { createHash } from 'node:crypto';
import type { Role } from '../protocol/ctl';
import { toHex } from '../core/encoding';
import type { GuestTrust, HostTrust, Versions } from '../protocol/trust';
import { Gate } from '../session/trust/gate';
import type { GuestDoor, GuestOptions } from '../session/room/guest_door';
import type { GuestHandshake, HostHandshake, Visitor } from '../session/trust/handshake';
import type { HostDoor, HostOptions } from '../session/room/host_session';
import type { Self } from '../session/room_messages';
import type { VirtualClock } from './virtual_network';

/** Doors that believe everything, for rooms on a virtual clock. */

export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

const KEY = { secret: new Uint8Array(0), public: new Uint8Array(32) };
const HOST_TRUST: HostTrust = { tag: '00'.repeat(16), bind: new Uint8Array(32), hostKey: KEY };
const GUEST_TRUST: GuestTrust = {
  tag: HOST_TRUST.tag,
  bind: HOST_TRUST.bind,
  hostKeyHash: new Uint8Array(16),
  identity: KEY,
};
const VERSIONS: Versions = { build: 'test', wasm: new Uint8Array(32) };

/** A handshake that believes everything. */
class TrustingHost implements HostHandshake {
  constructor(private readonly settle: () => void) {}

  async hello(): ReturnType<HostHandshake['hello']> {
    this.settle();
    const zeros = new Uint8Array(32);
    return {
      kind: 'challenge',
      version: 1,
      ...VERSIONS,
      wasm: zeros,
      nonce: zeros,
      hostKey: zeros,
      signature: new Uint8Array(64),
      mac: zeros,
    };
  }

  async knock(message: Parameters<HostHandshake['knock']>[0]): Promise<Visitor> {
    this.settle();
    const { identity, name, colour, invitation } = message;
    return { identity: toHex(identity), name, colour, invitation };
  }
}

class TrustingGuest implements GuestHandshake {
  constructor(
    private readonly settle: () => void,
    private readonly identity: number,
    private readonly self: Self,
  ) {}

  hello(): ReturnType<GuestHandshake['hello']> {
    return { kind: 'hello', version: 1, build: 'test', wasm: new Uint8Array(32), nonce: new Uint8Array(32) };
  }

  async challenge(): ReturnType<GuestHandshake['challenge']> {
    this.settle();
    return {
      kind: 'knock',
      mac: new Uint8Array(32),
      identity: new Uint8Array(32).fill(this.identity),
      signature: new Uint8Array(64),
      ...this.self,
      invitation: null,
    };
  }
}

/** A guest that believes everything. */
export function guestDoor(clock: VirtualClock, identity: number, self: Self): GuestDoor {
  const settle = (): void => clock.settle();
  return {
    handshake: () => new TrustingGuest(settle, identity, self),
    digest: async (bytes) => {
      settle();
      return sha256(bytes);
    },
  };
}

export function guestOptions(self: Self): GuestOptions {
  return { trust: GUEST_TRUST, versions: VERSIONS, self, invitation: null };
}

/** A host that believes everything; its gate is a real one. */
export function hostDoor(clock: VirtualClock, defaultRole: Role): HostDoor {
  return {
    gate: new Gate({ tag: HOST_TRUST.tag, hostKey: KEY, now: () => clock.now / 1000, defaultRole }),
    handshake: () => new TrustingHost(() => clock.settle()),
    digest: async (bytes) => {
      clock.settle();
      return sha256(bytes);
    },
  };
}

export function hostOptions(defaultRole: Role): HostOptions {
  return {
    trust: HOST_TRUST,
    versions: VERSIONS,
    self: { name: 'Host', colour: 0 },
    defaultRole,
    kept: null,
  };
}
