import type { Peer, RoomInfo } from '../../app/api';
import { roleLabel } from './words';

/** Something about somebody in a word, and what it means. */
export interface PeerFact {
  readonly text: string;
  readonly tip?: string;
}

const MODES: Readonly<Record<Peer['mode'], PeerFact>> = {
  tape: { text: 'simulates', tip: 'Their browser computes the world itself' },
  snapshot: { text: 'watches', tip: 'Their browser shows the states that the host sends' },
};

const LINKS: Readonly<Record<Exclude<Peer['link'], 'self'>, PeerFact>> = {
  p2p: { text: 'direct', tip: 'Connected to the host peer to peer' },
  turn: { text: 'TURN', tip: 'Connected to the host through a TURN server' },
  relay: { text: 'relayed', tip: 'Connected to the host through the signaling server' },
  local: { text: 'local', tip: 'A tab on the computer of the host' },
};

/** What a room that waits waits for. */
export function waitingText({ host }: RoomInfo): string {
  return host
    ? 'No new people can join just now: the signaling server cannot be reached. Those who are in stay connected.'
    : 'The connection to the host is lost. Looking for a way back.';
}

/** Role, part and connection of somebody, in one line. */
export function peerFacts({ self, role, mode, link }: Peer): PeerFact[] {
  return [
    ...(self ? [{ text: 'You' }] : []),
    { text: roleLabel(role) },
    MODES[mode],
    // The host has no way to go; the mark beside the name says who that is.
    ...(link === 'self' ? [] : [LINKS[link]]),
  ];
}

/** The first letters of a name, for a small circle. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = (word: string | undefined): string => [...(word ?? '')][0]?.toUpperCase() ?? '';
  const last = words.length > 1 ? words.at(-1) : undefined;
  return first(words[0]) + first(last) || '?';
}
