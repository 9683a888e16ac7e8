import { Buffer } from 'node:buffer';
import { fc } from '../testing/properties';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromHex, toHex } from '../core/encoding';
import { createRoomLink, deriveKeys, newKeyPair, newSecret, openRoomLink } from './keys';

const PAGE = 'https://example.org/sim/';
const bytes = (length: number, step: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (i * step) & 0xff);
const SECRET = bytes(16, 1);
const HOST_KEY = bytes(32, 3);

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the keys of a room', () => {
  it('come from its secret by HKDF-SHA-256; frozen, because old links must go on working', async () => {
    // Computed with another implementation: OpenSSL's, through Node's hkdfSync.
    const { tag, seal, bind } = await deriveKeys(SECRET);
    expect(tag).toBe('ee47fe5f1ce4ea3404c9509d5e18b3e8');
    expect(toHex(bind)).toBe('ab3d8ba0b34c4bfb4593cb27cda2f1098f39979cb7dbfeec555ffc498234eeea');
    const sealed = fromHex('a6020df18f3c29508501239929b605c8aa4bd5e4') ?? new Uint8Array(0);
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, seal, sealed);
    expect(Buffer.from(opened).toString()).toBe('ball');
  });

  it('differ in all of their parts when one bit of the secret differs', async () => {
    const other = SECRET.slice();
    other[15] = 14;
    const [one, two] = await Promise.all([deriveKeys(SECRET), deriveKeys(other)]);
    expect(one.tag).not.toBe(two.tag);
    expect(toHex(one.bind)).not.toBe(toHex(two.bind));
  });

  it('are new ones each time they are made', async () => {
    expect(toHex(newSecret())).not.toBe(toHex(newSecret()));
    const [one, two] = await Promise.all([newKeyPair(), newKeyPair()]);
    expect(toHex(one.public)).not.toBe(toHex(two.public));
    expect(one.public).toHaveLength(32);
    const key = await crypto.subtle.importKey('pkcs8', one.secret, 'Ed25519', false, ['sign']);
    expect(await crypto.subtle.sign('Ed25519', key, SECRET)).toHaveProperty('byteLength', 64);
  });
});

describe('the link with its keys', () => {
  it('is frozen: secret, half a SHA-256 of the host key, two bytes of checksum', async () => {
    expect(await createRoomLink(PAGE, SECRET, HOST_KEY)).toBe(
      `${PAGE}#room=AAECAwQFBgcICQoLDA0OD7ig9oSZnpCusiIF2BQk11SevA`,
    );
  });

  it('gives back the secret and the hash of the host key', async () => {
    const link = await createRoomLink(PAGE, SECRET, HOST_KEY);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', HOST_KEY)).slice(0, 16);
    expect(await openRoomLink(link)).toEqual({ secret: SECRET, hostKeyHash: hash, invitation: null });
  });

  it('finds any one letter that was changed', async () => {
    const link = await createRoomLink(PAGE, SECRET, HOST_KEY);
    const start = link.indexOf('=') + 1;
    const change = fc.tuple(fc.integer({ min: start, max: link.length - 1 }), fc.constantFrom(...'AZaz09-_'));
    await fc.assert(
      fc.asyncProperty(change, async ([at, letter]) => {
        fc.pre(link[at] !== letter);
        const wrong = link.slice(0, at) + letter + link.slice(at + 1);
        await expect(openRoomLink(wrong)).rejects.toMatchObject({
          code: 'link-invalid',
          message: expect.stringContaining('typo'),
        });
      }),
      { seed: 1 },
    );
  });

  it('finds two neighbours that changed places', async () => {
    const link = await createRoomLink(PAGE, SECRET, HOST_KEY);
    for (let at = link.indexOf('=') + 1; at < link.length - 1; at++) {
      if (link[at] === link[at + 1]) continue;
      const wrong = `${link.slice(0, at)}${link[at + 1]}${link[at]}${link.slice(at + 2)}`;
      await expect(openRoomLink(wrong), wrong).rejects.toMatchObject({ code: 'link-invalid' });
    }
  });
});

describe('a browser that withholds its cryptography', () => {
  it('is told to open the page by https or localhost', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    const refusal = { code: 'rooms-unavailable', message: expect.stringMatching(/https.*localhost/) };
    expect(() => newSecret()).toThrow(expect.objectContaining(refusal));
    await expect(newKeyPair()).rejects.toMatchObject(refusal);
    await expect(deriveKeys(SECRET)).rejects.toMatchObject(refusal);
    await expect(createRoomLink(PAGE, SECRET, HOST_KEY)).rejects.toMatchObject(refusal);
  });

  it('is told to be updated where it has no Ed25519', async () => {
    vi.spyOn(crypto.subtle, 'generateKey').mockRejectedValue(
      new DOMException('Unrecognized name', 'NotSupportedError'),
    );
    await expect(newKeyPair()).rejects.toMatchObject({
      code: 'rooms-unavailable',
      message: expect.stringContaining('Ed25519'),
    });
  });
});
