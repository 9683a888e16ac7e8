import { SimroomError } from '../../core/errors';
import type { Role } from '../../protocol/ctl';
import { MAX_PEOPLE } from '../../protocol/limits';
import { type KeptInvitation, Invitations, type InvitationsOptions, type Verified } from './invitations';

/**
 * Who may enter a room, and as what.
 *
 * A person is an identity, that is the key of a browser. Who was in once comes back with the role they had last, also
 * when the room is locked by then; who was removed does not come back.
 */

/** Identities that are remembered: those who came last. Somebody may come with a new one each time. */
const MAX_MEMBERS = 1024;

interface Member {
  readonly role: Role;
  /** What they came by, or null: by the plain link, or an admin has chosen their role since. */
  readonly invitation: string | null;
}

/** A gate as plain data. */
export interface GateState {
  readonly version: 1;
  readonly locked: boolean;
  readonly defaultRole: Role;
  /** Identity, role, invitation; who came last is last. */
  readonly members: readonly (readonly [string, Role, string | null])[];
  readonly banned: readonly string[];
  readonly invitations: readonly KeptInvitation[];
}

/** A state that {@link Gate.save} gave; null when it is none. It is the host's own: only its version can be wrong. */
export function asGateState(value: unknown): GateState | null {
  const isOne = typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
  return isOne ? (value as GateState) : null;
}

export class Gate {
  locked: boolean;
  /** Of those who come by the plain link. */
  defaultRole: Role;
  readonly invitations: Invitations;
  private readonly members: Map<string, Member>;
  private readonly banned: Set<string>;

  constructor(options: InvitationsOptions & { readonly defaultRole: Role }, saved: GateState | null = null) {
    this.locked = saved?.locked ?? false;
    this.defaultRole = saved?.defaultRole ?? options.defaultRole;
    this.invitations = new Invitations(options, saved?.invitations);
    this.members = new Map(
      saved?.members.map(([identity, role, invitation]) => [identity, { role, invitation }]),
    );
    this.banned = new Set(saved?.banned);
  }

  /**
   * Reads the token that somebody brings. Apart from {@link enter}, which decides in one go, so that two who knock at
   * once cannot both get the last place.
   *
   * @throws SimroomError `invitation-invalid`
   */
  async verify(token: string | null): Promise<Verified | null> {
    return token === null ? null : this.invitations.verify(token);
  }

  /**
   * Lets somebody in, or says why not.
   *
   * @param people how many are in already, the host included
   * @throws SimroomError `removed`, `room-locked`, `room-full`, `invitation-invalid`
   */
  enter(identity: string, invitation: Verified | null, people: number): Role {
    if (this.banned.has(identity)) {
      throw new SimroomError('removed', 'An admin has removed you from this room.');
    }
    const known = this.members.get(identity);
    if (this.locked && known === undefined) {
      throw new SimroomError(
        'room-locked',
        'This room is locked: nobody new gets in. Ask an admin to unlock it.',
      );
    }
    if (people >= MAX_PEOPLE) {
      throw new SimroomError('room-full', `This room is full: ${people} people are in it. Try again later.`);
    }
    const member = this.admit(identity, known, invitation);
    this.remember(identity, member);
    return member.role;
  }

  /** An admin has chosen somebody's role; it outlasts what they came by. */
  setRole(identity: string, role: Role): void {
    this.remember(identity, { role, invitation: null });
  }

  /** Somebody is not to come back, nor anybody by the invitation they came by. */
  remove(identity: string): void {
    this.banned.add(identity);
    this.members.delete(identity);
    this.invitations.useUpThoseOf(identity);
  }

  /**
   * Takes an invitation back. Who came by it may stay, but when they come again they are strangers.
   *
   * @throws SimroomError `unknown-name`
   */
  revoke(id: string): void {
    this.invitations.revoke(id);
    for (const [identity, { invitation }] of this.members) {
      if (invitation === id) this.members.delete(identity);
    }
  }

  /** Plain data for {@link asGateState}. */
  save(): GateState {
    return {
      version: 1,
      locked: this.locked,
      defaultRole: this.defaultRole,
      members: Array.from(this.members, ([identity, { role, invitation }]) => [identity, role, invitation]),
      banned: [...this.banned],
      invitations: this.invitations.save(),
    };
  }

  private admit(identity: string, known: Member | undefined, invitation: Verified | null): Member {
    if (invitation === null) return known ?? { role: this.defaultRole, invitation: null };
    if (known !== undefined && this.invitations.cameBy(invitation, identity)) return known;
    return { role: this.invitations.use(invitation, identity), invitation: invitation.id };
  }

  private remember(identity: string, member: Member): void {
    this.members.delete(identity);
    this.members.set(identity, member);
    if (this.members.size <= MAX_MEMBERS) return;
    const [oldest] = this.members.keys();
    if (oldest !== undefined) this.members.delete(oldest);
  }
}
