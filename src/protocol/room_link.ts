import { SimroomError } from '../core/errors';
import { fromBase64url, toBase64url } from '../core/encoding';

/**
 * The link of a room: `<page>#room=<payload>[&invite=<token>]`. No server sees a fragment.
 *
 * The payload is the room's secret, the start of the hash of the host's public key, and a checksum of both.
 */

export const SECRET_BYTES = 16;
/** Of SHA-256: whoever wants to pose as the host has to find a key with the same 128 bits. */
export const KEY_HASH_BYTES = 16;
/** Of SHA-256: one typo in 65,536 goes unseen, and ends in a room that is not found. */
export const CHECKSUM_BYTES = 2;
export const PAYLOAD_BYTES = SECRET_BYTES + KEY_HASH_BYTES + CHECKSUM_BYTES;
const PAYLOAD_CHARS = Math.ceil((PAYLOAD_BYTES * 4) / 3);

const ROOM = 'room=';
const INVITE = 'invite=';
/** A signed token: header, claims, and an Ed25519 signature of 64 bytes. */
export const TOKEN_PATTERN = /^[\w-]+\.[\w-]+\.[\w-]{86}$/;

export interface RoomLink {
  /** {@link PAYLOAD_BYTES}; its checksum has not been looked at. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Signed token, or null when the link is the room's own. */
  readonly invitation: string | null;
}

/** The link to a page's room; the page's own fragment gives way. */
export function formatRoomLink(page: string, { payload, invitation }: RoomLink): string {
  const invite = invitation === null ? '' : `&${INVITE}${invitation}`;
  return `${beforeFragment(page)}#${ROOM}${toBase64url(payload)}${invite}`;
}

/** The link of a room with another invitation, or with none. */
export function withInvitation(link: string, invitation: string | null): string {
  return formatRoomLink(link, { ...parseRoomLink(link), invitation });
}

/**
 * Reads a link, or its fragment alone.
 *
 * @throws SimroomError `link-invalid`
 */
export function parseRoomLink(text: string): RoomLink {
  const trimmed = text.trim();
  const fragment = trimmed.slice(trimmed.indexOf('#') + 1);
  const parts = fragment.split('&');
  const room = parts.find((part) => part.startsWith(ROOM))?.slice(ROOM.length);
  if (room === undefined) {
    const begun = trimmed.includes('#') && fragment !== '' && ROOM.startsWith(fragment);
    throw begun ? cutShort() : noRoomLink();
  }
  const invitation = parts.find((part) => part.startsWith(INVITE))?.slice(INVITE.length) ?? null;
  if (room.length < PAYLOAD_CHARS) throw cutShort();
  const payload = fromBase64url(room);
  if (payload?.length !== PAYLOAD_BYTES) throw mistyped();
  if (invitation !== null && !TOKEN_PATTERN.test(invitation)) throw invitationCutShort();
  return { payload, invitation };
}

/** Some letters of the link are not those that were sent. */
export function mistyped(): SimroomError {
  return new SimroomError(
    'link-invalid',
    'The link of this room has a typo: some of its letters were changed on the way. Copy the whole link again.',
  );
}

function cutShort(): SimroomError {
  return new SimroomError(
    'link-invalid',
    'The link of this room was cut short: its end is missing. Copy the whole link again.',
  );
}

function invitationCutShort(): SimroomError {
  return new SimroomError(
    'link-invalid',
    'The invitation in this link was cut short or changed. Copy the whole link again, or ask for another.',
  );
}

function noRoomLink(): SimroomError {
  return new SimroomError(
    'link-invalid',
    'This is no link of a room: those have "#room=" in them. Copy the link that Share gives.',
  );
}

function beforeFragment(url: string): string {
  const at = url.indexOf('#');
  return at === -1 ? url : url.slice(0, at);
}
