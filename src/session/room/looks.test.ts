import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SimroomError } from '../../core/errors';
import { toHex } from '../../core/encoding';
import { MAX_GLB_BYTES } from '../../face/glb/limits';
import type { FacePlace, Look, Request } from '../../protocol/ctl';
import { MAX_FACE_PLACES, MAX_HEAD_FILE_BYTES } from '../../protocol/limits';
import { type Stage, VirtualCompany, stage } from '../../testing/virtual_company';
import { sha256 } from '../../testing/virtual_door';
import type { VirtualGuest, VirtualHost } from '../../testing/virtual_room';
import { FacePlaces } from './face_places';

const PLAIN: Look = { style: 'human', skin: 3, hair: 2, iris: 1, file: null, fileSize: 0 };
const HEAD = new Uint8Array(200_000).fill(7);
const HEAD_HASH = sha256(HEAD);
const WITH_HEAD: Look = { ...PLAIN, file: HEAD_HASH, fileSize: HEAD.length };

let set: Stage;
let room: VirtualCompany;
let ada: VirtualGuest;
let bob: VirtualGuest;

beforeAll(async () => {
  set = await stage();
});

beforeEach(async () => {
  room = new VirtualCompany(set, 9);
  [ada, bob] = [room.join({ jitter: 0 }), room.join({ jitter: 0 })];
  await room.run(2000);
});

afterEach(() => room.dispose());

/** Asks, and waits for what becomes of it: `done`, or a code. */
async function ask(peer: VirtualGuest | VirtualHost, request: Request, ms = 500): Promise<string> {
  let outcome = 'waits';
  room.clock.settle();
  peer.session.request(request).then(
    () => {
      outcome = 'done';
    },
    (error: unknown) => {
      outcome = error instanceof SimroomError ? error.code : String(error);
    },
  );
  peer.wake();
  await room.run(ms);
  return outcome;
}

const wear = (peer: VirtualGuest | VirtualHost, look: Look, ms?: number): Promise<string> =>
  ask(peer, { kind: 'wear', look }, ms);

/** What a guest has been told that somebody looks like. */
const seen = (by: VirtualGuest, seat: number): Look | undefined =>
  by.people.find((person) => person.seat === seat)?.look;

/** Fetches a head as a page does. */
async function fetched(by: VirtualGuest | VirtualHost, ms = 1500): Promise<string> {
  const hash = toHex(HEAD_HASH);
  const before = by.events.length;
  by.session.want(hash);
  by.wake();
  await room.run(ms);
  const event = by.events
    .slice(before)
    .find((one) => 'hash' in one && one.hash === hash && one.kind !== 'progress');
  if (event?.kind === 'content' && Buffer.compare(event.bytes, HEAD) !== 0) return 'something else';
  return event?.kind ?? 'nothing';
}

