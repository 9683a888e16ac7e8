import type { ErrorCode } from '../../core/errors';

/** What the card of a failure offers. */
export type Remedy = 'retry' | 'rejoin' | 'own' | 'reload';

export interface FailureWords {
  readonly title: string;
  /** What to do next. */
  readonly next: string;
  /** Instead of what happened and `next`, where a room has been left behind with its world. */
  readonly ended?: string;
  /** The first is the best. */
  readonly remedies: readonly Remedy[];
}

/** Every failure of joining, and every end of a room. */
export const ROOM_FAILURES: Readonly<Partial<Record<ErrorCode | 'unknown', FailureWords>>> = {
  'link-invalid': {
    title: 'This link is not whole',
    next: 'Whoever sent it finds the whole of it under Share.',
    remedies: ['own'],
  },
  'room-not-found': {
    title: 'Nobody has this room open',
    next: 'It opens when its host does. Try again then; nothing has been lost.',
    remedies: ['retry', 'own'],
  },
  'room-full': {
    title: 'This room is full',
    next: 'A room has as many places as its host’s browser can serve.',
    remedies: ['retry', 'own'],
  },
  'room-locked': {
    title: 'This room is locked',
    next: 'Once it is unlocked, try again.',
    remedies: ['retry', 'own'],
  },
  'room-untrusted': {
    title: 'This is not the room of the link',
    next: 'Whoever answered could not prove to be its host, so nothing was told to them. Ask for a new link.',
    remedies: ['own', 'retry'],
  },
  'room-closed': {
    title: 'The room is closed',
    next: 'Try again when its host is back.',
    ended: 'The world as it was stays with you. You can go back when the host returns.',
    remedies: ['rejoin', 'own'],
  },
  removed: {
    title: 'This room is closed to you',
    next: 'It does not open to this browser again.',
    ended: 'An admin has removed you from the room. The world as it was is yours to keep.',
    remedies: ['own'],
  },
  'invitation-invalid': {
    title: 'This invitation is no longer good',
    next: 'Ask for a new one.',
    remedies: ['own', 'retry'],
  },
  'version-differs': {
    title: 'The other side runs another version',
    next: 'Worlds stay the same only between equal versions. Reload this page to get the newest, and ask the host to do so too.',
    remedies: ['reload', 'own'],
  },
  'relay-unreachable': {
    title: 'The signaling server cannot be reached',
    next: 'It introduces browsers to each other. Check your connection; your own world runs without it.',
    remedies: ['retry', 'own'],
  },
  'connection-failed': {
    title: 'No way to the host was found',
    next: 'A firewall may stand between you. Another network, or a TURN server, can help.',
    remedies: ['retry', 'own'],
  },
  'rooms-unavailable': {
    title: 'This browser cannot join rooms',
    next: 'Rooms need WebRTC, and a page that came over HTTPS.',
    remedies: ['own'],
  },
};

export const UNKNOWN_FAILURE: FailureWords = {
  title: 'Joining did not work',
  next: 'Try again; if it happens again, ask for a new link.',
  remedies: ['retry', 'own'],
};
