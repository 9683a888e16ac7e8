import { SignJWT } from 'jose';
import { fc } from '../../testing/properties';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KeyPair } from '../../protocol/trust';
import { newKeyPair } from '../../transport/keys';
import { signingKey } from './identity';
import { Invitations, MAX_INVITATIONS } from './invitations';

const TAG = '00112233445566778899aabbccddeeff';
const OTHER_TAG = 'ff112233445566778899aabbccddeeff';
const ADA = 'ada';
const BEA = 'bea';

let hostKey: KeyPair;
/** The host's clock, s: nowhere near that of the machine the test runs on. */
let now: number;
let invitations: Invitations;

const open = (saved?: ReturnType<Invitations['save']>): Invitations =>
  new Invitations({ tag: TAG, hostKey, now: () => now }, saved);
const invalid = (words: string | RegExp): object => ({
  code: 'invitation-invalid',
  message: expect.stringMatching(words),
});

beforeAll(async () => {
  hostKey = await newKeyPair();
});

beforeEach(() => {
  now = 12_345;
  invitations = open();
});

describe('an invitation', () => {
  it('gives its role', async () => {
    for (const role of ['admin', 'developer', 'viewer'] as const) {
      const { token } = await invitations.create({ role, expiresIn: 0, uses: 0 });
      expect(await invitations.admit(token, ADA)).toBe(role);
    }
  });

  it('is a JWT by EdDSA for this room, with role, id and expiry', async () => {
    const { id, token } = await invitations.create({ role: 'viewer', expiresIn: 60, uses: 1 });
    const [header, claims] = token
      .split('.', 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown);
    expect(header).toEqual({ alg: 'EdDSA', typ: 'JWT' });
    expect(claims).toEqual({ aud: TAG, jti: id, role: 'viewer', exp: 12_405 });
  });

  it('expires by the clock of the host, to the moment', async () => {
    now += 0.5;
    const { token } = await invitations.create({ role: 'viewer', expiresIn: 60, uses: 0 });
    now += 59.75;
    expect(await invitations.admit(token, ADA)).toBe('viewer');
    now += 0.25;
    await expect(invitations.admit(token, BEA)).rejects.toMatchObject(invalid('expired'));
  });

  it('is used up by as many people as it is for', async () => {
    const { token } = await invitations.create({ role: 'viewer', expiresIn: 0, uses: 2 });
    await invitations.admit(token, ADA);
    await invitations.admit(token, BEA);
    await expect(invitations.admit(token, 'cleo')).rejects.toMatchObject(invalid('used up'));
  });

  it('goes to one of two who come at the same time, when it is for one', async () => {
    const { token } = await invitations.create({ role: 'viewer', expiresIn: 0, uses: 1 });
    const both = await Promise.allSettled([invitations.admit(token, ADA), invitations.admit(token, BEA)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('takes no second use from who comes again, and lets them in although it has expired', async () => {
    const { token } = await invitations.create({ role: 'developer', expiresIn: 60, uses: 1 });
    await invitations.admit(token, ADA);
    expect(await invitations.admit(token, ADA)).toBe('developer');
    now += 3600;
    expect(await invitations.admit(token, ADA)).toBe('developer');
    expect(invitations.save()[0]?.used).toBe(1);
  });

  it('can be revoked, also for those who came by it', async () => {
    const { id, token } = await invitations.create({ role: 'viewer', expiresIn: 0, uses: 0 });
    await invitations.admit(token, ADA);
    invitations.revoke(id);
    await expect(invitations.admit(token, BEA)).rejects.toMatchObject(invalid('revoked'));
    await expect(invitations.admit(token, ADA)).rejects.toMatchObject(invalid('revoked'));
    expect(() => invitations.revoke('nobody')).toThrow(/no invitation "nobody"/);
  });

  it('is good for nobody new once somebody who came by it was removed', async () => {
    const shared = await invitations.create({ role: 'viewer', expiresIn: 0, uses: 0 });
    const other = await invitations.create({ role: 'viewer', expiresIn: 0, uses: 0 });
    await invitations.admit(shared.token, ADA);
    await invitations.admit(shared.token, BEA);
    invitations.useUpThoseOf(ADA);
    await expect(invitations.admit(shared.token, 'ada again')).rejects.toMatchObject(invalid('used up'));
    expect(await invitations.admit(shared.token, BEA)).toBe('viewer');
    expect(await invitations.admit(other.token, 'cleo')).toBe('viewer');
    expect(invitations.list()[0]).toMatchObject({ uses: 2, used: 2 });
  });

  it('outlives a reload of the host, uses and all', async () => {
    const { id, token } = await invitations.create({ role: 'viewer', expiresIn: 60, uses: 2 });
    const gone = await invitations.create({ role: 'viewer', expiresIn: 0, uses: 0 });
    await invitations.admit(token, ADA);
    invitations.revoke(gone.id);
    const again = open(structuredClone(invitations.save()));
    expect(again.list()).toEqual([{ id, role: 'viewer', expiresIn: 60, uses: 2, used: 1 }]);
    await again.admit(token, BEA);
    await expect(again.admit(token, 'cleo')).rejects.toMatchObject(invalid('used up'));
    await expect(again.admit(gone.token, ADA)).rejects.toMatchObject(invalid('revoked'));
    await expect(open().admit(token, ADA)).rejects.toMatchObject(invalid('not known'));
  });
});

describe('the list of invitations', () => {
  it('has those that are neither revoked nor expired', async () => {
    const [short, long, gone] = await Promise.all([
      invitations.create({ role: 'viewer', expiresIn: 10, uses: 0 }),
      invitations.create({ role: 'admin', expiresIn: 0, uses: 3 }),
      invitations.create({ role: 'viewer', expiresIn: 0, uses: 0 }),
    ]);
    await invitations.admit(long.token, ADA);
    invitations.revoke(gone.id);
    now += 4.5;
    expect(invitations.list()).toEqual(
      expect.arrayContaining([
        { id: short.id, role: 'viewer', expiresIn: 6, uses: 0, used: 0 },
        { id: long.id, role: 'admin', expiresIn: 0, uses: 3, used: 1 },
      ]),
    );
    now += 10;
    expect(invitations.list().map(({ id }) => id)).toEqual([long.id]);
  });

  it('is as long as an admin can be shown: what is good for nobody gives way first', async () => {
    const first = await invitations.create({ role: 'viewer', expiresIn: 0, uses: 0 });
    for (let i = 1; i < MAX_INVITATIONS; i++) {
      await invitations.create({ role: 'viewer', expiresIn: 0, uses: 0 });
    }
    const another = { role: 'viewer', expiresIn: 0, uses: 0 } as const;
    await expect(invitations.create(another)).rejects.toMatchObject({ code: 'bad-argument' });
    invitations.revoke(first.id);
    await invitations.create(another);
    expect(invitations.list()).toHaveLength(MAX_INVITATIONS);
    expect(invitations.save()).toHaveLength(MAX_INVITATIONS);
  });

  it('refuses expiries and uses that are none', async () => {
    for (const wrong of [-1, 0.5, NaN, Infinity, 1e10]) {
      const refused = { code: 'bad-argument', message: expect.stringContaining(String(wrong)) };
      await expect(invitations.create({ role: 'viewer', expiresIn: wrong, uses: 0 })).rejects.toMatchObject(
        refused,
      );
      await expect(invitations.create({ role: 'viewer', expiresIn: 0, uses: wrong })).rejects.toMatchObject(
        refused,
      );
    }
  });
});

describe('a token that the host of this room has not made', () => {
  it('is refused as one for another room', async () => {
    const elsewhere = new Invitations({ tag: OTHER_TAG, hostKey, now: () => now });
    const { token } = await elsewhere.create({ role: 'admin', expiresIn: 0, uses: 0 });
    await expect(invitations.admit(token, ADA)).rejects.toMatchObject(invalid('another room'));
  });

  it('is refused as forged: signed with another key, with a claim changed, or not signed', async () => {
    const { id, token } = await invitations.create({ role: 'viewer', expiresIn: 0, uses: 0 });
    const claims = { aud: TAG, jti: id, role: 'admin' };
    const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [header = '', payload = '', signature = ''] = token.split('.');
    const forgeries = [
      await new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA' })
        .sign(await signingKey(await newKeyPair())),
      `${header}.${base64(claims)}.${signature}`,
      `${base64({ alg: 'none' })}.${payload}.${signature}`,
      `${base64({ alg: 'HS256' })}.${payload}.${signature}`,
      `${header}.${payload}.${signature.slice(0, 40)}${signature[40] === 'A' ? 'B' : 'A'}${signature.slice(41)}`,
      `${header}.${header}.${signature}`.replace(`.${header}.`, `.${base64({ aud: TAG })}.`),
    ];
    for (const forged of forgeries) {
      await expect(invitations.admit(forged, ADA), forged).rejects.toMatchObject(invalid('forged'));
    }
    expect(await invitations.admit(token, ADA)).toBe('viewer');
  });

  it('is refused as damaged', async () => {
    const { token } = await invitations.create({ role: 'viewer', expiresIn: 0, uses: 0 });
    for (const damaged of ['', 'x', token.slice(0, -1), token.slice(5, -60), `${token}A`]) {
      await expect(invitations.admit(damaged, ADA), damaged).rejects.toMatchObject(invalid('cut short'));
    }
  });

  it('is refused as invalid and as nothing else, whatever it is', async () => {
    const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');
    const letters = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_'), minLength: 1, maxLength: 60 });
    const header = fc
      .record({
        alg: fc.constantFrom('EdDSA', 'none', 'HS256', 5),
        crit: fc.jsonValue(),
        b64: fc.jsonValue(),
      })
      .map((value) => base64(value));
    const claims = fc.record({ jti: fc.jsonValue(), exp: fc.jsonValue(), nbf: fc.jsonValue() });
    const part = fc.oneof(letters, fc.jsonValue().map(base64));
    const junk = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(part, part).map(([one, two]) => `${one}.${two}.${'A'.repeat(86)}`),
      fc
        .tuple(header, claims)
        .map(([one, two]) => `${one}.${base64({ aud: TAG, ...two })}.${'A'.repeat(86)}`),
    );
    await fc.assert(
      fc.asyncProperty(junk, async (token) => {
        await expect(invitations.admit(token, ADA)).rejects.toMatchObject({ code: 'invitation-invalid' });
      }),
    );
  });
});
