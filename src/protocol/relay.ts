/**
 * What browsers and the signaling relay say to each other: JSON texts over a WebSocket.
 *
 * The relay introduces peers and knows nothing else: a room's tag, peer ids that it makes up, sealed blobs.
 */

/** Path of the relay's WebSocket, below the app's base. */
export const RELAY_PATH = 'relay';

/** A tag is 16 bytes, hex. */
export const TAG_PATTERN = /^[0-9a-f]{32}$/;
/** Peer ids as the relay makes them. */
export const PEER_ID_PATTERN = /^[0-9a-f]{16}$/;
/** Chosen by the host, so that after a lost connection it can take its place again: 16 bytes, hex. */
const TOKEN_PATTERN = /^[0-9a-f]{32}$/;
/** An SDP with its candidates is some 4 kB, sealed and in base64url 6. */
export const MAX_SEALED_CHARS = 32 << 10;
const SEALED_PATTERN = /^[A-Za-z0-9_-]+$/;
/** A whole message. */
export const MAX_RELAY_MESSAGE_CHARS = MAX_SEALED_CHARS + 256;

/** From a browser. The first message must be `host` or `guest`. */
export type ToRelay =
  /** Take the host's place of a room; `token` again takes it back from a connection that hangs. */
  | { readonly kind: 'host'; readonly room: string; readonly token: string }
  | { readonly kind: 'guest'; readonly room: string }
  /** Pass a blob on: guests write to the host only (`peer` is left out), the host to any of its guests. */
  | { readonly kind: 'send'; readonly peer?: string; readonly sealed: string };

export type RelayError =
  /** The room has a host with another token; to a host: one with the same token has taken its place. */
  | 'room-taken'
  | 'room-full'
  | 'too-many-rooms'
  | 'too-many-connections'
  | 'too-fast'
  | 'bad-message'
  /** No introduction in time, or a guest that for long neither wrote nor was written to. */
  | 'timed-out'
  | 'shutting-down';

/** From the relay. */
export type FromRelay =
  /** You are in; a guest is told whether the host is there. */
  | { readonly kind: 'welcome'; readonly peer: string; readonly hosted: boolean }
  /** To guests: the host came or went; both, when another connection takes the host's place. */
  | { readonly kind: 'hosted'; readonly hosted: boolean }
  /** To the host: a guest came or went; those who were waiting come right after `welcome`. */
  | { readonly kind: 'joined' | 'left'; readonly peer: string }
  /** From a guest (`peer` says which), or from the host (without). */
  | { readonly kind: 'sealed'; readonly peer?: string; readonly sealed: string }
  /** Said before the connection is closed. */
  | { readonly kind: 'error'; readonly error: RelayError };

const ERRORS: readonly string[] = [
  'room-taken',
  'room-full',
  'too-many-rooms',
  'too-many-connections',
  'too-fast',
  'bad-message',
  'timed-out',
  'shutting-down',
] satisfies RelayError[];

/** Null when the text is not a message of a browser. */
export function parseToRelay(text: string): ToRelay | null {
  const value = parseObject(text);
  if (value === null) return null;
  const { kind, room, token, peer, sealed } = value;
  switch (kind) {
    case 'host':
      return matches(room, TAG_PATTERN) && matches(token, TOKEN_PATTERN) ? { kind, room, token } : null;
    case 'guest':
      return matches(room, TAG_PATTERN) ? { kind, room } : null;
    case 'send':
      if (!isSealed(sealed)) return null;
      if (peer === undefined) return { kind, sealed };
      return matches(peer, PEER_ID_PATTERN) ? { kind, peer, sealed } : null;
    default:
      return null;
  }
}

/** Null when the text is not a message of a relay. */
export function parseFromRelay(text: string): FromRelay | null {
  const value = parseObject(text);
  if (value === null) return null;
  const { kind, peer, hosted, sealed, error } = value;
  switch (kind) {
    case 'welcome':
      return matches(peer, PEER_ID_PATTERN) && typeof hosted === 'boolean' ? { kind, peer, hosted } : null;
    case 'hosted':
      return typeof hosted === 'boolean' ? { kind, hosted } : null;
    case 'joined':
    case 'left':
      return matches(peer, PEER_ID_PATTERN) ? { kind, peer } : null;
    case 'sealed':
      if (!isSealed(sealed)) return null;
      if (peer === undefined) return { kind, sealed };
      return matches(peer, PEER_ID_PATTERN) ? { kind, peer, sealed } : null;
    case 'error':
      return typeof error === 'string' && ERRORS.includes(error)
        ? { kind, error: error as RelayError }
        : null;
    default:
      return null;
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  if (text.length > MAX_RELAY_MESSAGE_CHARS) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

function isSealed(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_SEALED_CHARS && SEALED_PATTERN.test(value);
}
