import { SimroomError } from '../../core/errors';
import type { Request, Role } from '../../protocol/ctl';
import type { ActionKind } from '../../tape/action';

/**
 * Who may do what. The host decides by this; a guest asks it first, so that its person hears at once.
 */

const RANK: Readonly<Record<Role, number>> = { viewer: 0, developer: 1, admin: 2 };

const NEEDED: Readonly<Record<Request['kind'], Role>> = {
  rename: 'viewer',
  wear: 'viewer',
  load: 'developer',
  rewind: 'developer',
  scrub: 'developer',
  gather: 'developer',
  putFace: 'developer',
  setRole: 'admin',
  remove: 'admin',
  lock: 'admin',
  setDefaultRole: 'admin',
  invite: 'admin',
  revoke: 'admin',
  invitations: 'admin',
};

/** Made by the host itself, when a tape needs them. */
const HOSTS_OWN: ReadonlySet<ActionKind> = new Set<ActionKind>(['checkpoint', 'restore']);

/** @throws SimroomError `role-refused` */
export function requireRequest(role: Role, kind: Request['kind']): void {
  if (RANK[role] >= RANK[NEEDED[kind]]) return;
  throw new SimroomError(
    'role-refused',
    `Your role in this room is ${role}: "${kind}" needs ${NEEDED[kind]}. Ask an admin for that role.`,
  );
}

/** @throws SimroomError `role-refused` */
export function requireAction(role: Role, kind: ActionKind): void {
  if (HOSTS_OWN.has(kind)) {
    throw new SimroomError('role-refused', `"${kind}" is for the room's host alone.`);
  }
  if (role !== 'viewer') return;
  throw new SimroomError(
    'role-refused',
    `Your role in this room is viewer: you can look, chat and point. Ask an admin for the role developer to touch the world.`,
  );
}
