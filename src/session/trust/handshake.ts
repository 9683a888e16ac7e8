import { ByteWriter } from '../../core/bytes';
import { SimroomError } from '../../core/errors';
import { toUtf8 } from '../../core/utf8';
import type { CtlOf } from '../../protocol/ctl';
import { fromHex, toHex } from '../../core/encoding';
import { HASH_BYTES, PROTOCOL_VERSION } from '../../protocol/limits';
import type { Binding } from '../../protocol/link';
import type { GuestTrust, HostTrust, Versions } from '../../protocol/trust';
import { isSignedBy, signingKey } from './identity';

/**
 * How a host and a guest prove to each other who they are, before anything else is said on `ctl`.
 *
 *     guest → host   hello      versions, nonce
 *     host → guest   challenge  versions, nonce, host key; signature and mac of the transcript
 *     guest → host   knock      identity; signature and mac of the transcript; name, colour, invitation
 *
 * The transcript holds both DTLS fingerprints as each end sees them: with somebody in the middle the two ends have two
 * transcripts, and no proof for one is worth anything in the other. The macs prove knowledge of the link's secret, the
 * signatures that of the private keys.
 */

/** The host's side of one connection. Each method may be called once, in this order. */
export interface HostHandshake {
  /** @throws SimroomError `version-differs`, in words for the guest; `connection-failed` out of order */
  hello(message: CtlOf<'hello'>): Promise<CtlOf<'challenge'>>;
  /** @throws SimroomError `room-untrusted`; `connection-failed` out of order */
  knock(message: CtlOf<'knock'>): Promise<Visitor>;
}

/** The guest's side of one connection. Each method may be called once, in this order. */
export interface GuestHandshake {
  hello(): CtlOf<'hello'>;
  /** @throws SimroomError `room-untrusted`, `version-differs`; `connection-failed` out of order */
  challenge(message: CtlOf<'challenge'>): Promise<CtlOf<'knock'>>;
}

/** Somebody at the door who is who they say. Whether they may enter is for the `Gate` to say. */
export interface Visitor {
  /** Public key of their browser, hex. */
  readonly identity: string;
  readonly name: string;
  /** Index into the palette of people's colours. */
  readonly colour: number;
  readonly invitation: string | null;
}

/** What a guest says of itself once it trusts the host. */
export type Introduction = Omit<Visitor, 'identity'>;

/** Makes the handshakes of a room's connections. */
export function hostHandshakes(trust: HostTrust, versions: Versions): (binding: Binding) => HostHandshake {
  return (binding) => new ProvingHost(trust, versions, binding);
}

/** Makes the handshakes of a guest's connections: a new one each time it connects. */
export function guestHandshakes(
  trust: GuestTrust,
  versions: Versions,
  self: Introduction,
): (binding: Binding) => GuestHandshake {
  return (binding) => new ProvingGuest(trust, versions, self, binding);
}

const NONCE_BYTES = 32;
const TRANSCRIPT_LABEL = toUtf8(`simroom ${PROTOCOL_VERSION}`);
/** Whose proof it is: so that nobody can be answered with their own. */
const LABELS = { host: toUtf8('host'), guest: toUtf8('guest') } as const;
type Side = keyof typeof LABELS;

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;

class ProvingHost implements HostHandshake {
  private readonly order = new Order('hello');
  private transcript: Uint8Array<ArrayBuffer> | null = null;

  constructor(
    private readonly trust: HostTrust,
    private readonly versions: Versions,
    private readonly binding: Binding,
  ) {}

  async hello(message: CtlOf<'hello'>): Promise<CtlOf<'challenge'>> {
    this.order.take('hello');
    const { trust, versions, binding } = this;
    checkProtocol(versions, message);
    checkWasm(versions, message);
    const nonce = newNonce();
    const hostKey = trust.hostKey.public;
    this.transcript = await transcriptOf({
      tag: trust.tag,
      hostFingerprint: binding.local,
      guestFingerprint: binding.remote,
      guestNonce: message.nonce,
      hostNonce: nonce,
      hostKey,
    });
    const signed = labelled('host', this.transcript);
    const signature = await crypto.subtle.sign('Ed25519', await signingKey(trust.hostKey), signed);
    const mac = await crypto.subtle.sign('HMAC', await macKey(trust.bind, 'sign'), signed);
    this.order.next('knock');
    return {
      kind: 'challenge',
      version: PROTOCOL_VERSION,
      ...versions,
      nonce,
      hostKey,
      signature: new Uint8Array(signature),
      mac: new Uint8Array(mac),
    };
  }

  async knock(message: CtlOf<'knock'>): Promise<Visitor> {
    this.order.take('knock');
    const signed = labelled('guest', this.transcript ?? new Uint8Array(0));
    if (!(await crypto.subtle.verify('HMAC', await macKey(this.trust.bind, 'verify'), message.mac, signed))) {
      throw new SimroomError(
        'room-untrusted',
        'This browser could not prove that it has the link of the room, or somebody is in between. Open the link again.',
      );
    }
    if (!(await isSignedBy(message.identity, message.signature, signed))) {
      throw new SimroomError(
        'room-untrusted',
        'This browser could not prove who it is. Reload the page and open the link again.',
      );
    }
    const { identity, name, colour, invitation } = message;
    return { identity: toHex(identity), name, colour, invitation };
  }
}

class ProvingGuest implements GuestHandshake {
  private readonly order = new Order('hello');
  private readonly nonce = newNonce();

