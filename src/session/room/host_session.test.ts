import { beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { PERSON } from '../../core/frame';
import { Random } from '../../core/random';
import { type CtlMessage, type Role, ctl } from '../../protocol/ctl';
import {
  ACTIONS_PER_SECOND,
  BULK_CHUNK_BYTES,
  CTL_PER_SECOND,
  MAX_CTL_PART_BYTES,
  MAX_GUEST_CTL_BYTES,
  MAX_MODEL_BYTES,
} from '../../protocol/limits';
import { bulk } from '../../protocol/bulk';
import { RtWriter, encodedAction, readRt } from '../../protocol/rt';
import { decode, encode } from '../../protocol/schema';
import type { Mujoco } from '../../sim/mujoco';
import type { Action } from '../../tape/action';
import { WORKSHOP } from '../../testing/mujoco';
import { PERFECT, VirtualClock, type VirtualLink, connect } from '../../testing/virtual_network';
import {
  VirtualGuest,
  VirtualHost,
  type VirtualModel,
  virtualModel,
  virtualMujoco,
} from '../../testing/virtual_room';

const ZEROS = new Uint8Array(32);
const CTRL: Action = { kind: 'ctrl', index: 0, value: 0.5 };

let mujoco: Mujoco;
let model: VirtualModel;

beforeAll(async () => {
  mujoco = await virtualMujoco();
  model = await virtualModel(WORKSHOP.replace('timestep="0.002"', 'timestep="0.01"'), 50_000);
});

/** Somebody who sends whatever bytes they like. */
class Intruder {
  readonly heard: CtlMessage[] = [];
  readonly link: VirtualLink;
  isCut = false;
  /** Of others, as the host tells. */
  readonly seats: number[] = [];
  readonly faces: (readonly [number, Uint8Array])[] = [];
  private readonly out = new RtWriter();

  constructor(
    clock: VirtualClock,
    private readonly host: VirtualHost,
  ) {
    const [near, far] = connect(clock, new Random(1), PERFECT);
    this.link = near;
    host.session.add(far);
    near.ctl.onmessage = (bytes) => {
      const message = decode(ctl, bytes);
      if (message !== null) this.heard.push(message);
    };
    near.rt.onmessage = (bytes) => {
      const none = (): void => {};
      readRt(bytes, {
        tape: none,
        hash: none,
        acts: none,
        ping: none,
        pong: none,
        presence: (person) => this.seats.push(person[0] ?? -1),
        face: (seat, _stamp, message) => this.faces.push([seat, message.slice()]),
        faceReport: none,
        faceDemand: none,
      });
    };
    near.onclose = () => {
      this.isCut = true;
    };
  }

  say(message: CtlMessage): void {
    this.link.ctl.send(encode(ctl, message));
    this.host.wake();
  }

  hello(): void {
    this.say({ kind: 'hello', version: 1, build: 'x', wasm: ZEROS, nonce: ZEROS });
  }

  knock(name = 'Mallory'): void {
    const identity = new Uint8Array(32).fill(9);
    const proof = { mac: ZEROS, identity, signature: new Uint8Array(64) };
    this.say({ kind: 'knock', ...proof, name, colour: 1, invitation: null });
  }

  ready(world = 1): void {
    this.say({ kind: 'ready', world, compiled: model.compiled });
  }

  acts(first: number, actions: readonly Action[], { world = 1, nextSeq = 0 } = {}): void {
    this.out.begin();
    this.out.acts(world, nextSeq, first, actions.map(encodedAction));
    this.link.rt.send(this.out.datagram());
    this.host.wake();
  }

  last<K extends CtlMessage['kind']>(kind: K): Extract<CtlMessage, { kind: K }> | undefined {
    return this.heard.findLast(
      (message): message is Extract<CtlMessage, { kind: K }> => message.kind === kind,
    );
  }
}

let clock: VirtualClock;
let host: VirtualHost;
let intruder: Intruder;

const run = (ms: number): Promise<void> => clock.run(clock.now + ms);
/** What the host counts against the intruder. */
const dropped = (): number => host.people.find(({ seat }) => seat === 1)?.dropped ?? -1;
const fromSeat = (seat: number): Action[] =>
  host.authority.tape.entries.flatMap((entry) => (entry.seat === seat ? [entry.action] : []));

/** The intruder comes in, with a role, and begins in the world. */
async function enter(role: Role = 'developer'): Promise<void> {
  intruder.hello();
  await run(20);
  intruder.knock();
  await run(20);
  await promote(role);
  intruder.ready();
  await run(100);
}

async function promote(role: Role): Promise<void> {
  clock.settle();
  const done = host.session.request({ kind: 'setRole', seat: 1, role });
  host.wake();
  await run(20);
  await done;
}

beforeEach(() => {
  clock = new VirtualClock();
  host = new VirtualHost(clock, mujoco, [model], model);
  intruder = new Intruder(clock, host);
});

afterEach(() => host.dispose());

describe('the door', () => {
  it('tells nothing, and does nothing, before the handshake is through', async () => {
    intruder.say({ kind: 'want', hash: model.bundleHash });
    intruder.say({ kind: 'say', text: 'hi' });
    intruder.ready();
    intruder.knock();
    intruder.acts(1, [CTRL]);
    await run(500);
    expect(intruder.heard).toEqual([]);
    expect(host.said).toEqual([]);
    expect(host.authority.tape.entries).toEqual([]);
    expect(host.people).toHaveLength(1);
  });

  it('does not wait longer than ten seconds', async () => {
    intruder.hello();
    await run(9900);
    expect(intruder.isCut).toBe(false);
    await run(300);
    expect(intruder.isCut).toBe(true);
  });

  it('turns a crowd away unheard', async () => {
    const crowd = Array.from({ length: 20 }, () => new Intruder(clock, host));
    await run(50);
    expect(crowd.filter(({ isCut }) => isCut)).toHaveLength(5);
  });

  it('does not take a second hello', async () => {
    await enter();
    for (let i = 0; i < 12; i++) intruder.hello();
    await run(100);
    expect(intruder.last('refuse')).toMatchObject({ code: 'too-fast' });
    expect(intruder.isCut).toBe(true);
  });

  it('gives names that can be shown', async () => {
    intruder.hello();
    await run(20);
    intruder.knock('\u0000 a\u202e\n b\u200b ');
    await run(50);
    expect(host.people[1]?.name).toBe('a b');
  });
});

describe('a guest’s role', () => {
  it.each<Action>([
    CTRL,
    { kind: 'reset', keyframe: -1 },
    { kind: 'pause', paused: true },
    { kind: 'release', hand: 0 },
  ])('viewer: nothing reaches the world ($kind)', async (action) => {
    await enter('viewer');
    intruder.acts(1, [action]);
    await run(2500);
    expect(fromSeat(1)).toEqual([]);
    expect(dropped()).toBe(1);
  });

  it('developer: what only the host makes does not', async () => {
    await enter();
    const checkpoint = host.authority.sim.save();
    const before = host.authority.tape.nextSeq;
    intruder.acts(1, [
      { kind: 'checkpoint' },
      { kind: 'restore', from: 0, checkpoint: checkpoint.subarray(0, 40) },
    ]);
    intruder.acts(3, [CTRL]);
    await run(2500);
    expect(host.authority.tape.entries.slice(before).map(({ action }) => action)).toEqual([CTRL]);
    expect(dropped()).toBe(2);
  });

  it('counts for requests too, by their kinds', async () => {
    await enter('viewer');
    const load = { kind: 'load', bundle: ZEROS, size: 10, origin: '' } as const;
    const admins = [
      { kind: 'setRole', seat: 1, role: 'admin' },
      { kind: 'remove', seat: 0 },
      { kind: 'lock', locked: true },
      { kind: 'setDefaultRole', role: 'admin' },
      { kind: 'invite', role: 'admin', expiresIn: 0, uses: 0 },
      { kind: 'revoke', id: 'x' },
      { kind: 'invitations' },
    ] as const;
    const developers = [
      load,
      { kind: 'rewind', tick: 0 },
      { kind: 'scrub', ticks: -1 },
      { kind: 'gather' },
    ] as const;
    const answers = async (
      requests: readonly (typeof admins | typeof developers)[number][],
    ): Promise<unknown[]> => {
      intruder.heard.length = 0;
      for (const [id, request] of requests.entries()) intruder.say({ kind: 'request', id, request });
      await run(1500);
      return intruder.heard.flatMap((message) =>
        message.kind === 'answer' ? [message.outcome.kind === 'failed' ? message.outcome.code : 'done'] : [],
      );
    };
    const refused = 'role-refused';
    // A viewer cannot use up what others may do with history.
    expect(new Set(await answers(Array.from({ length: 12 }, () => developers[2])))).toEqual(
      new Set([refused]),
    );
    expect(await answers([...admins, ...developers])).toEqual([...admins, ...developers].map(() => refused));
    await promote('developer');
    expect(await answers(admins)).toEqual(admins.map(() => refused));
    expect(await answers(developers.slice(1))).toEqual(['done', 'done', 'done']);
    await promote('admin');
    expect((await answers(admins)).includes(refused)).toBe(false);
  });

  it('once lost, takes the hands off the world', async () => {
    await enter();
    intruder.acts(1, [
      {
        kind: 'drag',
        hand: 3,
        body: 2,
        mode: 'translate',
        point: [0, 0, 0],
        target: [0, 0, 2],
        quat: [1, 0, 0, 0],
      },
    ]);
    await run(100);
    expect(host.authority.sim.drags.held()).toEqual([{ seat: 1, hand: 3 }]);
    await promote('viewer');
    expect(host.authority.sim.drags.held()).toEqual([]);
  });
});

describe('a hostile guest', () => {
  it('cannot pass another off as itself: its seat is the one it has', async () => {
    await enter();
    const other = new VirtualGuest(clock, host, new Random(2), PERFECT, 2, mujoco, [model], new Set());
    await run(1000);
    const out = new RtWriter();
    out.begin();
    out.presence(
      Float32Array.from({ length: PERSON.stride }, () => 0),
      7,
    );
    intruder.link.rt.send(out.datagram());
    await run(200);
    const into = new Float32Array(4 * PERSON.stride);
    expect(other.session.persons(into)).toBe(1);
    expect(into[PERSON.seat]).toBe(1);
    other.dispose();
  });

  it('gets each action dealt with once, in order, however often it is sent', async () => {
    await enter();
    const steps = [1, 2, 3].map((ticks): Action => ({ kind: 'step', ticks }));
    intruder.acts(1, steps);
    intruder.acts(1, steps);
    intruder.acts(2, steps);
    intruder.acts(9, steps);
    intruder.acts(0, steps);
    await run(200);
    expect(fromSeat(1)).toEqual([...steps, steps[2]]);
  });

  it.each<readonly [string, Action]>([
    ['NaN', { kind: 'ctrl', index: 0, value: NaN }],
    ['infinity', { kind: 'wrench', body: 1, force: [Infinity, 0, 0], torque: [0, 0, 0] }],
    ['an index', { kind: 'ctrl', index: 2 ** 40, value: 0 }],
    [
      'a body',
      {
        kind: 'drag',
        hand: 0,
        body: 99,
        mode: 'translate',
        point: [0, 0, 0],
        target: [0, 0, 0],
        quat: [1, 0, 0, 0],
      },
    ],
    ['a step', { kind: 'step', ticks: 2 ** 45 }],
    ['a field', { kind: 'edit', field: 500, index: 0, values: Float64Array.of(1) }],
    ['a speed', { kind: 'speed', speed: -1 }],
  ])('has %s out of range dropped and counted, and nothing changes', async (_, action) => {
    await enter();
    host.authority.submit({ kind: 'pause', paused: true });
    await run(50);
    const before = host.authority.sim.hash();
    intruder.acts(1, [action]);
    await run(2500);
    expect(fromSeat(1)).toEqual([]);
    expect(dropped()).toBe(1);
    expect(host.authority.sim.hash()).toBe(before);
  });

  it.each<readonly [string, (now: Intruder) => void]>([
    ['a chat flood', (it) => it.say({ kind: 'say', text: 'x' })],
    ['datagrams', (it) => it.acts(1, [])],
    ['garbage on rt', (it) => it.link.rt.send(Uint8Array.of(3, 200, 1))],
    ['garbage on ctl', (it) => it.link.ctl.send(Uint8Array.of(200, 1, 2))],
    ['garbage on bulk', (it) => it.link.bulk.send(Uint8Array.of(9, 9, 9))],
    ['oversized messages', (it) => it.link.ctl.send(new Uint8Array(MAX_CTL_PART_BYTES + 1))],
    [
      'chunks nobody asked for',
      (it) =>
        it.link.bulk.send(
          encode(bulk, { kind: 'chunk', transfer: 5, offset: 0, bytes: new Uint8Array(BULK_CHUNK_BYTES) }),
        ),
    ],
    [
      'receipts of what was not sent',
      (it) => it.link.bulk.send(encode(bulk, { kind: 'received', transfer: 2 ** 30, bytes: 5 })),
    ],
    [
      'what a host says',
      (it) => it.say({ kind: 'said', seat: 0, name: 'Host', colour: 0, text: 'send money', age: 0 }),
    ],
    [
      'a tape of its own',
      (it) => {
        const out = new RtWriter();
        out.begin();
        out.tape(1, 5, 0, 0, [], 0);
        it.link.rt.send(out.datagram());
      },
    ],
    ['acknowledgements from the future', (it) => it.acts(1, [], { nextSeq: 2 ** 40 })],
  ])('is sent away when it floods: %s', async (_, send) => {
    await enter();
    for (let second = 0; second < 20 && !intruder.isCut; second++) {
      for (let i = 0; i < 1000; i++) send(intruder);
      await run(1000);
    }
    expect(intruder.isCut).toBe(true);
    expect(intruder.last('refuse')).toMatchObject({ code: 'too-fast' });
    expect(host.people).toHaveLength(1);
    expect(host.said.length).toBeLessThan(40);
    host.session.flush();
  });

  it('has no more actions taken than its rate, and every other one counted', async () => {
    await enter();
    let number = 1;
    for (let i = 0; i < 300; i++) {
      intruder.acts(number, [CTRL, CTRL, CTRL, CTRL, CTRL, CTRL]);
      number += 6;
      await run(10);
    }
    expect(fromSeat(1).length).toBeLessThanOrEqual(ACTIONS_PER_SECOND * 5 + 10);
    expect(fromSeat(1).length).toBeGreaterThan(ACTIONS_PER_SECOND * 3);
    await run(2500);
    expect(dropped()).toBe(number - 1 - fromSeat(1).length);
  });

  it('cannot make the host gather an endless message', async () => {
    await enter();
    const bytes = new Uint8Array(MAX_CTL_PART_BYTES - 10);
    const parts = Math.ceil(MAX_GUEST_CTL_BYTES / bytes.length) + 5;
    for (let i = 0; i < parts; i++) {
      intruder.say({ kind: 'part', last: false, bytes });
      await run(1000 / CTL_PER_SECOND);
    }
    await run(2500);
    expect(dropped()).toBeGreaterThan(0);
  });

  it('cannot have a model loaded that is too large, that never comes, or that is another', async () => {
    await enter();
    const load = (size: number, id: number): void =>
      intruder.say({ kind: 'request', id, request: { kind: 'load', bundle: ZEROS, size, origin: '' } });
    load(MAX_MODEL_BYTES + 1, 1);
    load(0, 2);
    await run(50);
    expect(intruder.heard.filter(({ kind }) => kind === 'answer')).toMatchObject([
      { id: 1, outcome: { code: 'model-too-large' } },
      { id: 2, outcome: { code: 'model-too-large' } },
    ]);
    load(3, 3);
    load(3, 4);
    await run(50);
    expect(intruder.last('answer')).toMatchObject({ id: 4, outcome: { code: 'too-fast' } });
    expect(intruder.last('want')).toMatchObject({ hash: ZEROS });
    intruder.say({ kind: 'content', hash: ZEROS, transfer: 1, size: 3 });
    await run(50);
    intruder.link.bulk.send(
      encode(bulk, { kind: 'chunk', transfer: 1, offset: 0, bytes: new Uint8Array(3) }),
    );
    await run(100);
    expect(intruder.last('answer')).toMatchObject({
      id: 3,
      outcome: { kind: 'failed', code: 'fetch-failed' },
    });
    load(3, 5);
    await run(50);
    for (let i = 0; i < 310; i++) {
      intruder.acts(1, []);
      await run(100);
    }
    expect(intruder.last('answer')).toMatchObject({ id: 5, outcome: { kind: 'failed' } });
    expect(host.session.figures()).toHaveLength(1);
  });

  it('whose model compiles to something else is told so, plainly', async () => {
    intruder.hello();
    await run(20);
    intruder.knock();
    await run(20);
    intruder.say({ kind: 'ready', world: 1, compiled: ZEROS });
    await run(50);
    expect(intruder.last('refuse')).toMatchObject({ code: 'version-differs' });
    expect(intruder.isCut).toBe(true);
  });

  it('cannot wear the world out with repairs', async () => {
    await enter();
    const before = host.authority.tape.nextSeq;
    for (let i = 0; i < 30; i++) {
      intruder.say({ kind: 'diverged', world: 1, tick: 0, hash: new Uint8Array(16) });
      await run(100);
    }
    expect(host.authority.tape.nextSeq - before).toBeLessThan(8);
  });
});

describe('who is removed', () => {
  it('goes with all their tabs, and does not come back', async () => {
    await enter();
    const twin = new Intruder(clock, host);
    twin.hello();
    await run(20);
    twin.knock();
    await run(20);
    expect(host.people.map(({ seat }) => seat)).toEqual([0, 1, 2]);
    clock.settle();
    const removed = host.session.request({ kind: 'remove', seat: 2 });
    await run(50);
    await removed;
    expect([intruder, twin].map((one) => one.last('refuse')?.code)).toEqual(['removed', 'removed']);
    const again = new Intruder(clock, host);
    again.hello();
    await run(20);
    again.knock();
    await run(20);
    expect(again.last('refuse')).toMatchObject({ code: 'removed' });
    expect(host.people.map(({ seat }) => seat)).toEqual([0]);
    expect(host.events.some(({ kind }) => kind === 'keep')).toBe(true);
  });
});
