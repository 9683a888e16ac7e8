import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../core/bytes';
import { type BulkMessage, bulk } from './bulk';
import { type CtlMessage, type CtlOf, ctl } from './ctl';
import {
  BULK_CHUNK_BYTES,
  MAX_CHAT_BYTES,
  MAX_CTL_PART_BYTES,
  MAX_NAME_BYTES,
  MAX_PEOPLE,
  MAX_TEXT_BYTES,
} from './limits';
import { type Codec, decode, encode } from './schema';

const integer = fc.oneof(fc.nat(300), fc.maxSafeNat());
const byte = fc.nat(255);
const sized = (length: number): fc.Arbitrary<Uint8Array<ArrayBuffer>> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const data = fc.uint8Array({ maxLength: 300 });
/** A grapheme takes up to a few dozen bytes: so few fit any text's limit. */
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 15 }), fc.string({ maxLength: 60 }));
const role = fc.constantFrom('admin' as const, 'developer' as const, 'viewer' as const);
const mode = fc.constantFrom('tape' as const, 'snapshot' as const);
const route = fc.constantFrom('p2p' as const, 'turn' as const, 'relay' as const, 'local' as const);

const look = fc.record({
  style: fc.constantFrom('android' as const, 'human' as const, 'robot' as const),
  skin: byte,
  hair: byte,
  iris: byte,
  file: fc.option(sized(32)),
  fileSize: integer,
});
const size = fc.double({ noNaN: true, noDefaultInfinity: true });
const object = fc.constantFrom('body' as const, 'site' as const);
const facePlace = fc.record({ object, id: integer, seat: integer, size });
const person = fc.record({
  seat: integer,
  name: text,
  colour: byte,
  role,
  mode,
  route: fc.oneof(route, fc.constant('host' as const)),
  rtt: integer,
  dropped: integer,
  look,
});
const invitation = fc.record({ id: text, role, expiresIn: integer, uses: integer, used: integer });

/** Arbitrary messages of a union, one for each kind: a kind that is missing here does not compile. */
type Arbitraries<M extends { kind: string }> = {
  [K in M['kind']]: fc.Arbitrary<Omit<Extract<M, { kind: K }>, 'kind'>>;
};
function messages<M extends { kind: string }>(arbitraries: Arbitraries<M>): fc.Arbitrary<M>[] {
  return Object.entries<fc.Arbitrary<object>>(arbitraries).map(([kind, fields]) =>
    fields.map((value) => ({ kind, ...value }) as M),
  );
}

