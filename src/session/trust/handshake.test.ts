import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CtlMessage, type CtlOf, ctl } from '../../protocol/ctl';
import type { Binding } from '../../protocol/link';
import { decode, encode } from '../../protocol/schema';
import type { GuestTrust, HostTrust, KeyPair, Versions } from '../../protocol/trust';
import { toHex } from '../../core/encoding';
import { createRoomLink, deriveKeys, newKeyPair, openRoomLink } from '../../transport/keys';
import {
  type GuestHandshake,
  type HostHandshake,
  type Introduction,
  guestHandshakes,
  hostHandshakes,
} from './handshake';

type Hello = CtlOf<'hello'>;
type Challenge = CtlOf<'challenge'>;
type Knock = CtlOf<'knock'>;

const SECRET = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
const VERSIONS: Versions = { build: 'abc1234', wasm: new Uint8Array(32).fill(7) };
const ADA: Introduction = { name: 'Ada', colour: 3, invitation: 'a.token' };

/** Certificates, by their fingerprints. */
const HOST_CERT = new Uint8Array(32).fill(0xaa);
const GUEST_CERT = new Uint8Array(32).fill(0xbb);
const MIDDLE_CERT = new Uint8Array(32).fill(0xcc);
const AT_HOST: Binding = { local: HOST_CERT, remote: GUEST_CERT };
const AT_GUEST: Binding = { local: GUEST_CERT, remote: HOST_CERT };

let hostTrust: HostTrust;
let guestTrust: GuestTrust;
let hostKey: KeyPair;
let identity: KeyPair;

beforeAll(async () => {
  [hostKey, identity] = await Promise.all([newKeyPair(), newKeyPair()]);
  hostTrust = await asHost(SECRET, hostKey);
  guestTrust = await asGuest(SECRET, hostKey, identity);
});

async function asHost(secret: Uint8Array<ArrayBuffer>, key: KeyPair): Promise<HostTrust> {
  const { tag, bind } = await deriveKeys(secret);
  return { tag, bind, hostKey: key };
}

/** What a browser knows that opened the link of a room with this secret and host. */
async function asGuest(secret: Uint8Array<ArrayBuffer>, host: KeyPair, self: KeyPair): Promise<GuestTrust> {
  const link = await openRoomLink(await createRoomLink('https://example.org/', secret, host.public));
  const { tag, bind } = await deriveKeys(link.secret);
  return { tag, bind, hostKeyHash: link.hostKeyHash, identity: self };
}

const newHost = (binding = AT_HOST, trust = hostTrust, versions = VERSIONS): HostHandshake =>
  hostHandshakes(trust, versions)(binding);
const newGuest = (binding = AT_GUEST, trust = guestTrust, versions = VERSIONS): GuestHandshake =>
  guestHandshakes(trust, versions, ADA)(binding);

/** As it arrives at the other end. */
function sent<M extends CtlMessage>(message: M): M {
  const received = decode(ctl, encode(ctl, message));
  expect(received).toEqual(message);
  return received as M;
}