describe('what people look like', () => {
  it('is something for everybody from the beginning, and the same for all', () => {
    const looks = room.host.people.map(({ look }) => look);
    expect(new Set(looks.map(({ style, hair }) => `${style}${hair}`)).size).toBeGreaterThan(1);
    expect(ada.people.map(({ look }) => look)).toEqual(looks);
  });

  it('CTL-30 is what they choose, viewers too, and told to all', async () => {
    await ask(room.host, { kind: 'setRole', seat: ada.seat, role: 'viewer' });
    expect(await wear(ada, PLAIN)).toBe('done');
    expect(await wear(room.host, { ...PLAIN, style: 'robot' })).toBe('done');
    expect(seen(bob, ada.seat)).toEqual(PLAIN);
    expect(seen(bob, 0)).toEqual({ ...PLAIN, style: 'robot' });
    expect(room.person(ada.seat).look).toEqual(PLAIN);
  });

  it('CTL-30 has its file once the host has it, and goes from there to all who want it', async () => {
    ada.session.provide(toHex(HEAD_HASH), HEAD.slice());
    const waits = await wear(ada, WITH_HEAD, 60);
    expect(waits).toBe('waits');
    expect(seen(ada, ada.seat)?.file ?? null).toBeNull();
    await room.run(2000);
    expect(seen(bob, ada.seat)).toEqual(WITH_HEAD);
    expect(await fetched(bob)).toBe('content');
    expect(await fetched(room.host)).toBe('content');
    // Twice: what was handed to a page is still here for others.
    expect(await fetched(room.host)).toBe('content');
    expect(await fetched(room.join())).toBe('lacking');
    const late = room.join({ jitter: 0 });
    await room.run(2000);
    expect(seen(late, ada.seat)).toEqual(WITH_HEAD);
    expect(await fetched(late)).toBe('content');
  });

  it('CTL-30 keeps a head for as long as somebody wears it', async () => {
    for (const peer of [ada, bob]) peer.session.provide(toHex(HEAD_HASH), HEAD.slice());
    await wear(ada, WITH_HEAD, 2000);
    expect(await wear(bob, WITH_HEAD)).toBe('done');
    ada.leave();
    await room.run(500);
    for (let i = 0; i < 8; i++)
      room.host.session.provide(toHex(sha256(Uint8Array.of(i))), new Uint8Array(10));
    expect(await fetched(room.host)).toBe('content');
    await wear(bob, PLAIN);
    expect(await fetched(room.host)).toBe('lacking');
  });

  it('CTL-30 the host wears what its page has provided', async () => {
    expect(await wear(room.host, WITH_HEAD)).toBe('not-found');
    room.host.session.provide(toHex(HEAD_HASH), HEAD.slice());
    expect(await wear(room.host, WITH_HEAD)).toBe('done');
    expect(seen(bob, 0)).toEqual(WITH_HEAD);
    expect(await fetched(bob)).toBe('content');
  });

  it('CTL-30 is refused where it cannot be, and the rest of the look stays', async () => {
    expect(MAX_HEAD_FILE_BYTES).toBe(MAX_GLB_BYTES);
    expect(await wear(ada, { ...WITH_HEAD, fileSize: 0 })).toBe('bad-argument');
    expect(await wear(ada, { ...PLAIN, fileSize: 9 })).toBe('bad-argument');
    expect(await wear(ada, { ...WITH_HEAD, fileSize: MAX_HEAD_FILE_BYTES + 1 })).toBe('file-too-large');
    // The guest does not have it, or not of that size.
    expect(await wear(ada, WITH_HEAD, 1000)).toBe('fetch-failed');
    ada.session.provide(toHex(HEAD_HASH), HEAD.slice());
    expect(await wear(ada, { ...WITH_HEAD, fileSize: HEAD.length - 1 }, 1000)).toBe('fetch-failed');
    expect(seen(bob, ada.seat)).toEqual(PLAIN);
  });

  it('CTL-30 the next look ends the waiting for the last one', async () => {
    ada.session.provide(toHex(HEAD_HASH), HEAD.slice());
    ada.link.conditions = { delay: 200, jitter: 0, loss: 0, duplicated: 0 };
    let first = '';
    room.clock.settle();
    ada.session.request({ kind: 'wear', look: WITH_HEAD }).then(
      () => {
        first = 'done';
      },
      (error: unknown) => {
        first = error instanceof SimroomError ? error.code : '';
      },
    );
    ada.wake();
    await room.run(500);
    expect(await wear(ada, PLAIN, 3000)).toBe('done');
    expect(first).toBe('load-superseded');
    expect(seen(bob, ada.seat)).toEqual(PLAIN);
  });

  it('CTL-30 is not changed all the time', async () => {
    const outcomes: string[] = [];
    for (let skin = 0; skin < 20; skin++) {
      ada.session.request({ kind: 'wear', look: { ...PLAIN, skin } }).then(
        () => outcomes.push('done'),
        (error: unknown) => outcomes.push(error instanceof SimroomError ? error.code : ''),
      );
    }
    ada.wake();
    await room.run(1000);
    expect(outcomes).toHaveLength(20);
    expect(outcomes.filter((one) => one === 'too-fast').length).toBeGreaterThan(5);
  });

  it('comes in while the world changes', async () => {
    ada.session.provide(toHex(HEAD_HASH), HEAD.slice());
    await wear(ada, WITH_HEAD, 2000);
    bob.link.conditions = { delay: 150, jitter: 0, loss: 0, duplicated: 0 };
    const content = fetched(bob, 6000);
    room.clock.at(room.clock.now + 400, () => room.host.load(set.models[1]));
    expect(await content).toBe('content');
    expect(bob.world).toBe(2);
  });
});

