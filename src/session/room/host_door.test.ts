import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../tape/action';
import { BesiegedRoom, type Intruder, type Siege, layOut } from '../../testing/besieged_room';
import type { VirtualHost } from '../../testing/virtual_room';

const ZEROS = new Uint8Array(32);
const CTRL: Action = { kind: 'ctrl', index: 0, value: 0.5 };

let siege: Siege;
let room: BesiegedRoom;
let host: VirtualHost;
let intruder: Intruder;

beforeAll(async () => {
  siege = await layOut();
});

beforeEach(() => {
  room = new BesiegedRoom(siege);
  ({ host, intruder } = room);
});

afterEach(() => room.dispose());

describe('the door', () => {
  it('tells nothing, and does nothing, before the handshake is through', async () => {
    intruder.say({ kind: 'want', hash: siege.model.bundleHash });
    intruder.say({ kind: 'say', text: 'hi' });
    intruder.ready();
    intruder.knock();
    intruder.acts(1, [CTRL]);
    await room.run(500);
    expect(intruder.heard).toEqual([]);
    expect(host.said).toEqual([]);
    expect(host.authority.tape.entries).toEqual([]);
    expect(host.people).toHaveLength(1);
  });

  it('does not wait longer than ten seconds', async () => {
    intruder.hello();
    await room.run(9900);
    expect(intruder.isCut).toBe(false);
    await room.run(300);
    expect(intruder.isCut).toBe(true);
  });

  it('turns a crowd away unheard', async () => {
    const crowd = Array.from({ length: 20 }, () => room.knocker());
    await room.run(50);
    expect(crowd.filter(({ isCut }) => isCut)).toHaveLength(5);
  });

  it('does not take a second hello', async () => {
    await room.enter();
    for (let i = 0; i < 12; i++) intruder.hello();
    await room.run(100);
    expect(intruder.last('refuse')).toMatchObject({ code: 'too-fast' });
    expect(intruder.isCut).toBe(true);
  });

  it('gives names that can be shown', async () => {
    intruder.hello();
    await room.run(20);
    intruder.knock('\u0000 a\u202e\n b\u200b ');
    await room.run(50);
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
    await room.enter('viewer');
    intruder.acts(1, [action]);
    await room.run(2500);
    expect(room.fromSeat(1)).toEqual([]);
    expect(room.dropped).toBe(1);
  });

  it('developer: what only the host makes does not', async () => {
    await room.enter();
    const checkpoint = host.authority.sim.save();
    const before = host.authority.tape.nextSeq;
    intruder.acts(1, [
      { kind: 'checkpoint' },
      { kind: 'restore', from: 0, checkpoint: checkpoint.subarray(0, 40) },
    ]);
    intruder.acts(3, [CTRL]);
    await room.run(2500);
    expect(host.authority.tape.entries.slice(before).map(({ action }) => action)).toEqual([CTRL]);
    expect(room.dropped).toBe(2);
  });

  it('counts for requests too, by their kinds', async () => {
    await room.enter('viewer');
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
      await room.run(1500);
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
    await room.promote('developer');
    expect(await answers(admins)).toEqual(admins.map(() => refused));
    expect(await answers(developers.slice(1))).toEqual(['done', 'done', 'done']);
    await room.promote('admin');
    expect((await answers(admins)).includes(refused)).toBe(false);
  });

  it('once lost, takes the hands off the world', async () => {
    await room.enter();
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
    await room.run(100);
    expect(host.authority.sim.drags.held()).toEqual([{ seat: 1, hand: 3 }]);
    await room.promote('viewer');
    expect(host.authority.sim.drags.held()).toEqual([]);
  });
});

describe('who is removed', () => {
  it('goes with all their tabs, and does not come back', async () => {
    await room.enter();
    const twin = room.knocker();
    await room.greet(twin);
    expect(host.people.map(({ seat }) => seat)).toEqual([0, 1, 2]);
    room.clock.settle();
    const removed = host.session.request({ kind: 'remove', seat: 2 });
    await room.run(50);
    await removed;
    expect([intruder, twin].map((one) => one.last('refuse')?.code)).toEqual(['removed', 'removed']);
    const again = room.knocker();
    await room.greet(again);
    expect(again.last('refuse')).toMatchObject({ code: 'removed' });
    expect(host.people.map(({ seat }) => seat)).toEqual([0]);
    expect(host.events.some(({ kind }) => kind === 'keep')).toBe(true);
  });
});
