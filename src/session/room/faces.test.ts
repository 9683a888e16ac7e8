import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../core/random';
import { CHANNELS } from '../../face/frame';
import { generateTake } from '../../face/generate';
import { FACES_PER_SECOND, FACE_BYTES_PER_SECOND, MAX_FACE_BYTES, MAX_RT_BYTES } from '../../protocol/limits';
import { RtWriter } from '../../protocol/rt';
import { SHAPE } from '../../face/names';
import { type Stage, VirtualCompany, stage } from '../../testing/virtual_company';
import type { VirtualFaces } from '../../testing/virtual_faces';
import type { Conditions } from '../../testing/virtual_network';
import type { VirtualGuest } from '../../testing/virtual_room';

const SECONDS = 40;
const SEEDS = [1, 2, 3, 4, 5, 6];
/** Delays settle in so long, ms. */
const WARM_UP_MS = 3000;
/** What a datagram costs on the wire besides its own bytes: UDP/IP, DTLS, SCTP, and its share of SACKs. */
const OVERHEAD_BYTES = 78;

let set: Stage;
/** The one that is played in, and all of a test. */
let room: VirtualCompany;
const rooms: VirtualCompany[] = [];

beforeAll(async () => {
  set = await stage();
});

afterEach(() => {
  for (const one of rooms.splice(0)) one.dispose();
});

function open(seed = 5): void {
  room = new VirtualCompany(set, seed);
  rooms.push(room);
}

const take = (seed: number, mood: 'talk' | 'idle' | 'mixed' = 'talk'): ReturnType<typeof generateTake> =>
  generateTake(seed, SECONDS, mood);

interface Cast {
  readonly actor: VirtualFaces;
  readonly seat: number;
  readonly audience: VirtualFaces;
}

/** Who plays to whom, in a room of two guests. */
const CASTS: Readonly<Record<string, (one: VirtualGuest, other: VirtualGuest) => Cast>> = {
  'a guest to the host': (one) => ({ actor: one.faces, seat: one.seat, audience: room.host.faces }),
  'the host to a guest': (one) => ({ actor: room.host.faces, seat: 0, audience: one.faces }),
  'a guest to another': (one, other) => ({ actor: one.faces, seat: one.seat, audience: other.faces }),
};

/** Root mean square of what is shown less what was done, over several rooms. */
async function rmsOf(who: string, conditions: Partial<Conditions>): Promise<number> {
  let squares = 0;
  for (const seed of SEEDS) {
    open(seed);
    const one = room.join(conditions);
    const other = who === 'a guest to another' ? room.join(conditions) : one;
    await room.run(2000);
    const cast = CASTS[who]?.(one, other);
    if (cast === undefined) throw new Error(who);
    cast.actor.play(take(seed, seed % 2 === 0 ? 'talk' : 'mixed'));
    // The page listens from the beginning.
    void cast.audience.shown(cast.seat);
    await room.run(WARM_UP_MS);
    squares += (await cast.audience.watch(cast.seat, cast.actor, 10_000)).rms ** 2;
    expect(cast.audience.unreadable).toBeLessThan(10);
    expect(room.host.people.every(({ dropped }) => dropped === 0)).toBe(true);
  }
  return Math.sqrt(squares / SEEDS.length);
}

