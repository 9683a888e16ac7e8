import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SimroomError } from '../../core/errors';
import { Random } from '../../core/random';
import { type CtlMessage, type Person, type Role, ctl } from '../../protocol/ctl';
import { bulk } from '../../protocol/bulk';
import { fromHex, toHex } from '../../core/encoding';
import { MAX_MODEL_BYTES } from '../../protocol/limits';
import { RtWriter } from '../../protocol/rt';
import { decode, encode } from '../../protocol/schema';
import type { Mujoco } from '../../sim/mujoco';
import { Sim } from '../../sim/sim';
import { WORKSHOP } from '../../testing/mujoco';
import { PERFECT, VirtualClock, type VirtualLink, connect } from '../../testing/virtual_network';
import { guestDoor, guestOptions } from '../../testing/virtual_door';
import { type VirtualModel, virtualModel, virtualMujoco } from '../../testing/virtual_room';
import { GuestSession } from './guest_session';
import { firstLook } from './worn';
import { Replica } from '../world/replica';
import type { RoomEvent } from '../room_messages';

const SELF = { name: 'Ada', colour: 3 };
const ZEROS = new Uint8Array(32);

let mujoco: Mujoco;
let model: VirtualModel;
let clock: VirtualClock;
let guest: GuestSession;
/** The host's end, in the hands of the test. */
let host: VirtualLink;
let heard: CtlMessage[];
let events: RoomEvent[];

beforeAll(async () => {
  mujoco = await virtualMujoco();
  model = await virtualModel(WORKSHOP, 100);
});

beforeEach(() => {
  clock = new VirtualClock();
  heard = [];
  events = [];
  const [near, far] = connect(clock, new Random(3), PERFECT);
  host = far;
  far.ctl.onmessage = (bytes) => {
    const message = decode(ctl, bytes);
    if (message !== null) heard.push(message);
  };
  guest = new GuestSession(
    near,
    guestOptions(SELF),
    clock.read,
    (event) => events.push(event),
    guestDoor(clock, 1, SELF),
  );
});

let replica: Replica | null = null;

afterEach(() => {
  replica?.dispose();
  replica?.sim.dispose();
  replica = null;
});

async function run(ms: number): Promise<void> {
  for (const end = clock.now + ms; clock.now < end;) {
    await clock.run(Math.min(end, clock.now + 20));
    guest.flush();
  }
}

async function say(...messages: readonly CtlMessage[]): Promise<void> {
  for (const message of messages) host.ctl.send(encode(ctl, message));
  await run(20);
}

const kinds = (): string[] => heard.map(({ kind }) => kind);
const ended = (): RoomEvent | undefined => events.find(({ kind }) => kind === 'ended');

function person(seat: number, role: Role): Person {
  return {
    seat,
    name: 'x',
    colour: 0,
    role,
    mode: 'tape',
    route: 'p2p',
    rtt: 0,
    dropped: 0,
    look: firstLook(seat),
  };
}

async function enter(role: Role = 'developer'): Promise<void> {
  await say({
    kind: 'challenge',
    version: 1,
    build: 'x',
    wasm: ZEROS,
    nonce: ZEROS,
    hostKey: ZEROS,
    signature: new Uint8Array(64),
    mac: ZEROS,
  });
  await say({ kind: 'accept', seat: 5 }, { kind: 'people', all: [person(0, 'admin'), person(5, role)] });
}

const manifest = (world: number): CtlMessage => ({
  kind: 'world',
  world,
  bundle: model.bundleHash,
  size: 100,
  compiled: model.compiled,
  origin: 'test',
});

/** The host gives the world. */
async function start(): Promise<void> {
  await enter();
  await say(manifest(1));
  const sim = new Sim(mujoco, model.mjb);
  const checkpoint = sim.save();
  replica = new Replica(sim, clock.read, { onEntry: () => {}, onCheckpoint: () => {}, onDiverged: () => {} });
  guest.setWorld(replica, 1, model.compiled);
  await say({ kind: 'start', world: 1, seq: 4, transfer: 2, size: checkpoint.length });
  host.bulk.send(encode(bulk, { kind: 'chunk', transfer: 2, offset: 0, bytes: checkpoint }));
  await run(20);
}

function tape(tick: number, nextSeq: number, acted: number): void {
  const out = new RtWriter();
  out.begin();
  out.tape(1, tick, nextSeq, acted, [], 0);
  host.rt.send(out.datagram());
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error instanceof SimroomError ? error.code : String(error)),
  );
}

