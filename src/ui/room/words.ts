import type { JoinStep, Peer, Role } from '../../app/api';

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
  { value: 'admin', label: 'Admin', text: 'Everything, and invites, removes people, changes roles.' },
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
  self: 'this browser',
  p2p: 'peer to peer',
  turn: 'through TURN',
  relay: 'relayed',
  local: 'this computer',
};

/** How somebody is connected and takes part, in a few words. */
export function peerFacts({ role, mode, link, rttMs, host }: Peer): string[] {
  return [
    roleLabel(role),
    mode === 'tape' ? 'simulates' : 'watches',
    host && link !== 'self' ? 'hosts' : LINKS[link],
    ...(rttMs === null ? [] : [`${Math.round(rttMs)} ms`]),
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
