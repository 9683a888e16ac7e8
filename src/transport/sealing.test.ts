import { fc } from '../testing/properties';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromBase64url, toBase64url } from '../core/encoding';
import { MAX_SEALED_CHARS } from '../protocol/relay';
import { deriveKeys } from './keys';
import { type Lane, Opener, Sealer, connectionOf, newConnection } from './sealing';

const LANE: Lane = {
  tag: '00112233445566778899aabbccddeeff',
  direction: 'to-host',
  connection: 'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff',
};
const OFFER = { type: 'offer', sdp: 'v=0\r\na=fingerprint:sha-256 AB:CD\r\n', note: 'Größe ☀' };

let key: CryptoKey;

beforeAll(async () => {
  key = (await deriveKeys(new Uint8Array(16))).seal;
});

/** A sealed text with some of its bytes changed. */
function altered(sealed: string, change: (bytes: Uint8Array) => void): string {
  const bytes = fromBase64url(sealed) ?? new Uint8Array(0);
  change(bytes);
  return toBase64url(bytes);
}

describe('sealing', () => {
  it('gives back what was sealed, in order', async () => {
    const sealer = new Sealer(key, LANE);
    const opener = new Opener(key, LANE);
    const contents = [OFFER, { candidate: 'candidate:1 1 udp' }, {}, { candidates: [1, null, 'x'] }];
    const sealed = await Promise.all(contents.map((content) => sealer.seal(content)));
    const opened = await Promise.all(sealed.map((text) => opener.open(text)));
    expect(opened).toEqual(contents);
    expect(opener.counts).toEqual({ opened: 4, malformed: 0, foreign: 0, stale: 0, forged: 0, flooded: 0 });
  });

  it('shows nothing of the content, and the same content differently each time', async () => {
    const sealer = new Sealer(key, LANE);
    const [one, two] = await Promise.all([sealer.seal(OFFER), sealer.seal(OFFER)]);
    const text = (sealed: string): string => String.fromCharCode(...(fromBase64url(sealed) ?? []));
    expect(text(one)).not.toContain('fingerprint');
    expect(text(one).slice(32)).not.toBe(text(two).slice(32));
  });

  it('says which connection a text claims to belong to', async () => {
    expect(connectionOf(await new Sealer(key, LANE).seal(OFFER))).toBe(LANE.connection);
    for (const none of ['', 'AAAA', '!'.repeat(100)]) expect(connectionOf(none)).toBeNull();
    expect(newConnection()).toMatch(/^[0-9a-f]{32}$/);
    expect(newConnection()).not.toBe(newConnection());
  });

  it('drops a text with any of its bits flipped, and still takes the right one after it', async () => {
    const sealed = await new Sealer(key, LANE).seal({ a: 1 });
    const bits = (fromBase64url(sealed) ?? []).length * 8;
    const opener = new Opener(key, LANE);
    for (let bit = 0; bit < bits; bit++) {
      const wrong = altered(sealed, (bytes) => {
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      });
      expect(await opener.open(wrong), `bit ${bit}`).toBeNull();
    }
    expect(opener.counts).toMatchObject({ opened: 0, foreign: 16 * 8, forged: bits - 16 * 8 });
    expect(await opener.open(sealed)).toEqual({ a: 1 });
  });

  it('drops a replayed text, and one that was overtaken', async () => {
    const sealer = new Sealer(key, LANE);
    const opener = new Opener(key, LANE);
    const [first, second, third] = await Promise.all([
      sealer.seal({ n: 1 }),
      sealer.seal({ n: 2 }),
      sealer.seal({ n: 3 }),
    ]);
    expect(await opener.open(first)).toEqual({ n: 1 });
    expect(await opener.open(first)).toBeNull();
    expect(await opener.open(third)).toEqual({ n: 3 });
    expect(await opener.open(second)).toBeNull();
    expect(opener.counts).toMatchObject({ opened: 2, stale: 2 });
  });

  it('drops a replay that comes while the first is still being opened', async () => {
    const sealed = await new Sealer(key, LANE).seal({ n: 1 });
    const opener = new Opener(key, LANE);
    expect(await Promise.all([opener.open(sealed), opener.open(sealed)])).toEqual([{ n: 1 }, null]);
  });

  it('drops what was sealed for the other direction, another connection, another room, or with another key', async () => {
    const otherKey = (await deriveKeys(new Uint8Array(16).fill(1))).seal;
    const others: readonly [string, Sealer][] = [
      ['direction', new Sealer(key, { ...LANE, direction: 'to-guest' })],
      ['connection', new Sealer(key, { ...LANE, connection: newConnection() })],
      ['room', new Sealer(key, { ...LANE, tag: '0'.repeat(32) })],
      ['key', new Sealer(otherKey, LANE)],
    ];
    const opener = new Opener(key, LANE);
    for (const [what, sealer] of others) expect(await opener.open(await sealer.seal(OFFER)), what).toBeNull();
    expect(opener.counts).toMatchObject({ opened: 0, foreign: 1, forged: 3 });
  });

  it('drops a text of another connection whose id was put right', async () => {
    const sealed = await new Sealer(key, { ...LANE, connection: '0'.repeat(32) }).seal(OFFER);
    const own = fromBase64url(await new Sealer(key, LANE).seal(OFFER))?.subarray(0, 16);
    const opener = new Opener(key, LANE);
    expect(await opener.open(altered(sealed, (bytes) => bytes.set(own ?? [])))).toBeNull();
    expect(opener.counts.forged).toBe(1);
  });

  it('drops every truncation, without a sequence number being lost to it', async () => {
    const sealed = await new Sealer(key, LANE).seal({ a: 1 });
    const bytes = fromBase64url(sealed) ?? new Uint8Array(0);
    const opener = new Opener(key, LANE);
    for (let length = 0; length < bytes.length; length++) {
      expect(await opener.open(toBase64url(bytes.subarray(0, length))), `${length} bytes`).toBeNull();
    }
    expect(await opener.open(sealed)).toEqual({ a: 1 });
  });

  it('drops garbage, and never rejects', async () => {
    const opener = new Opener(key, LANE);
    const own = fromBase64url(await new Sealer(key, LANE).seal(OFFER))?.subarray(0, 16) ?? [];
    const garbage = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => toBase64url(bytes)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => toBase64url(Uint8Array.of(...own, ...bytes))),
    );
    await fc.assert(
      fc.asyncProperty(garbage, async (text) => {
        expect(await opener.open(text)).toBeNull();
      }),
    );
  });

  it('drops what is no JSON object although it is sealed right', async () => {
    const opener = new Opener(key, LANE);
    const sealer = new Sealer(key, LANE);
    for (const content of [[1, 2], 'text', 5, null]) {
      expect(await opener.open(await sealer.seal(content as object))).toBeNull();
    }
    expect(opener.counts.forged).toBe(4);
  });

  it('drops giants unread, and refuses to make them', async () => {
    const opener = new Opener(key, LANE);
    expect(await opener.open('A'.repeat(MAX_SEALED_CHARS + 1))).toBeNull();
    expect(opener.counts.malformed).toBe(1);
    const sealer = new Sealer(key, LANE);
    await expect(sealer.seal({ sdp: 'x'.repeat(MAX_SEALED_CHARS) })).rejects.toMatchObject({
      code: 'connection-failed',
    });
    // One that was refused does not stop the next.
    expect(await opener.open(await sealer.seal({ a: 1 }))).toEqual({ a: 1 });
  });

  it('does not let a flood wait', async () => {
    const opener = new Opener(key, LANE);
    const all = await Promise.all(Array.from({ length: 1000 }, () => opener.open('garbage')));
    expect(all.every((one) => one === null)).toBe(true);
    expect(opener.counts.flooded).toBeGreaterThan(900);
    expect(opener.counts.flooded + opener.counts.malformed).toBe(1000);
    expect(await opener.open(await new Sealer(key, LANE).seal({ a: 1 }))).toEqual({ a: 1 });
  });

  it('refuses ids that are none', () => {
    expect(() => new Sealer(key, { ...LANE, connection: 'abc' })).toThrow(/32 hex digits/);
    expect(() => new Opener(key, { ...LANE, connection: '' })).toThrow(/32 hex digits/);
    expect(() => new Opener(key, { ...LANE, tag: 'xyz' })).toThrow(/32 hex digits/);
  });
});
