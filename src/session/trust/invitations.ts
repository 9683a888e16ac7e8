import { SimroomError } from '../../core/errors';
import type { Invitation, Role } from '../../protocol/ctl';
import { toBase64url } from '../../core/encoding';
import { TOKEN_PATTERN } from '../../protocol/room_link';
import type { KeyPair } from '../../protocol/trust';
import { signingKey, verifyingKey } from './identity';

/**
 * A host's invitations: tokens (JWT, EdDSA) that give whoever brings one a role.
 *
 * The host signs them and keeps the list of them. The list decides; the signature only keeps others from guessing what
 * is on it. No clock but the host's is ever asked.
 */

/** 96 random bits, in 16 letters. */
const ID_BYTES = 12;
/** As many as an admin is shown; see `ctl.ts`. */
export const MAX_INVITATIONS = 256;
/** Ten years, s: beyond that it is no expiry, but a mistake. */
const MAX_EXPIRES_IN = 10 * 366 * 86_400;
const MAX_USES = 10_000;
/** Identities remembered of those who came by one invitation: those of years, for people; for a flood, an end. */
const MAX_REMEMBERED = 1024;

export interface InvitationRequest {
  readonly role: Role;
  /** s; 0 when it never expires. */
  readonly expiresIn: number;
  /** How many people may come by it; 0 is without limit. */
  readonly uses: number;
}

/** A token that is truly of this host and room. Whether it is still good shows when it is used. */
export interface Verified {
  readonly id: string;
}

/** One invitation as the host keeps it; plain data. */
export interface KeptInvitation {
  readonly id: string;
  readonly role: Role;
  /** s of the host's clock; 0 when it never expires. */
  readonly expires: number;
  readonly uses: number;
  readonly used: number;
  readonly state: 'good' | 'revoked' | 'usedUp';
  /** Identities that came by it, oldest first. */
  readonly by: readonly string[];
}

export interface InvitationsOptions {
  /** Of the room, hex. */
  readonly tag: string;
  readonly hostKey: KeyPair;
  /** The host's wall clock, s. */
  readonly now: () => number;
}

export class Invitations {
  /** By id, oldest first. */
  private readonly all: Map<string, KeptInvitation>;
  private readonly tag: string;
  private readonly hostKey: KeyPair;
  private readonly now: () => number;

  constructor({ tag, hostKey, now }: InvitationsOptions, saved: readonly KeptInvitation[] = []) {
    this.tag = tag;
    this.hostKey = hostKey;
    this.now = now;
    this.all = new Map(saved.map((one) => [one.id, one]));
  }

