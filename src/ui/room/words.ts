import type { Role } from '../../app/api';

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
