import type { Role } from '../../app/api';
import { hasRole } from '../../state/room';
import { useApp } from '../../state/store';
import { REFUSALS } from './words';

/** Why this browser may not do what needs a role, or null when it may. */
export function useRefusal(role: Role): string | null {
  return useApp((s) => (hasRole(s, role) ? null : REFUSALS[role]));
}