describe('a guest', () => {
  it('says who it is only once it is challenged, and then what it wants only once it is in', async () => {
    await run(50);
    expect(kinds()).toEqual(['hello']);
    expect(() => guest.say('hi')).toThrow(expect.objectContaining({ code: 'not-in-room' }));
    await enter();
    expect(kinds()).toEqual(['hello', 'knock', 'route']);
    expect(events.map(({ kind }) => kind)).toEqual(['entered', 'people']);
  });

  it('gives up on a host that does not answer', async () => {
    await run(9900);
    expect(ended()).toBeUndefined();
    await run(200);
    expect(ended()).toMatchObject({ code: 'connection-failed' });
    expect(host.isClosed).toBe(true);
  });

  it('notices a host that falls silent, in six seconds', async () => {
    await enter();
    await run(5900);
    expect(ended()).toBeUndefined();
    await run(300);
    expect(ended()).toMatchObject({ code: 'connection-failed' });
  });

  it.each<readonly [CtlMessage, string]>([
    [{ kind: 'bye' }, 'room-closed'],
    [{ kind: 'refuse', code: 'removed', message: 'Out.' }, 'removed'],
  ])('ends as the host says: %o', async (message, code) => {
    await enter();
    const answer = codeOf(guest.request({ kind: 'gather' }));
    await say(message);
    expect(ended()).toMatchObject({ code });
    expect(await answer).toBe('room-closed');
    expect(await codeOf(guest.request({ kind: 'gather' }))).toBe('not-in-room');
  });

  it('ends when the connection does, and says goodbye when it leaves itself', async () => {
    await enter();
    guest.leave();
    await run(20);
    expect(kinds().at(-1)).toBe('bye');
    expect(ended()).toBeUndefined();
    expect(guest.wait).toBe(Infinity);
  });

  it('hears of a host that is gone', async () => {
    await enter();
    host.close();
    await run(20);
    expect(ended()).toMatchObject({ code: 'connection-failed' });
  });

  it('refuses by itself what its role does not allow, in words', async () => {
    await enter('viewer');
    expect(await codeOf(guest.request({ kind: 'lock', locked: true }))).toBe('role-refused');
    expect(() => guest.submit({ kind: 'pause', paused: true })).toThrow(/Your role in this room is viewer/);
    await say({ kind: 'people', all: [person(5, 'developer')] });
    expect(() => guest.submit({ kind: 'pause', paused: true })).toThrow(/not here yet/);
    expect(() => guest.submit({ kind: 'checkpoint' })).toThrow(/host alone/);
    expect(kinds()).not.toContain('request');
  });

  it('gives each answer to who asked', async () => {
    await enter('admin');
    const [one, two, three] = [
      guest.request({ kind: 'invite', role: 'viewer', expiresIn: 0, uses: 0 }),
      codeOf(guest.request({ kind: 'lock', locked: true })),
      guest.request({ kind: 'invitations' }),
    ];
    await run(20);
    const ids = heard.flatMap((message) => (message.kind === 'request' ? [message.id] : []));
    await say(
      { kind: 'answer', id: ids[2] ?? 0, outcome: { kind: 'invitations', all: [] } },
      { kind: 'answer', id: ids[1] ?? 0, outcome: { kind: 'failed', code: 'role-refused', message: 'No.' } },
      { kind: 'answer', id: ids[0] ?? 0, outcome: { kind: 'invited', token: 'T' } },
    );
    expect([await one, await two, await three]).toEqual([
      { token: 'T' },
      'role-refused',
      { invitations: [] },
    ]);
  });

  it('does not say more than the host lets through', async () => {
    await enter();
    for (let i = 0; i < 6; i++) guest.say(`word ${i}`);
    expect(() => guest.say('too much')).toThrow(expect.objectContaining({ code: 'too-fast' }));
    guest.say('  ');
    await run(1500);
    guest.say('again');
    await run(20);
    expect(heard.filter(({ kind }) => kind === 'say')).toHaveLength(7);
  });

  it('begins where the host says, and asks for nothing it has', async () => {
    await start();
    expect(events.at(-1)).toEqual({ kind: 'started', world: 1 });
    expect(replica?.nextSeq).toBe(4);
    tape(20, 4, 0);
    await run(500);
    expect(kinds()).not.toContain('missing');
  });

  it('asks for what is missing, once a second', async () => {
    await start();
    for (let i = 0; i < 20; i++) {
      tape(20 + i, 9, 0);
      await run(100);
    }
    const asked = heard.filter(({ kind }) => kind === 'missing');
    expect(asked.length).toBeGreaterThanOrEqual(2);
    expect(asked.length).toBeLessThanOrEqual(3);
    expect(asked[0]).toMatchObject({ world: 1, seq: 4 });
  });

  it('takes content only if it is what it says', async () => {
    await enter();
    const hash = toHex(model.bundleHash);
    const give = async (transfer: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
      await say({ kind: 'content', hash: model.bundleHash, transfer, size: bytes.length });
      host.bulk.send(encode(bulk, { kind: 'chunk', transfer, offset: 0, bytes }));
      await run(20);
    };
    guest.want(hash);
    await give(2, new Uint8Array(100));
    expect(events.at(-1)).toEqual({ kind: 'lacking', hash });
    guest.want(hash);
    await say({ kind: 'content', hash: model.bundleHash, transfer: 4, size: MAX_MODEL_BYTES + 1 });
    expect(events.filter(({ kind }) => kind === 'lacking')).toHaveLength(2);
    guest.want(hash);
    await give(6, model.bundle);
    expect(events.at(-1)).toMatchObject({ kind: 'content', hash, bytes: model.bundle });
    expect(fromHex(hash)).toEqual(model.bundleHash);
  });

  it.each<readonly [string, () => void]>([
    ['garbage on ctl', () => host.ctl.send(Uint8Array.of(250))],
    ['garbage on rt', () => host.rt.send(Uint8Array.of(1, 250))],
    ['more actions dealt with than there are', () => tape(5, 4, 99)],
    ['what a guest says', () => host.ctl.send(encode(ctl, { kind: 'say', text: 'x' }))],
    [
      'a people list without us',
      () => host.ctl.send(encode(ctl, { kind: 'people', all: [person(0, 'admin')] })),
    ],
    ['the same world again', () => host.ctl.send(encode(ctl, manifest(1)))],
    [
      'answers to nothing',
      () => host.ctl.send(encode(ctl, { kind: 'answer', id: 77, outcome: { kind: 'done' } })),
    ],
    [
      'chunks of nothing',
      () => host.bulk.send(encode(bulk, { kind: 'chunk', transfer: 8, offset: 9, bytes: ZEROS })),
    ],
  ])('leaves a host that keeps sending %s', async (_, send) => {
    await start();
    for (let i = 0; i < 15; i++) send();
    await run(50);
    expect(ended()).toBeUndefined();
    for (let i = 0; i < 15; i++) send();
    await run(50);
    expect(ended()).toMatchObject({ code: 'connection-failed' });
  });

  it('leaves a host whose tape contradicts itself, with its world intact', async () => {
    await start();
    const out = new RtWriter();
    out.begin();
    const action = { kind: 'pause', paused: false } as const;
    out.tape(
      1,
      30,
      6,
      0,
      [
        { tick: 30, seat: 0, seq: 4, action },
        { tick: 30, seat: 0, seq: 5, action },
      ],
      0,
    );
    host.rt.send(out.datagram());
    await run(20);
    out.begin();
    out.tape(1, 20, 7, 0, [{ tick: 10, seat: 0, seq: 6, action }], 0);
    host.rt.send(out.datagram());
    await run(20);
    expect(ended()).toMatchObject({ code: 'connection-failed' });
    expect(replica?.started).toBe(true);
  });

  it('ignores a start of a world that it does not follow', async () => {
    await enter();
    await say(manifest(2), { kind: 'start', world: 1, seq: 0, transfer: 2, size: 50 });
    expect(events.map(({ kind }) => kind)).not.toContain('started');
    expect(ended()).toBeUndefined();
  });

  it('does not report a compiled world that has been replaced meanwhile', async () => {
    await enter();
    await say(manifest(1), manifest(2));
    const sim = new Sim(mujoco, model.mjb);
    replica = new Replica(sim, clock.read, {
      onEntry: () => {},
      onCheckpoint: () => {},
      onDiverged: () => {},
    });
    guest.setWorld(replica, 1, model.compiled);
    await run(20);
    expect(kinds()).not.toContain('ready');
  });
});