describe('faces in a room', () => {
  it.each(['a guest to the host', 'the host to a guest'])(
    'arrive from %s true to .002 where 5 in 100 are lost',
    async (who) => {
      expect(await rmsOf(who, { loss: 0.05 })).toBeLessThan(0.002);
    },
  );

  it.each(['a guest to the host', 'the host to a guest'])(
    'arrive from %s true to .004 where 20 in 100 are lost',
    async (who) => {
      expect(await rmsOf(who, { loss: 0.2, duplicated: 0.05 })).toBeLessThan(0.004);
    },
  );

  it('arrive from one guest to another, with loss on both ways', async () => {
    expect(await rmsOf('a guest to another', { loss: 0.025 })).toBeLessThan(0.002);
    expect(await rmsOf('a guest to another', { loss: 0.1 })).toBeLessThan(0.004);
  });

  it('stand jitter that reorders datagrams', async () => {
    expect(await rmsOf('a guest to another', { jitter: 40 })).toBeLessThan(0.006);
  });

  it('cost at most 1.5 KB/s while talking, 0.5 KB/s idle, 4 KB/s all in all, at 60 Hz', async () => {
    open();
    const guest = room.join();
    await room.run(2000);
    const page = room.host.faces;
    guest.faces.play(take(2));
    await room.run(WARM_UP_MS);
    const talking = await cost(page, guest, 10_000);
    expect(talking.payload).toBeLessThan(1500);
    expect(talking.wire).toBeLessThan(4000);
    expect(talking.back).toBeLessThan(1500);
    guest.faces.play(take(2, 'idle'));
    await room.run(WARM_UP_MS);
    expect((await cost(page, guest, 10_000)).payload).toBeLessThan(500);
  });

  it('cost almost nothing where nobody looks, and are back at once when somebody does', async () => {
    open();
    const [one, two] = [room.join(), room.join()];
    await room.run(2000);
    for (const page of [room.host.faces, two.faces]) page.wanted = () => 1;
    one.faces.play(take(2));
    await room.run(WARM_UP_MS);
    const unseen = await cost(room.host.faces, one, 5000);
    expect(unseen.payload).toBe(0);
    // The rest is the room's heartbeat.
    expect(unseen.bytes).toBeLessThan(250);
    two.faces.wanted = () => 60;
    await room.run(500);
    const { rms } = await two.faces.watch(one.seat, one.faces, 3000);
    expect(rms).toBeLessThan(0.004);
    expect(room.host.faces.came.get(one.seat) ?? 0).toBeLessThan(40);
  });

  it.each(['a guest to the host', 'the host to a guest', 'a guest to another'])(
    'begin at once from %s when somebody looks, whenever that is',
    async (who) => {
      open();
      const [one, other] = [room.join(), room.join()];
      await room.run(2000);
      const cast = CASTS[who]?.(one, other);
      if (cast === undefined) throw new Error(who);
      const came = (): number => cast.audience.came.get(cast.seat) ?? 0;
      cast.actor.play(take(3));
      for (const unseenMs of [3000, 3250, 3500, 3750]) {
        cast.audience.wanted = () => 1;
        await room.run(unseenMs);
        cast.audience.wanted = () => 60;
        const before = came();
        await room.run(300);
        expect(came()).toBeGreaterThan(before);
      }
    },
  );

  it('go to nobody whose page says nothing of faces, after two seconds', async () => {
    open();
    const [one, two] = [room.join(), room.join()];
    await room.run(2000);
    two.faces.wanted = null;
    one.faces.play(take(2));
    await room.run(2500);
    const came = two.faces.came.get(one.seat) ?? 0;
    expect(came).toBeGreaterThan(20);
    await room.run(2000);
    expect(two.faces.came.get(one.seat)).toBe(came);
  });

  it('are seen by who comes late, and forgotten when their person leaves', async () => {
    open();
    const one = room.join();
    await room.run(2000);
    one.faces.play(take(2));
    await room.run(4000);
    const late = room.join();
    await room.run(300);
    void late.faces;
    await room.run(1000);
    expect((await late.faces.watch(one.seat, one.faces, 3000)).rms).toBeLessThan(0.003);
    const { seat } = one;
    one.leave();
    await room.run(200);
    const came = late.faces.came.get(seat);
    expect(late.faces.came.get(seat)).toBe(came);
    // The host's own demand and relay are gone with them: nothing is sent of that seat, and nothing breaks.
    await room.run(3000);
    expect(late.faces.came.get(seat)).toBe(came);
    expect(room.host.people.map((person) => person.seat)).toEqual([0, late.seat]);
  });

  it('come to rest when they end, and begin again', async () => {
    open();
    const one = room.join();
    await room.run(2000);
    const page = room.host.faces;
    const laughing = new Float32Array(CHANNELS);
    laughing[SHAPE.jawOpen] = 1;
    for (let i = 0; i < 60; i++) {
      one.session.face(laughing);
      one.wake();
      await room.run(1000 / 60);
    }
    expect(page.shown(one.seat)[SHAPE.jawOpen]).toBeCloseTo(1, 2);
    one.session.face(null);
    one.wake();
    await room.run(500);
    expect(page.shown(one.seat)[SHAPE.jawOpen]).toBeLessThan(0.05);
    const came = page.came.get(one.seat);
    await room.run(5000);
    expect(page.came.get(one.seat)).toBe(came);
    for (let i = 0; i < 60; i++) {
      one.session.face(laughing);
      one.wake();
      await room.run(1000 / 60);
    }
    expect(page.shown(one.seat)[SHAPE.jawOpen]).toBeCloseTo(1, 2);
  });

  it('go on in a paused world, and do not move it', async () => {
    open();
    const one = room.join();
    await room.run(2000);
    room.host.authority.submit({ kind: 'pause', paused: true });
    room.host.wake();
    await room.run(500);
    const { tick } = room.host.authority.sim;
    void room.host.faces;
    one.faces.play(take(2));
    await room.run(WARM_UP_MS);
    expect((await room.host.faces.watch(one.seat, one.faces, 3000)).rms).toBeLessThan(0.002);
    expect(room.host.authority.sim.tick).toBe(tick);
    expect(one.replica?.sim.tick).toBe(tick);
  });

  it('take whatever numbers a page gives: what is no number is 0, what is too large the largest', async () => {
    open();
    const one = room.join();
    await room.run(2000);
    void room.host.faces;
    const wild = new Float32Array(CHANNELS).fill(NaN);
    wild[SHAPE.jawOpen] = Infinity;
    wild[SHAPE.eyeBlinkLeft] = -5;
    for (let i = 0; i < 30; i++) {
      one.session.face(i % 2 === 0 ? wild : wild.subarray(0, 52));
      one.wake();
      await room.run(17);
    }
    const shown = room.host.faces.shown(one.seat);
    expect(shown.every(Number.isFinite)).toBe(true);
    expect([shown[SHAPE.jawOpen], shown[SHAPE.eyeBlinkLeft]].map((x) => x?.toFixed(1))).toEqual([
      '1.0',
      '0.0',
    ]);
  });
});

