import type { ErrorCode } from '../core/errors';
import type { AppStore } from '../state/store';
import type { Peer, Simroom } from './api';

/** Failures of joining, and ends of a room: each has a card of its own. */
const ROOM_FAILURES: ReadonlySet<string> = new Set<ErrorCode>([
  'link-invalid',
  'room-not-found',
  'room-full',
  'room-locked',
  'room-untrusted',
  'room-closed',
  'removed',
  'invitation-invalid',
  'version-differs',
  'relay-unreachable',
  'connection-failed',
  'rooms-unavailable',
]);

/** Failures of one deed in a room, which goes on. */
const REFUSALS: ReadonlySet<string> = new Set<ErrorCode>(['not-in-room', 'role-refused', 'too-fast']);

export function isRoomFailure(code: string): boolean {
  return ROOM_FAILURES.has(code);
}

export function isRefusal(code: string): boolean {
  return REFUSALS.has(code);
}

/** Feeds room, people and chat from their events. Returns how to stop. */
export function connectRoom(simroom: Simroom, store: AppStore): (() => void)[] {
  const s = store.getState();
  return [
    simroom.on('room', (room) => {
      const before = store.getState().room;
      s.setRoom(room, simroom.room.left());
      // Another room, another talk; what was said in the one just left can still be read.
      if (room !== null && room.id !== before?.id) s.setMessages(simroom.chat.messages());
    }),
    simroom.on('peer', (peers) => {
      const before = store.getState().peers;
      s.setPeers(peers);
      const text = store.getState().room === null ? '' : comings(before, peers);
      if (text !== '') s.notify({ code: 'people', message: text });
    }),
    simroom.on('chat', s.addMessage),
    simroom.on('joining', s.setJoining),
  ];
}

/** Who has come and gone, in words; nothing when one has only just arrived oneself. */
function comings(before: readonly Peer[], now: readonly Peer[]): string {
  if (before.length === 0) return '';
  const names = (list: readonly Peer[], others: readonly Peer[]): string =>
    list
      .filter((peer) => !peer.self && !others.some(({ id }) => id === peer.id))
      .map(({ name }) => name)
      .join(', ');
  const [came, went] = [names(now, before), names(before, now)];
  return [came && `${came} came in.`, went && `${went} left.`].filter(Boolean).join(' ');
}
