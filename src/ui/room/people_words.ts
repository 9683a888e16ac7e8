import type { Peer, RoomInfo } from '../../app/api';
import { roleLabel } from './words';

const LINKS: Readonly<Record<Peer['link'], string>> = {
  // Only the host has no way to go, which the mark beside the name says.
  self: 'hosts',
  p2p: 'peer to peer',
  turn: 'through TURN',
  relay: 'relayed',
  local: 'this computer',
};

/** What a room that waits waits for. */
export function waitingText({ host }: RoomInfo): string {
  return host
    ? 'No new people can join just now: the signaling server cannot be reached. Those who are in stay connected.'
    : 'The connection to the host is lost. Looking for a way back.';
}

/** Role, part and connection of somebody, in a few words. */
export function peerFacts({ self, role, mode, link }: Peer): string[] {
  return [
    ...(self ? ['You'] : []),
    roleLabel(role),
    mode === 'tape' ? 'simulates' : 'watches',
    ...(self && link === 'self' ? [] : [LINKS[link]]),
  ];
}

/** The first letters of a name, for a small circle. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = (word: string | undefined): string => [...(word ?? '')][0]?.toUpperCase() ?? '';
  const last = words.length > 1 ? words.at(-1) : undefined;
  return first(words[0]) + first(last) || '?';
}
