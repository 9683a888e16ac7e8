import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { PERSON } from '../core/frame';
import type { Action } from '../tape/action';
import type { Entry } from '../tape/tape';
import { MAX_FACE_BYTES, MAX_RT_BYTES } from './limits';
import { type Met, read, section, varints, write } from '../testing/rt_sections';
import { type RtHandler, RtWriter, readRt } from './rt';

const integer = fc.oneof(fc.nat(300), fc.nat(2 ** 50));
const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const vec3 = fc.tuple(float, float, float);
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('ctrl' as const), index: fc.nat(99), value: fc.double() }),
  fc.record({
    kind: fc.constant('drag' as const),
    hand: fc.nat(9),
    body: fc.nat(5000),
    mode: fc.constantFrom('translate' as const, 'rotate' as const),
    point: vec3,
    target: vec3,
    quat: fc.tuple(float, float, float, float),
  }),
  fc.record({ kind: fc.constant('release' as const), hand: fc.nat(9) }),
  fc.record({ kind: fc.constant('pause' as const), paused: fc.boolean() }),
  fc.record({ kind: fc.constant('checkpoint' as const) }),
  fc.record({ kind: fc.constant('ctrls' as const), values: fc.float64Array({ maxLength: 6 }) }),
);

/** Entries as a tape has them: ticks never fall, the last is at most the head; numbers rise by one. */
const tape: fc.Arbitrary<Met> = fc
  .record({
    world: integer,
    start: integer,
    seq: integer,
    acted: integer,
    items: fc.array(fc.record({ wait: fc.oneof(fc.constant(0), fc.nat(5000)), seat: fc.nat(70), action }), {
      maxLength: 12,
    }),
    ahead: fc.nat(1000),
  })
  .map(({ world, start, seq, acted, items, ahead }) => {
    let tick = start;
    const entries: Entry[] = items.map(({ wait, seat, action: done }, i) => {
      tick += wait;
      return { tick, seat, seq: seq + i, action: done };
    });
    const head = { world, tick: tick + ahead, nextSeq: seq + entries.length, acted };
    return { kind: 'tape', section: { ...head, entries } };
  });
const acts: fc.Arbitrary<Met> = fc
  .record({ world: integer, nextSeq: integer, first: integer, actions: fc.array(action, { maxLength: 10 }) })
  .map((content) => ({ kind: 'acts', section: content }));
const hash: fc.Arbitrary<Met> = fc.record({
  kind: fc.constant('hash' as const),
  world: integer,
  tick: integer,
  hash: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 16, maxLength: 16 }),
});
const stamp: fc.Arbitrary<Met> = fc.record({
  kind: fc.constantFrom('ping' as const, 'pong' as const),
  stamp: fc.nat(0xffff),
});
const presence: fc.Arbitrary<Met> = fc
  .record({ seat: fc.nat(2 ** 24), eye: vec3, lookat: vec3, hit: fc.option(vec3), stamp: fc.nat(255) })
  .map((who) => ({
    kind: 'presence',
    person: [who.seat, ...who.eye, ...who.lookat, who.hit === null ? 0 : 1, ...(who.hit ?? [0, 0, 0])],
    stamp: who.stamp,
  }));
const face: fc.Arbitrary<Met> = fc.record({
  kind: fc.constant('face' as const),
  seat: fc.nat(2 ** 24),
  stamp: fc.nat(255),
  bytes: fc.array(fc.nat(255), { minLength: 1, maxLength: 60 }),
});
const faceWords: fc.Arbitrary<Met> = fc
  .record({
    kind: fc.constantFrom('faceReport' as const, 'faceDemand' as const),
    seat: fc.nat(2 ** 24),
    bytes: fc.array(fc.nat(255), { minLength: 1, maxLength: 16 }),
  })
  .map((met) =>
    met.kind === 'faceDemand' ? { kind: met.kind, bytes: met.bytes } : { ...met, kind: met.kind },
  );
