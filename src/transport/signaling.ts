import { SimroomError } from '../core/errors';
import type { Connection } from './connection';
import type { NetworkSettings } from './ice';
import type { RoomKeys } from './keys';
import { loading } from './loading';

/**
 * How the browsers of a room find each other. All that the app needs of this folder:
 *
 * ```ts
 * const settings = await loadNetworkSettings(location, stored);         // ice.ts
 * const keys = await deriveKeys(secret);                                // keys.ts
 *
 * const host = await createHostSignaling({ settings, keys, token }, {
 *   connection: ({ port }) => engine.welcome(transfer(port, [port])),   // openLink(port) in the worker
 *   state: (state, reason) => ..., refused: (error) => ...,
 * });
 *
 * const guest = await createGuestSignaling({ settings, keys }, { state: ... });
 * const connection = await guest.connect();                             // room-not-found, room-full...
 * await engine.enter(transfer(connection.port, [connection.port]));     // connection-failed...
 * ...
 * await guest.hosted();                                                 // the host is back
 * ```
 *
 * The signaling stays open while one is in the room: a connection that changes its network needs it. Kinds: our relay,
 * which carries sealed texts only, and PeerJS, whose server sees the descriptions (and can do nothing with them: the
 * handshake is bound to the certificates).
 */

/** `waiting`: the server cannot be reached just now; it is tried again by itself, and whoever is in stays connected. */
export type SignalingState = 'open' | 'waiting';

export interface SignalingEvents {
  /** @param reason why it is waiting */
  state(state: SignalingState, reason: SimroomError | null): void;
}

export interface HostSignalingEvents extends SignalingEvents {
  /** A guest is connecting, or wants to. */
  connection(connection: Connection): void;
  /** The server will not have this room (any more): `rooms-unavailable`, `version-differs`. It is over then. */
  refused(error: SimroomError): void;
}

export interface HostSignaling {
  /** Messages dropped so far: not sealed with this room's key, altered, replayed, out of order, or too many. */
  readonly dropped: number;
  /** Lets nobody new in; connections stay. */
  close(): void;
}

export interface GuestSignaling {
  /**
   * Connects to the room's host. While the server cannot be reached it waits (and `state` says so) until `stop`.
   *
   * @throws SimroomError `room-not-found` when nobody has the room open, `room-full`, `version-differs`;
   *   whatever `stop` was aborted with
   */
  connect(stop?: AbortSignal): Promise<Connection>;
  /** Resolves when somebody has the room open, however long that takes. Errors as of {@link connect}. */
  hosted(stop?: AbortSignal): Promise<void>;
  /** Connections stay. */
  close(): void;
}

export interface GuestSignalingOptions {
  readonly settings: NetworkSettings;
  readonly keys: Pick<RoomKeys, 'tag' | 'seal'>;
}

export interface HostSignalingOptions extends GuestSignalingOptions {
  /** 16 bytes, hex: proves to the server that it is the same host that comes back. To be kept with the room. */
  readonly token: string;
}

/** Opens a room to guests. */
export async function createHostSignaling(
  options: HostSignalingOptions,
  events: HostSignalingEvents,
): Promise<HostSignaling> {
  const { signaling } = options.settings;
  if (signaling.kind === 'peerjs') {
    const { PeerJsHost } = await loading(import('./peerjs'));
    return PeerJsHost.open(options, signaling, events);
  }
  const { RelayHost } = await loading(import('./relay_signaling'));
  return RelayHost.open(options, signaling.url, events);
}

/** Looks for a room. */
export async function createGuestSignaling(
  options: GuestSignalingOptions,
  events: SignalingEvents,
): Promise<GuestSignaling> {
  const { signaling } = options.settings;
  if (signaling.kind === 'peerjs') {
    const { PeerJsGuest } = await loading(import('./peerjs'));
    return PeerJsGuest.open(options, signaling, events);
  }
  const { RelayGuest } = await loading(import('./relay_signaling'));
  return RelayGuest.open(options, signaling.url, events);
}