/** What one guest's face costs, per second: messages as they came, all bytes on `rt` from there, on the wire, and back. */
async function cost(
  page: VirtualFaces,
  guest: VirtualGuest,
  ms: number,
): Promise<Record<'payload' | 'bytes' | 'wire' | 'back', number>> {
  const now = (): number[] => {
    const figures = room.host.session.figures().find(({ seat }) => seat === guest.seat);
    if (figures === undefined) throw new Error('gone');
    const { rtBytesIn, rtIn, rtBytesOut, rtOut } = figures;
    return [page.bytes, rtBytesIn, rtBytesIn + OVERHEAD_BYTES * rtIn, rtBytesOut + OVERHEAD_BYTES * rtOut];
  };
  const before = now();
  await room.run(ms);
  const [payload = 0, bytes = 0, wire = 0, back = 0] = now().map(
    (value, i) => ((value - (before[i] ?? 0)) / ms) * 1000,
  );
  return { payload, bytes, wire, back };
}

describe('a guest that sends faces nobody should', () => {
  const out = new RtWriter();
  const send = (guest: VirtualGuest, ...write: readonly (() => void)[]): void => {
    out.begin();
    for (const one of write) one();
    guest.link.rt.send(out.datagram());
  };
  const garbage = (random: Random, length: number): Uint8Array =>
    Uint8Array.from({ length }, () => random.below(256));

  async function company(): Promise<readonly [VirtualGuest, VirtualGuest]> {
    open();
    const guests = [room.join({ jitter: 0 }), room.join({ jitter: 0 })] as const;
    await room.run(2000);
    for (const { faces } of [room.host, ...guests]) void faces;
    return guests;
  }

  it('FACES-2 is not heard with somebody else’s seat', async () => {
    const [one, two] = await company();
    send(one, () => out.face(two.seat, 0, new Uint8Array(20)));
    send(one, () => out.face(0, 0, new Uint8Array(20)));
    await room.run(2500);
    expect(room.person(one.seat).dropped).toBe(2);
    expect([room.host, one, two].map(({ faces }) => faces.came.size)).toEqual([0, 0, 0]);
  });

  it('FACES-6 is heard no more than the limits allow, in messages and in bytes', async () => {
    const [one, two] = await company();
    const seconds = 4;
    let stamp = 0;
    for (let i = 0; i < seconds * 100; i++) {
      const urgent = Uint8Array.from({ length: 20 }, (_, k) => (k === 0 ? 0x81 : 0));
      send(one, () => out.face(one.seat, stamp++ % 256, urgent));
      await room.run(10);
    }
    await room.run(100);
    expect(room.host.faces.came.get(one.seat)).toBeLessThanOrEqual((seconds + 2.5) * FACES_PER_SECOND);
    expect(two.faces.came.get(one.seat) ?? 0).toBeLessThanOrEqual((seconds + 2.5) * FACES_PER_SECOND);
    const bytes = two.faces.bytes;
    for (let i = 0; i < seconds * 20; i++) {
      send(two, () => out.face(two.seat, i, new Uint8Array(MAX_FACE_BYTES).fill(0x81)));
      await room.run(50);
    }
    await room.run(2500);
    expect(one.faces.bytes).toBeLessThanOrEqual((seconds + 2.5) * FACE_BYTES_PER_SECOND);
    expect(room.person(two.seat).dropped).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(0);
  });

  it('FACES-7 hurts nobody with garbage', async () => {
    const [one, two] = await company();
    const random = new Random(3);
    for (let i = 0; i < 200; i++) {
      const bytes = garbage(random, 1 + random.below(60));
      send(one, () => out.face(one.seat, i % 256, bytes));
      await room.run(20);
    }
    two.faces.play(take(3));
    await room.run(WARM_UP_MS);
    expect((await room.host.faces.watch(two.seat, two.faces, 3000)).rms).toBeLessThan(0.002);
    expect(room.host.faces.shown(one.seat).every(Number.isFinite)).toBe(true);
    for (let i = 0; i < 5; i++) {
      send(one, () => out.faceReport(two.seat, Uint8Array.of(0, 0, 0, 61)));
      send(one, () => out.faceDemand(Uint8Array.of(0, 60, 1)));
      send(one, () => out.faceReport(9999, Uint8Array.of(0, 0, 0, 60)));
    }
    await room.run(2500);
    expect(room.person(one.seat).dropped).toBe(10);
    expect((await room.host.faces.watch(two.seat, two.faces, 1000)).rms).toBeLessThan(0.002);
  });

  it('is sent away when it goes on', async () => {
    const [one] = await company();
    for (let i = 0; i < 12; i++) send(one, () => out.face(99, 0, new Uint8Array(20)));
    await room.run(500);
    expect(one.ended).toBe('too-fast');
  });
});