const any = fc.oneof(tape, acts, hash, stamp, presence, face, faceWords);
const datagram = fc.array(any, { maxLength: 4 }).filter((met) => write(...met).length <= MAX_RT_BYTES);
/** Of a kind that no version has yet. */
const unknown = fc
  .record({ kind: fc.constantFrom(0, 10, 11, 127, 255), body: fc.uint8Array({ maxLength: 40 }) })
  .map(({ kind, body }) => section(kind, (out) => out.raw(body)));

/** Whether what was read keeps the rules of its kind. */
function inOrder(met: Met): boolean {
  if (met.kind === 'presence') return met.person.every(Number.isFinite);
  if (met.kind !== 'tape') return true;
  const { tick, nextSeq, entries } = met.section;
  return entries.every(
    (entry, i) =>
      entry.seq === nextSeq - entries.length + i &&
      entry.tick >= (entries[i - 1]?.tick ?? 0) &&
      entry.tick <= tick,
  );
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
const PING = write({ kind: 'ping', stamp: 5 });

describe('datagrams on rt', () => {
  it('RT-1 are read as they were written: ticks, numbers, actions and order', () => {
    fc.assert(
      fc.property(datagram, (met) => {
        expect(read(write(...met))).toEqual({ whole: true, met });
      }),
      { numRuns: 500 },
    );
    expect(read(new Uint8Array(0))).toEqual({ whole: true, met: [] });
  });

  it('RT-2 VER-3 are read around sections of unknown kinds', () => {
    fc.assert(
      fc.property(
        datagram.filter((met) => write(...met).length <= MAX_RT_BYTES - 200),
        fc.array(unknown, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (met, strange, seed) => {
          const parts = met.map((one) => write(one));
          strange.forEach((part, i) => parts.splice((seed >> i) % (parts.length + 1), 0, part));
          expect(read(joined(...parts))).toEqual({ whole: true, met });
        },
      ),
    );
  });

  it('RT-3 keep what came before a malformed section, and nothing of it or after it', () => {
    fc.assert(
      fc.property(
        datagram.filter((met) => write(...met).length <= MAX_RT_BYTES - 100),
        fc.oneof(
          // Too short, too long, cut off, and a length that lies.
          fc.constant(section(4, (out) => out.u8(1))),
          fc.constant(section(5, (out) => out.raw(new Uint8Array(3)))),
          fc.constant(section(2, varints(1, 2))),
          fc.constant(Uint8Array.of(4, 0xff, 0xff, 0x7f)),
        ),
        (met, bad) => {
          expect(read(joined(write(...met), bad, PING))).toEqual({ whole: false, met });
        },
      ),
    );
  });

  it('RT-4 are dropped whole when they are too long', () => {
    const pings = (count: number): Uint8Array => joined(...Array.from({ length: count }, () => PING));
    const most = Math.floor(MAX_RT_BYTES / PING.length);
    expect(read(pings(most)).met).toHaveLength(most);
    expect(read(pings(most + 1))).toEqual({ whole: false, met: [] });
  });

  it('PRIM-13 are read from any bytes without a throw, and as nothing but what could be written', () => {
    const change = fc.record({ at: fc.nat(), to: fc.oneof(fc.nat(255), fc.constantFrom(0, 127, 128, 255)) });
    const damaged = fc
      .tuple(datagram, fc.array(change, { maxLength: 4 }), fc.option(fc.nat()))
      .map(([met, changes, cut]) => {
        const bytes = write(...met);
        for (const { at, to } of changes) if (bytes.length > 0) bytes[at % bytes.length] = to;
        return cut === null ? bytes : bytes.slice(0, cut % (bytes.length + 1));
      });
    const sectioned = fc
      .array(fc.record({ kind: fc.integer({ min: 1, max: 6 }), body: fc.uint8Array({ maxLength: 30 }) }), {
        maxLength: 3,
      })
      .map((parts) => joined(...parts.map(({ kind, body }) => section(kind, (out) => out.raw(body)))));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), sectioned, damaged), (bytes) => {
        const around = new Uint8Array(bytes.length + 100).fill(1);
        around.set(bytes, 50);
        const { met } = read(around.subarray(50, 50 + bytes.length));
        for (const one of met) {
          expect(inOrder(one)).toBe(true);
          expect(read(write(one))).toEqual({ whole: true, met: [one] });
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the tape section', () => {
  const pause: Action = { kind: 'pause', paused: true };

  it('TAPE-2 numbers its entries backwards from nextSeq', () => {
    const all: Entry[] = [4, 4, 9, 30].map((tick, seq) => ({ tick, seat: 1, seq, action: pause }));
    const out = new RtWriter();
    out.begin();
    out.tape(2, 64, 3, 0, all, 1, 3);
    const [met] = read(out.datagram()).met;
    expect(met).toEqual({
      kind: 'tape',
      section: { world: 2, tick: 64, nextSeq: 3, acted: 0, entries: all.slice(1, 3) },
    });
  });

  it('TAPE-2 refuses more entries than there are numbers below nextSeq', () => {
    const two = (nextSeq: number): Uint8Array =>
      section(1, varints(0, 9, nextSeq, 0, 2, 0, 0, 0, 12, 0, 0, 12));
    expect(read(two(2)).met).toHaveLength(1);
    expect(read(two(1))).toEqual({ whole: false, met: [] });
  });

  it('TAPE-3 refuses entries after its head or before tick 0', () => {
    const one = (back: number, wait: number): Uint8Array =>
      section(1, varints(0, 9, 1, 0, 1, back, wait, 0, 12));
    expect(read(one(9, 0)).met).toHaveLength(1);
    expect(read(one(10, 0)).whole).toBe(false);
    expect(read(one(0, 1)).whole).toBe(false);
  });

  it('PRIM-13 fails at once on a count that lies', () => {
    const start = performance.now();
    // Tried one by one, these would take hours.
    for (const kind of [1, 3]) {
      for (const count of [2, 513, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
        const head = kind === 1 ? [0, 9, Number.MAX_SAFE_INTEGER, 0, count] : [0, 0, 0, count];
        expect(read(section(kind, varints(...head, 12))).whole).toBe(false);
      }
    }
    // An action that claims more controls than the datagram has bytes.
    expect(read(section(3, varints(0, 0, 0, 1, 1, 2 ** 40))).whole).toBe(false);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('the acts section', () => {
  it('ACT-1 refuses numbers of actions that are not exact', () => {
    const one = (first: number): Uint8Array => section(3, varints(0, 0, first, 1, 12));
    expect(read(one(Number.MAX_SAFE_INTEGER - 1)).whole).toBe(true);
    expect(read(one(Number.MAX_SAFE_INTEGER)).whole).toBe(false);
  });

  it('ACT-4 hands over numbers as they are: the simulation refuses those that are not finite', () => {
    const sent: Action = { kind: 'ctrl', index: 0, value: Number.NaN };
    const met: Met = { kind: 'acts', section: { world: 1, nextSeq: 0, first: 0, actions: [sent] } };
    expect(read(write(met))).toEqual({ whole: true, met: [met] });
  });

  it('ACT-2 refuses an action that is none, with the whole section', () => {
    expect(read(section(3, varints(0, 0, 0, 2, 12, 99)))).toEqual({ whole: false, met: [] });
  });
});

describe('presence', () => {
  const person = Float32Array.from([3, 1, 2, 3, 4, 5, 6, 1, 7, 8, 9]);

  it('RT-9 refuses numbers that are not finite, other flags and seats beyond 2^24', () => {
    // All but the seat and the flag.
    for (const i of [1, 2, 3, 4, 5, 6, 8, 9, 10]) {
      const bad = person.slice();
      for (const value of [Number.NaN, Infinity, -Infinity]) {
        bad[i] = value;
        expect(read(write({ kind: 'presence', person: [...bad], stamp: 0 }))).toEqual({
          whole: false,
          met: [],
        });
      }
    }
    const far = (seat: number, pointing: number): Uint8Array =>
      section(6, (out) => {
        out.varint(seat);
        out.u8(0);
        out.u8(pointing);
        out.raw(new Uint8Array(pointing === 1 ? 36 : 24));
      });
    expect(read(far(2 ** 24, 1)).whole).toBe(true);
    expect(read(far(2 ** 24 + 1, 1)).whole).toBe(false);
    expect(read(far(0, 2)).whole).toBe(false);
  });

  it('RT-9 takes no more bytes than needed when nothing is pointed at, and forgets the last hit', () => {
    const idle = person.slice();
    idle[PERSON.pointing] = 0;
    const { met } = read(
      joined(
        write({ kind: 'presence', person: [...person], stamp: 1 }),
        write({ kind: 'presence', person: [...idle], stamp: 2 }),
      ),
    );
    expect(met).toEqual([
      { kind: 'presence', person: [...person], stamp: 1 },
      { kind: 'presence', person: [3, 1, 2, 3, 4, 5, 6, 0, 0, 0, 0], stamp: 2 },
    ]);
    expect(write({ kind: 'presence', person: [...idle], stamp: 0 })).toHaveLength(2 + 3 + 24);
  });

  it('FACES-1 FACES-7 hold messages, reports and demands to their sizes', () => {
    const about = (kind: number, seat: number, length: number): boolean =>
      read(
        section(kind, (out) => {
          out.varint(seat);
          if (kind === 7) out.u8(9);
          out.raw(new Uint8Array(length));
        }),
      ).whole;
    expect([1, MAX_FACE_BYTES].map((length) => about(7, 3, length))).toEqual([true, true]);
    expect([0, MAX_FACE_BYTES + 1].map((length) => about(7, 3, length))).toEqual([false, false]);
    expect([1, 16, 0, 17].map((length) => about(8, 3, length))).toEqual([true, true, false, false]);
    expect([7, 8].map((kind) => about(kind, 2 ** 24 + 1, 4))).toEqual([false, false]);
    const demand = (length: number): boolean =>
      read(section(9, (out) => out.raw(new Uint8Array(length)))).whole;
    expect([1, 16, 0, 17].map(demand)).toEqual([true, true, false, false]);
    // A seat that is cut off.
    expect(read(Uint8Array.of(7, 1, 0x80)).whole).toBe(false);
  });

  it('reuses one array for all records', () => {
    const seen = new Set<Float32Array>();
    const handler: RtHandler = {
      tape: () => undefined,
      hash: () => undefined,
      acts: () => undefined,
      ping: () => undefined,
      pong: () => undefined,
      presence: (record) => seen.add(record),
      face: () => undefined,
      faceReport: () => undefined,
      faceDemand: () => undefined,
    };
    const record: Met = { kind: 'presence', person: [...person], stamp: 0 };
    readRt(write(record, record), handler);
    readRt(write(record), handler);
    expect(seen.size).toBe(1);
  });
});

describe('RtWriter', () => {
  it('RT-6 counts stamps modulo 65536', () => {
    expect(read(write({ kind: 'ping', stamp: 0x12345 })).met).toEqual([{ kind: 'ping', stamp: 0x2345 }]);
  });

  it('RT-8 sends the first half of a hash', () => {
    const whole = '00112233445566778899aabbccddeeff';
    const out = new RtWriter();
    out.begin();
    out.hash(1, 64, whole);
    expect(read(out.datagram()).met).toEqual([
      { kind: 'hash', world: 1, tick: 64, hash: whole.slice(0, 16) },
    ]);
  });

  it('starts afresh and says how long the datagram is', () => {
    const out = new RtWriter();
    for (let i = 0; i < 2; i++) {
      out.begin();
      out.ping(5);
      expect(out.datagram()).toEqual(PING);
      expect(out.length).toBe(PING.length);
    }
  });
});
