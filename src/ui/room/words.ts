import type { JoinStep, Peer, Role, RoomInfo } from '../../app/api';

/** What rooms are told in: roles, connections, the steps of joining. */

export interface RoleWords {
  readonly value: Role;
  readonly label: string;
  /** What one may do, in a line. */
  readonly text: string;
}

/** The usual one first. */
export const ROLES: readonly RoleWords[] = [
  { value: 'developer', label: 'Developer', text: 'Loads models, moves, controls and edits everything.' },
  { value: 'viewer', label: 'Viewer', text: 'Looks around, points and chats.' },
  { value: 'admin', label: 'Admin', text: 'Everything; also invites and removes people.' },
];

export function roleLabel(role: Role): string {
  return ROLES.find(({ value }) => value === role)?.label ?? role;
}

/** Why something is not allowed, and what can be done about it. */
export const REFUSALS: Readonly<Record<Role, string>> = {
  viewer: '',
  developer: 'You are a viewer in this room: an admin can make you a developer.',
  admin: 'Only the room’s admins can do this.',
};

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

export interface StepWords {
  readonly step: JoinStep;
  readonly text: string;
  /** Shown when it takes long. */
  readonly slow: string;
}

/** In the order in which they come; compiling and starting are quick enough for one line each. */
export const JOIN_STEPS: readonly StepWords[] = [
  {
    step: 'signaling',
    text: 'Looking for the room',
    slow: 'No answer yet. Its host may be away, or the signaling server; still trying.',
  },
  {
    step: 'connecting',
    text: 'Connecting to its host',
    slow: 'The browsers are still looking for a way to each other. Strict networks need a TURN server.',
  },
  { step: 'entering', text: 'Checking keys', slow: 'The host’s browser takes its time to answer.' },
  { step: 'fetching', text: 'Fetching the model', slow: 'It comes from the host’s browser, once.' },
  { step: 'compiling', text: 'Compiling it', slow: 'Large meshes take a while.' },
  { step: 'starting', text: 'Catching up', slow: 'A long history takes a while.' },
];

/** The first letters of a name, for a small circle. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = (word: string | undefined): string => [...(word ?? '')][0]?.toUpperCase() ?? '';
  const last = words.length > 1 ? words.at(-1) : undefined;
  return first(words[0]) + first(last) || '?';
}