const flipped = (bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(bytes, (byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

const untrusted = expect.objectContaining({ name: 'SimroomError', code: 'room-untrusted' }) as Error;

async function challengedBy(host: HostHandshake, guest: GuestHandshake): Promise<Challenge> {
  return sent(await host.hello(sent(guest.hello())));
}

describe('a host and a guest of the same link', () => {
  it('come to know each other', async () => {
    const host = newHost();
    const guest = newGuest();
    const challenge = await challengedBy(host, guest);
    const visitor = await host.knock(sent(await guest.challenge(challenge)));
    expect(visitor).toEqual({ identity: toHex(identity.public), ...ADA });
  });

  it('prove themselves over the transcript, byte for byte', async () => {
    const host = newHost();
    const guest = newGuest();
    const hello = guest.hello();
    const challenge = await host.hello(hello);
    const knock = await guest.challenge(challenge);
    const transcript = createHash('sha256')
      .update('simroom 2')
      .update(Buffer.from(hostTrust.tag, 'hex'))
      .update(HOST_CERT)
      .update(GUEST_CERT)
      .update(hello.nonce)
      .update(challenge.nonce)
      .update(hostKey.public)
      .digest();
    for (const [side, proof, key] of [
      ['host', challenge, hostKey.public],
      ['guest', knock, identity.public],
    ] as const) {
      const signed = Buffer.concat([Buffer.from(side), transcript]);
      expect(toHex(proof.mac)).toBe(createHmac('sha256', hostTrust.bind).update(signed).digest('hex'));
      const x = Buffer.from(key).toString('base64url');
      const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
      expect(verify(null, signed, publicKey, proof.signature), side).toBe(true);
    }
  });

  it('need not be of the same build', async () => {
    const host = newHost();
    const guest = newGuest(AT_GUEST, guestTrust, { ...VERSIONS, build: 'another' });
    const challenge = await challengedBy(host, guest);
    expect(await host.knock(sent(await guest.challenge(challenge)))).toMatchObject({ name: 'Ada' });
  });

  it('say nothing about the guest before the host has proven itself', async () => {
    const first = encode(ctl, newGuest().hello());
    const second = encode(
      ctl,
      newGuest(AT_GUEST, await asGuest(SECRET, hostKey, await newKeyPair())).hello(),
    );
    // Both differ in the nonce alone, which is random.
    expect(first.subarray(0, -32)).toEqual(second.subarray(0, -32));
    expect(toHex(first)).not.toContain(toHex(identity.public));
  });
});

describe('what is not in turn', () => {
  it('is refused at the host, and ends the handshake', async () => {
    const guest = newGuest();
    const hello = guest.hello();
    const wrongTurn = { code: 'connection-failed' };

    const twice = newHost();
    const challenge = await twice.hello(hello);
    await expect(twice.hello(hello)).rejects.toMatchObject(wrongTurn);
    const knock = await guest.challenge(challenge);
    await expect(twice.knock(knock)).rejects.toMatchObject(wrongTurn);

    const early = newHost();
    await expect(early.knock(knock)).rejects.toMatchObject(wrongTurn);
    await expect(early.hello(hello)).rejects.toMatchObject(wrongTurn);
  });

  it('is refused at the host also while it is still computing', async () => {
    const hello = newGuest().hello();
    const host = newHost();
    const answers = await Promise.allSettled([host.hello(hello), host.hello(hello)]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(host.knock({} as Knock)).rejects.toMatchObject({ code: 'connection-failed' });
  });

  it('is refused when a knock comes twice', async () => {
    const host = newHost();
    const guest = newGuest();
    const knock = await guest.challenge(await challengedBy(host, guest));
    await host.knock(knock);
    await expect(host.knock(knock)).rejects.toMatchObject({ code: 'connection-failed' });
  });

  it('is refused at the guest', async () => {
    const host = newHost();
    const guest = newGuest();
    const challenge = await challengedBy(host, guest);
    await guest.challenge(challenge);
    await expect(guest.challenge(challenge)).rejects.toMatchObject({ code: 'connection-failed' });
    await expect(newGuest().challenge(challenge)).rejects.toMatchObject({ code: 'connection-failed' });
    expect(() => guest.hello()).toThrow(/out of turn/);
  });
});

describe('versions', () => {
  const otherWasm: Versions = { build: 'def5678', wasm: new Uint8Array(32).fill(8) };
  const plainly = {
    code: 'version-differs',
    message: expect.stringMatching(/another MuJoCo \(build abc1234\).*\(build def5678\).*Reload/s),
  };

  it('tell a guest with another wasm plainly, from the host', async () => {
    const guest = newGuest(AT_GUEST, guestTrust, otherWasm);
    await expect(newHost().hello(guest.hello())).rejects.toMatchObject(plainly);
  });

  it('tell a guest with another wasm plainly, from the guest, when the host proved itself', async () => {
    const guest = newGuest(AT_GUEST, guestTrust, otherWasm);
    const challenge = await newHost().hello({ ...guest.hello(), wasm: VERSIONS.wasm as Hello['wasm'] });
    await expect(guest.challenge(challenge)).rejects.toMatchObject(plainly);
  });

  it('of the protocol that differ are told on both sides', async () => {
    const guest = newGuest();
    const hello = guest.hello();
    const differs = {
      code: 'version-differs',
      message: expect.stringContaining('another version of the app'),
    };
    await expect(newHost().hello({ ...hello, version: 99 })).rejects.toMatchObject(differs);
    const challenge = await newHost().hello(hello);
    await expect(guest.challenge({ ...challenge, version: 99 })).rejects.toMatchObject(differs);
  });
});

describe('somebody in the middle, who has two connections with a certificate of their own', () => {
  /** What the two ends see of the two connections. */
  const hostSees: Binding = { local: HOST_CERT, remote: MIDDLE_CERT };
  const guestSees: Binding = { local: GUEST_CERT, remote: MIDDLE_CERT };

  it('gets in nowhere by passing everything on', async () => {
    const host = newHost(hostSees);
    const guest = newGuest(guestSees);
    const challenge = await challengedBy(host, guest);
    await expect(guest.challenge(challenge)).rejects.toThrow(untrusted);
  });

  it('gets in nowhere even if one end saw the right certificate', async () => {
    for (const [atHost, atGuest] of [
      [hostSees, AT_GUEST],
      [AT_HOST, guestSees],
    ] as const) {
      const guest = newGuest(atGuest);
      const challenge = await challengedBy(newHost(atHost), guest);
      await expect(guest.challenge(challenge)).rejects.toThrow(untrusted);
    }
  });

  it('gets in nowhere with the link and a key of their own', async () => {
    const middleKey = await newKeyPair();
    const middleAsHost = newHost({ local: MIDDLE_CERT, remote: GUEST_CERT }, await asHost(SECRET, middleKey));
    const guest = newGuest(guestSees);
    const ownChallenge = await challengedBy(middleAsHost, guest);
    await expect(guest.challenge(ownChallenge)).rejects.toThrow(untrusted);
  });

  it('gets in nowhere with the link, the name of the host key, and the proof of the host for another connection', async () => {
    const middleAsHost = newHost(
      { local: MIDDLE_CERT, remote: GUEST_CERT },
      await asHost(SECRET, await newKeyPair()),
    );
    const guest = newGuest(guestSees);
    const hello = guest.hello();
    const real = await newHost(hostSees).hello(hello);
    const own = await middleAsHost.hello(hello);
    const { hostKey: key, nonce, signature, mac } = real;
    for (const mixed of [
      { hostKey: key },
      { hostKey: key, signature },
      { hostKey: key, nonce, signature },
      { mac },
    ]) {
      const attempt = guestHandshakes(guestTrust, VERSIONS, ADA)(guestSees);
      attempt.hello();
      await expect(attempt.challenge({ ...own, ...mixed })).rejects.toThrow(untrusted);
    }
  });

  it('cannot use the proof of a guest who is fooled into talking to them', async () => {
    // A guest who would trust the one in the middle: it knows another link, to a room of theirs with the same secret.
    const middleKey = await newKeyPair();
    const middleAsHost = newHost({ local: MIDDLE_CERT, remote: GUEST_CERT }, await asHost(SECRET, middleKey));
    const victim = newGuest(guestSees, await asGuest(SECRET, middleKey, identity));
    const host = newHost(hostSees);
    const hello = victim.hello();
    await host.hello(hello);
    const knock = await victim.challenge(await middleAsHost.hello(hello));
    await expect(host.knock(knock)).rejects.toThrow(untrusted);
  });

  it('is not believed by the host when any part of a proof is altered', async () => {
    for (const change of [
      (knock: Knock): Knock => ({ ...knock, mac: flipped(knock.mac, 0) }),
      (knock: Knock): Knock => ({ ...knock, mac: flipped(knock.mac, 255) }),
      (knock: Knock): Knock => ({ ...knock, mac: new Uint8Array(0) }),
      (knock: Knock): Knock => ({ ...knock, signature: flipped(knock.signature, 9) }),
      (knock: Knock): Knock => ({ ...knock, signature: new Uint8Array(64) }),
      (knock: Knock): Knock => ({ ...knock, identity: flipped(knock.identity, 5) }),
      (knock: Knock): Knock => ({ ...knock, identity: hostKey.public }),
    ]) {
      const host = newHost();
      const guest = newGuest();
      const knock = await guest.challenge(await challengedBy(host, guest));
      await expect(host.knock(change(knock)), String(change)).rejects.toThrow(untrusted);
    }
  });

  it('is not believed by the guest when any part of a proof is altered', async () => {
    for (const change of [
      (challenge: Challenge): Challenge => ({ ...challenge, mac: flipped(challenge.mac, 0) }),
      (challenge: Challenge): Challenge => ({ ...challenge, signature: flipped(challenge.signature, 500) }),
      (challenge: Challenge): Challenge => ({ ...challenge, nonce: flipped(challenge.nonce, 17) }),
      (challenge: Challenge): Challenge => ({ ...challenge, hostKey: flipped(challenge.hostKey, 3) }),
      (challenge: Challenge): Challenge => ({ ...challenge, hostKey: identity.public }),
    ]) {
      const guest = newGuest();
      const challenge = await challengedBy(newHost(), guest);
      await expect(guest.challenge(change(challenge)), String(change)).rejects.toThrow(untrusted);
    }
  });

  it('is not believed when the nonce of the guest was altered on the way', async () => {
    const guest = newGuest();
    const hello = guest.hello();
    const challenge = await newHost().hello({ ...hello, nonce: flipped(hello.nonce, 1) });
    await expect(guest.challenge(challenge)).rejects.toThrow(untrusted);
  });
});

describe('a guest who knows the link', () => {
  it('cannot pose as the host: it has no key with that hash', async () => {
    const impostor = newHost(AT_HOST, await asHost(SECRET, await newKeyPair()));
    const guest = newGuest();
    await expect(guest.challenge(await challengedBy(impostor, guest))).rejects.toThrow(untrusted);
  });

  it('cannot pose as the host by showing its public key without the private one', async () => {
    const own = await newKeyPair();
    const impostor = newHost(AT_HOST, {
      ...hostTrust,
      hostKey: { secret: own.secret, public: hostKey.public },
    });
    const guest = newGuest();
    await expect(guest.challenge(await challengedBy(impostor, guest))).rejects.toThrow(untrusted);
  });

  it('cannot pose as another guest by showing its public key', async () => {
    const own = await newKeyPair();
    const posing = { ...guestTrust, identity: { secret: own.secret, public: identity.public } };
    const host = newHost();
    const guest = newGuest(AT_GUEST, posing);
    const knock = await guest.challenge(await challengedBy(host, guest));
    await expect(host.knock(knock)).rejects.toThrow(untrusted);
  });

  it('cannot answer the host with its own proof', async () => {
    const host = newHost();
    const challenge = await host.hello(newGuest().hello());
    const { mac, signature } = challenge;
    const echo: Knock = { kind: 'knock', mac, identity: hostKey.public, signature, ...ADA };
    await expect(host.knock(echo)).rejects.toThrow(untrusted);
  });
});

describe('whoever lacks the secret', () => {
  it('is trusted neither as a guest nor as the host, even with the host key', async () => {
    const otherSecret = new Uint8Array(16).fill(9);
    const stranger = await asGuest(otherSecret, hostKey, identity);

    const host = newHost();
    const guest = newGuest(AT_GUEST, stranger);
    const challenge = await challengedBy(host, guest);
    await expect(guest.challenge(challenge)).rejects.toThrow(untrusted);

    // A stranger who does not care whom it talks to, and knows the tag.
    const careless = guestHandshakes({ ...stranger, tag: hostTrust.tag }, VERSIONS, ADA)(AT_GUEST);
    const impostor = newHost(AT_HOST, { ...(await asHost(otherSecret, hostKey)), tag: hostTrust.tag });
    const blind = await careless.challenge(await impostor.hello(careless.hello()));
    const fresh = newHost();
    await fresh.hello(newGuest().hello());
    await expect(fresh.knock(blind)).rejects.toThrow(untrusted);
  });
});

describe('an earlier session', () => {
  it('is no use to whoever recorded it, over the same certificates', async () => {
    const host = newHost();
    const guest = newGuest();
    const hello = guest.hello();
    const challenge = await host.hello(hello);
    const knock = await guest.challenge(challenge);
    await host.knock(knock);

    const laterGuest = newGuest();
    laterGuest.hello();
    await expect(laterGuest.challenge(challenge)).rejects.toThrow(untrusted);
    const laterHost = newHost();
    await laterHost.hello(hello);
    await expect(laterHost.knock(knock)).rejects.toThrow(untrusted);
  });
});

describe('a connection that does not tell its certificates', () => {
  it('is not trusted', async () => {
    const blind: Binding = { local: new Uint8Array(0), remote: new Uint8Array(0) };
    const hello = newGuest(blind).hello();
    await expect(newHost(blind).hello(hello)).rejects.toMatchObject({ code: 'connection-failed' });
  });
});