describe('many faces', () => {
  it('FACES-3 share datagrams that are never too long, and what is sudden does not wait', async () => {
    open();
    const guests = Array.from({ length: 12 }, () => room.join({ jitter: 5 }));
    await room.run(2500);
    const longest = { bytes: 0 };
    const [audience] = guests;
    if (audience === undefined) return;
    const hear = audience.link.rt.onmessage;
    audience.link.rt.onmessage = (bytes) => {
      longest.bytes = Math.max(longest.bytes, bytes.length);
      hear?.(bytes);
    };
    void audience.faces;
    guests.forEach(({ faces }, i) => faces.play(take(i)));
    await room.run(WARM_UP_MS);
    const figures = (): number =>
      room.host.session.figures().find(({ seat }) => seat === audience.seat)?.rtOut ?? 0;
    const before = figures();
    const [other] = guests.slice(-1);
    if (other === undefined) return;
    const { rms } = await audience.faces.watch(other.seat, other.faces, 2000);
    expect(rms).toBeLessThan(0.002);
    // Eleven faces of thirty messages a second each.
    expect((figures() - before) / 2).toBeLessThan(130);
    expect(longest.bytes).toBeLessThanOrEqual(MAX_RT_BYTES);
    expect(longest.bytes).toBeGreaterThan(150);
  });
});