  constructor(
    private readonly trust: GuestTrust,
    private readonly versions: Versions,
    private readonly self: Introduction,
    private readonly binding: Binding,
  ) {}

  hello(): CtlOf<'hello'> {
    this.order.take('hello');
    this.order.next('challenge');
    return { kind: 'hello', version: PROTOCOL_VERSION, ...this.versions, nonce: this.nonce };
  }

  async challenge(message: CtlOf<'challenge'>): Promise<CtlOf<'knock'>> {
    this.order.take('challenge');
    const { trust, versions, binding, self } = this;
    // Another protocol has another transcript: say so before it looks like a forgery.
    checkProtocol(message, versions);
    const transcript = await transcriptOf({
      tag: trust.tag,
      hostFingerprint: binding.remote,
      guestFingerprint: binding.local,
      guestNonce: this.nonce,
      hostNonce: message.nonce,
      hostKey: message.hostKey,
    });
    if (!(await this.isHost(message, labelled('host', transcript)))) {
      throw new SimroomError(
        'room-untrusted',
        'Whoever answers for this room does not hold its key, or somebody is in between. Nothing about you was sent. Ask for the link again by another way.',
      );
    }
    checkWasm(message, versions);
    const signed = labelled('guest', transcript);
    const signature = await crypto.subtle.sign('Ed25519', await signingKey(trust.identity), signed);
    const mac = await crypto.subtle.sign('HMAC', await macKey(trust.bind, 'sign'), signed);
    return {
      kind: 'knock',
      mac: new Uint8Array(mac),
      identity: trust.identity.public,
      signature: new Uint8Array(signature),
      name: self.name,
      colour: self.colour,
      invitation: self.invitation,
    };
  }

  private async isHost(message: CtlOf<'challenge'>, signed: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const { hostKeyHash, bind } = this.trust;
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', message.hostKey));
    return (
      hostKeyHash.every((byte, i) => byte === hash[i]) &&
      (await crypto.subtle.verify('HMAC', await macKey(bind, 'verify'), message.mac, signed)) &&
      isSignedBy(message.hostKey, message.signature, signed)
    );
  }
}

type Step = 'hello' | 'challenge' | 'knock';

/** Lets each step be taken once, in order; after anything else nothing is taken any more. */
class Order {
  private awaited: Step | null;
  private spoiled = false;

  constructor(first: Step) {
    this.awaited = first;
  }

  take(step: Step): void {
    const inTurn = step === this.awaited;
    this.awaited = null;
    if (inTurn && !this.spoiled) return;
    this.spoiled = true;
    throw new SimroomError(
      'connection-failed',
      `"${step}" came twice or out of turn while entering the room. Open the link again.`,
    );
  }

  /** The step taken last has ended well. */
  next(step: Step): void {
    if (!this.spoiled) this.awaited = step;
  }
}

interface Meeting {
  readonly tag: string;
  readonly hostFingerprint: Uint8Array;
  readonly guestFingerprint: Uint8Array;
  readonly guestNonce: Uint8Array;
  readonly hostNonce: Uint8Array;
  readonly hostKey: Uint8Array;
}

/** What both ends must see alike. All parts but the first have fixed lengths, so that no two meetings look the same. */
async function transcriptOf(meeting: Meeting): Promise<Uint8Array<ArrayBuffer>> {
  const { hostFingerprint, guestFingerprint } = meeting;
  const tag = fromHex(meeting.tag);
  if (tag === null || hostFingerprint.length !== HASH_BYTES || guestFingerprint.length !== HASH_BYTES) {
    throw new SimroomError(
      'connection-failed',
      'This browser does not tell the certificates of the connection, so the other side cannot be trusted. Update it, or use another one.',
    );
  }
  const out = new ByteWriter();
  out.raw(TRANSCRIPT_LABEL);
  out.raw(tag);
  out.raw(hostFingerprint);
  out.raw(guestFingerprint);
  out.raw(meeting.guestNonce);
  out.raw(meeting.hostNonce);
  out.raw(meeting.hostKey);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', out.finish()));
}

function labelled(side: Side, transcript: Uint8Array): Uint8Array<ArrayBuffer> {
  const label = LABELS[side];
  const out = new Uint8Array(label.length + transcript.length);
  out.set(label);
  out.set(transcript, label.length);
  return out;
}

function macKey(bind: Uint8Array<ArrayBuffer>, use: 'sign' | 'verify'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bind, HMAC, false, [use]);
}

function newNonce(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
}

/** Ours know the protocol of this build; the other side's say theirs. */
type AnyVersions = Versions & { readonly version?: number };

function checkProtocol(host: AnyVersions, guest: AnyVersions): void {
  if ((host.version ?? PROTOCOL_VERSION) === (guest.version ?? PROTOCOL_VERSION)) return;
  throw new SimroomError(
    'version-differs',
    `The room's host runs another version of the app (build ${host.build}) than this page (build ${guest.build}), and they cannot talk. Reload this page; if that does not help, the host has to reload theirs.`,
  );
}

function checkWasm(host: AnyVersions, guest: AnyVersions): void {
  if (host.wasm.length === guest.wasm.length && host.wasm.every((byte, i) => byte === guest.wasm[i])) return;
  throw new SimroomError(
    'version-differs',
    `The room's host runs another MuJoCo (build ${host.build}) than this page (build ${guest.build}): the two would compute different worlds. Reload this page; if that does not help, the host has to reload theirs.`,
  );
}