describe('faces on the model', () => {
  const put = (
    peer: VirtualGuest | VirtualHost,
    place: FacePlace | (Omit<FacePlace, 'seat'> & { seat: null }),
  ): Promise<string> => ask(peer, { kind: 'putFace', ...place });
  const onBody = (id: number, seat: number): FacePlace => ({ object: 'body', id, seat, size: 0.25 });
  /** The places somebody was told of last. */
  const told = (peer: VirtualGuest | VirtualHost): readonly FacePlace[] | null => {
    const last = peer.events.findLast((event) => event.kind === 'faces');
    return last?.kind === 'faces' ? last.all : null;
  };

  it('CTL-31 are told to all, and to who comes later', async () => {
    expect(await put(ada, onBody(2, bob.seat))).toBe('done');
    expect(await put(room.host, { object: 'site', id: 0, seat: 0, size: 1 })).toBe('done');
    const all = [onBody(2, bob.seat), { object: 'site', id: 0, seat: 0, size: 1 }];
    for (const peer of [room.host, ada, bob]) expect(told(peer)).toEqual(all);
    const late = room.join();
    await room.run(1000);
    expect(told(late)).toEqual(all);
  });

  it('CTL-31 are one on each body, and can be taken away', async () => {
    await put(ada, onBody(2, bob.seat));
    await put(ada, onBody(2, 0));
    expect(told(bob)).toEqual([onBody(2, 0)]);
    expect(await put(ada, { ...onBody(2, 0), seat: null })).toBe('done');
    expect(told(bob)).toEqual([]);
  });

  it('CTL-31 go with their person, and with the world', async () => {
    await put(ada, onBody(2, ada.seat));
    await put(ada, onBody(3, bob.seat));
    const { seat } = bob;
    ada.leave();
    await room.run(300);
    expect(told(bob)).toEqual([onBody(3, seat)]);
    room.host.load(set.models[1]);
    await room.run(500);
    for (const peer of [room.host, bob]) expect(told(peer)).toEqual([]);
    expect(bob.events.findLast((event) => event.kind === 'faces')).toMatchObject({ world: 2 });
  });

  it('ROLE-2 are put there by developers', async () => {
    await ask(room.host, { kind: 'setRole', seat: ada.seat, role: 'viewer' });
    expect(await put(ada, onBody(2, ada.seat))).toBe('role-refused');
    expect(told(bob)).toEqual([]);
  });

  it.each<readonly [string, FacePlace, string]>([
    ['the world’s own body', onBody(0, 0), 'unknown-name'],
    ['a body that is not there', onBody(99, 0), 'unknown-name'],
    ['a site that is not there', { object: 'site', id: 1, seat: 0, size: 1 }, 'unknown-name'],
    ['somebody who is not there', onBody(1, 77), 'unknown-name'],
    ['no height', { ...onBody(1, 0), size: 0 }, 'bad-argument'],
    ['a height beyond all', { ...onBody(1, 0), size: 1e9 }, 'bad-argument'],
  ])('CTL-31 are refused: %s', async (_, place, code) => {
    expect(await put(bob, place)).toBe(code);
    expect(await put(room.host, place)).toBe(code);
    expect(told(ada)).toEqual([]);
  });

  it('are no more than a list holds', () => {
    const places = new FacePlaces();
    const model = { nbody: MAX_FACE_PLACES + 2, nsite: 0 };
    const body = (id: number): Omit<FacePlace, 'seat'> => ({ object: 'body', id, size: 1 });
    for (let id = 1; id <= MAX_FACE_PLACES; id++) places.put(model, body(id), 3);
    expect(() => places.put(model, body(MAX_FACE_PLACES + 1), 3)).toThrow(/take one away first/);
    expect(places.put(model, body(1), 4)).toBe(true);
    expect(places.all).toHaveLength(MAX_FACE_PLACES);
  });
});