const empty = fc.constant({});
const request = fc.oneof(
  ...messages<CtlOf<'request'>['request']>({
    load: fc.record({ bundle: sized(32), size: integer, origin: text }),
    rewind: fc.record({ tick: integer }),
    scrub: fc.record({ ticks: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    rename: fc.record({ name: text, colour: byte }),
    setRole: fc.record({ seat: integer, role }),
    remove: fc.record({ seat: integer }),
    lock: fc.record({ locked: fc.boolean() }),
    setDefaultRole: fc.record({ role }),
    invite: fc.record({ role, expiresIn: integer, uses: integer }),
    revoke: fc.record({ id: text }),
    invitations: empty,
    gather: empty,
    wear: fc.record({ look }),
    putFace: fc.record({ object, id: integer, seat: fc.option(integer), size }),
  }),
);
const outcome = fc.oneof(
  ...messages<CtlOf<'answer'>['outcome']>({
    done: empty,
    failed: fc.record({ code: text, message: text }),
    invited: fc.record({ token: text }),
    invitations: fc.record({ all: fc.array(invitation, { maxLength: 5 }) }),
  }),
);

const CTL = messages<CtlMessage>({
  part: fc.record({ last: fc.boolean(), bytes: data }),
  hello: fc.record({ version: integer, build: text, wasm: sized(32), nonce: sized(32) }),
  challenge: fc.record({
    version: integer,
    build: text,
    wasm: sized(32),
    nonce: sized(32),
    hostKey: sized(32),
    signature: sized(64),
    mac: sized(32),
  }),
  knock: fc.record({
    mac: sized(32),
    identity: sized(32),
    signature: sized(64),
    name: text,
    colour: byte,
    invitation: fc.option(text),
  }),
  accept: fc.record({ seat: integer }),
  refuse: fc.record({ code: text, message: text }),
  bye: empty,
  people: fc.record({ all: fc.array(person, { maxLength: 6 }) }),
  room: fc.record({ locked: fc.boolean(), defaultRole: role }),
  say: fc.record({ text }),
  said: fc.record({ seat: integer, name: text, colour: byte, text, age: integer }),
  gather: fc.record({ seat: integer }),
  request: fc.record({ id: integer, request }),
  answer: fc.record({ id: integer, outcome }),
  route: fc.record({ route }),
  world: fc.record({ world: integer, bundle: sized(32), size: integer, compiled: sized(32), origin: text }),
  ready: fc.record({ world: integer, compiled: sized(32) }),
  start: fc.record({ world: integer, seq: integer, transfer: integer, size: integer }),
  entries: fc.record({ world: integer, seq: integer, fromTick: integer, bytes: data }),
  missing: fc.record({ world: integer, seq: integer }),
  diverged: fc.record({ world: integer, tick: integer, hash: sized(16) }),
  act: fc.record({ world: integer, number: integer, action: data }),
  mode: fc.record({ mode }),
  faces: fc.record({ world: integer, all: fc.array(facePlace, { maxLength: 5 }) }),
  want: fc.record({ hash: sized(32) }),
  content: fc.record({ hash: sized(32), transfer: integer, size: integer }),
  lacking: fc.record({ hash: sized(32) }),
});

const BULK = messages<BulkMessage>({
  chunk: fc.record({ transfer: integer, offset: integer, bytes: data }),
  received: fc.record({ transfer: integer, bytes: integer }),
  cancel: fc.record({ transfer: integer }),
});

/** Valid messages, damaged: cut, lengthened, or with a few bytes changed. */
function damaged<T>(codec: Codec<T>, valid: fc.Arbitrary<T>): fc.Arbitrary<Uint8Array> {
  const change = fc.record({ at: fc.nat(), to: fc.oneof(byte, fc.constantFrom(0, 127, 128, 255)) });
  return fc
    .tuple(valid, fc.array(change, { maxLength: 4 }), fc.option(fc.nat()), fc.uint8Array({ maxLength: 3 }))
    .map(([message, changes, cut, more]) => {
      const bytes = encode(codec, message);
      for (const { at, to } of changes) bytes[at % bytes.length] = to;
      return cut === null ? Uint8Array.of(...bytes, ...more) : bytes.slice(0, cut % (bytes.length + 1));
    });
}

/** Asserts that what is read of any bytes is a message that means the same when written again, or null. */
function readsSafely<T>(codec: Codec<T>, valid: fc.Arbitrary<T>): void {
  const hostile = fc.oneof(fc.uint8Array({ maxLength: 80 }), damaged(codec, valid));
  fc.assert(
    fc.property(hostile, (bytes) => {
      // Inside a larger buffer: reading past the message would find something.
      const around = new Uint8Array(bytes.length + 100).fill(1);
      around.set(bytes, 50);
      const message = decode(codec, around.subarray(50, 50 + bytes.length));
      expect(message === null ? null : decode(codec, encode(codec, message))).toEqual(message);
    }),
    { numRuns: 3000 },
  );
}

/** A message by hand: the first bytes as numbers, then whatever is written. */
function raw(head: readonly number[], write: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter();
  for (const number of head) out.u8(number);
  write(out);
  return out.finish();
}

describe('messages on ctl', () => {
  it('CTL-1 are read as they were written, every kind', () => {
    for (const kind of CTL) {
      fc.assert(
        fc.property(kind, (wanted) => {
          expect(decode(ctl, encode(ctl, wanted))).toEqual(wanted);
        }),
        { numRuns: 60 },
      );
    }
  });

  it('CTL-1 PRIM-12 are null when a byte is missing or left over', () => {
    fc.assert(
      fc.property(fc.oneof(...CTL), fc.nat(), (wanted, cut) => {
        const message = encode(ctl, wanted);
        expect(decode(ctl, message.subarray(0, cut % message.length))).toBeNull();
        expect(decode(ctl, Uint8Array.of(...message, cut & 0xff))).toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  it('PRIM-13 are read from any bytes without a throw, and as nothing but messages', () => {
    readsSafely(ctl, fc.oneof(...CTL));
  });

  it('PRIM-13 do not make room for counts and lengths that the bytes cannot hold', () => {
    const lies: Uint8Array[] = [];
    for (const claim of [2 ** 14, 2 ** 20, 2 ** 25, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      lies.push(
        raw([0, 1], (out) => out.varint(claim)),
        raw([10], (out) => out.varint(claim)),
        raw([12], (out) => out.varint(claim)),
        raw([16, 0, 3], (out) => out.varint(claim)),
        raw([23, 0, 0, 0], (out) => out.varint(claim)),
        raw([26, 0, 0], (out) => out.varint(claim)),
      );
    }
    const before = process.memoryUsage().arrayBuffers;
    const start = performance.now();
    const kept = Array.from({ length: 200 }, () => lies.map((lie) => decode(ctl, lie))).flat();
    expect(kept.every((message) => message === null)).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('LIM-2 refuse texts, lists and parts beyond their limits', () => {
    const blob = (length: number) => (out: ByteWriter) => out.blob(new Uint8Array(length).fill(0x61));
    const limits: [head: readonly number[], most: number][] = [
      [[0, 1], MAX_CTL_PART_BYTES],
      [[12], MAX_CHAT_BYTES],
      [[15, 0, 9], 64],
    ];
    for (const [head, most] of limits) {
      expect(decode(ctl, raw(head, blob(most)))).not.toBeNull();
      expect(decode(ctl, raw(head, blob(most + 1)))).toBeNull();
    }
    const name = (length: number): Uint8Array =>
      raw([15, 0, 3], (out) => {
        blob(length)(out);
        out.u8(0);
      });
    expect(decode(ctl, name(MAX_NAME_BYTES))).not.toBeNull();
    expect(decode(ctl, name(MAX_NAME_BYTES + 1))).toBeNull();
    // Fourteen bytes a person at least, so that the bytes could hold one too many.
    const people = (count: number): Uint8Array =>
      raw([10], (out) => {
        out.varint(count);
        out.raw(new Uint8Array(14 * count));
      });
    expect(decode(ctl, people(MAX_PEOPLE))).not.toBeNull();
    expect(decode(ctl, people(MAX_PEOPLE + 1))).toBeNull();
  });

  it('PRIM-6 carry an error message of any length, clipped', () => {
    const message = 'The model is wrong. '.repeat(1000);
    const read = decode(
      ctl,
      encode(ctl, { kind: 'answer', id: 1, outcome: { kind: 'failed', code: 'x', message } }),
    );
    expect(read).toEqual({
      kind: 'answer',
      id: 1,
      outcome: { kind: 'failed', code: 'x', message: message.slice(0, MAX_TEXT_BYTES) },
    });
  });

  it('PRIM-4 refuse to scrub by what is not a number', () => {
    for (const ticks of [Number.NaN, Infinity, -Infinity]) {
      expect(
        decode(ctl, encode(ctl, { kind: 'request', id: 1, request: { kind: 'scrub', ticks } })),
      ).toBeNull();
    }
  });

  it('VER-4 are null when their kind is unknown', () => {
    const known = new Set(
      CTL.map((kind) => encode(ctl, fc.sample(kind, { numRuns: 1, seed: 1 })[0] as CtlMessage)[0]),
    );
    for (let number = 0; number < 256; number++) {
      if (known.has(number)) continue;
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 40 }), (body) => {
          expect(decode(ctl, Uint8Array.of(number, ...body))).toBeNull();
        }),
        { numRuns: 3 },
      );
    }
  });
});

describe('messages on bulk', () => {
  it('BULK-1 are read as they were written, every kind', () => {
    for (const kind of BULK) {
      fc.assert(
        fc.property(kind, (wanted) => {
          expect(decode(bulk, encode(bulk, wanted))).toEqual(wanted);
        }),
      );
    }
  });

  it('PRIM-13 are read from any bytes without a throw, and as nothing but messages', () => {
    readsSafely(bulk, fc.oneof(...BULK));
  });

  it('LIM-2 refuse a chunk beyond its limit', () => {
    const chunk = (length: number): BulkMessage => ({
      kind: 'chunk',
      transfer: 1,
      offset: 0,
      bytes: new Uint8Array(length),
    });
    expect(decode(bulk, encode(bulk, chunk(BULK_CHUNK_BYTES)))).not.toBeNull();
    expect(decode(bulk, encode(bulk, chunk(BULK_CHUNK_BYTES + 1)))).toBeNull();
  });
});