  /**
   * Makes an invitation.
   *
   * @throws SimroomError `bad-argument`
   */
  async create(request: InvitationRequest): Promise<{ readonly id: string; readonly token: string }> {
    const { role, expiresIn, uses } = request;
    requireWhole('An invitation expires in', 'seconds', expiresIn, MAX_EXPIRES_IN);
    requireWhole('An invitation is for', 'people', uses, MAX_USES);
    const id = toBase64url(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
    const expires = expiresIn === 0 ? 0 : this.now() + expiresIn;
    const { SignJWT } = await import('jose');
    const unsigned = new SignJWT({ role })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' })
      .setAudience(this.tag)
      .setJti(id);
    // Whole seconds, as most readers of tokens want them; the list is exact.
    if (expires !== 0) unsigned.setExpirationTime(Math.ceil(expires));
    const token = await unsigned.sign(await signingKey(this.hostKey));
    this.makeRoom();
    this.all.set(id, { id, role, expires, uses, used: 0, state: 'good', by: [] });
    return { id, token };
  }

  /**
   * Makes sure that a token is one that this host signed for this room.
   *
   * @throws SimroomError `invitation-invalid`
   */
  async verify(token: string): Promise<Verified> {
    if (!TOKEN_PATTERN.test(token)) {
      throw invalid('was cut short or changed on the way. Copy the whole link again');
    }
    const { decodeJwt, errors, jwtVerify } = await import('jose');
    try {
      if (decodeJwt(token).aud !== this.tag) throw invalid('is for another room. Ask for one to this room');
      const { payload } = await jwtVerify(token, await verifyingKey(this.hostKey.public), {
        algorithms: ['EdDSA'],
        audience: this.tag,
        requiredClaims: ['jti'],
        // Expiry is the list's affair, by a clock that tests can set.
        clockTolerance: Number.MAX_SAFE_INTEGER,
      });
      return { id: payload.jti ?? '' };
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      throw invalid(
        'is forged or damaged: the host of this room has not signed it. Ask for a new one',
        error,
      );
    }
  }

  /**
   * Lets an identity in by an invitation, which takes one of its uses. Who came by it before comes again without
   * another use, and also when it has expired or is used up since; not when it was revoked.
   *
   * @throws SimroomError `invitation-invalid`
   */
  use({ id }: Verified, identity: string): Role {
    const kept = this.all.get(id);
    if (kept === undefined) throw invalid('is not known to the host any more. Ask for a new one');
    if (kept.state === 'revoked') throw invalid('was revoked by an admin. Ask for a new one');
    if (kept.by.includes(identity)) return kept.role;
    if (this.hasExpired(kept)) throw invalid('has expired. Ask for a new one');
    if (isUsedUp(kept)) throw invalid('was used up by others. Ask for a new one');
    const by = [...kept.by, identity].slice(-MAX_REMEMBERED);
    this.all.set(id, { ...kept, used: kept.used + 1, by });
    return kept.role;
  }

  /** Whether an identity has used an invitation before, whatever has become of that since. */
  cameBy({ id }: Verified, identity: string): boolean {
    return this.all.get(id)?.by.includes(identity) ?? false;
  }

  /** {@link verify} and {@link use} in one. */
  async admit(token: string, identity: string): Promise<Role> {
    return this.use(await this.verify(token), identity);
  }

  /** @throws SimroomError `unknown-name` */
  revoke(id: string): void {
    const kept = this.all.get(id);
    if (kept === undefined) throw new SimroomError('unknown-name', `There is no invitation "${id}".`);
    this.all.set(id, { ...kept, state: 'revoked' });
  }

  /** Nobody new comes in by what this identity came by: whoever was removed might hand it to themselves. */
  useUpThoseOf(identity: string): void {
    for (const kept of this.all.values()) {
      if (kept.state === 'good' && kept.by.includes(identity)) {
        this.all.set(kept.id, { ...kept, state: 'usedUp' });
      }
    }
  }

  /** Those that were neither revoked nor have expired, oldest first. */
  list(): readonly Invitation[] {
    const now = this.now();
    return [...this.all.values()]
      .filter((kept) => kept.state !== 'revoked' && !this.hasExpired(kept))
      .map(({ id, role, expires, uses, used, state }) => ({
        id,
        role,
        expiresIn: expires === 0 ? 0 : Math.ceil(expires - now),
        uses: state === 'usedUp' ? used : uses,
        used,
      }));
  }

  /** Plain data for the constructor's `saved`. */
  save(): readonly KeptInvitation[] {
    return [...this.all.values()];
  }

  private hasExpired({ expires }: KeptInvitation): boolean {
    return expires !== 0 && this.now() >= expires;
  }

  /** Forgets the oldest that is good for nobody new. */
  private makeRoom(): void {
    if (this.all.size < MAX_INVITATIONS) return;
    for (const kept of this.all.values()) {
      if (kept.state === 'revoked' || this.hasExpired(kept) || isUsedUp(kept)) {
        this.all.delete(kept.id);
        return;
      }
    }
    throw new SimroomError(
      'bad-argument',
      `There are ${MAX_INVITATIONS} invitations that are still good. Revoke some first.`,
    );
  }
}

function isUsedUp({ state, uses, used }: KeptInvitation): boolean {
  return state === 'usedUp' || (uses !== 0 && used >= uses);
}

function requireWhole(what: string, unit: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  throw new SimroomError(
    'bad-argument',
    `${what} a whole number of ${unit} up to ${most}, or 0 for no limit; not ${value}.`,
  );
}

function invalid(why: string, cause?: unknown): SimroomError {
  return new SimroomError('invitation-invalid', `This invitation ${why}.`, { cause });
}
