import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PERSON } from '../../core/frame';
import { Random } from '../../core/random';
import { bulk } from '../../protocol/bulk';
import {
  ACTIONS_PER_SECOND,
  BULK_CHUNK_BYTES,
  CTL_PER_SECOND,
  MAX_CTL_PART_BYTES,
  MAX_GUEST_CTL_BYTES,
  MAX_MODEL_BYTES,
} from '../../protocol/limits';
import { RtWriter } from '../../protocol/rt';
import { encode } from '../../protocol/schema';
import type { Action } from '../../tape/action';
import { BesiegedRoom, type Intruder, type Siege, layOut } from '../../testing/besieged_room';
import { PERFECT } from '../../testing/virtual_network';
import { VirtualGuest, type VirtualHost } from '../../testing/virtual_room';

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

describe('a hostile guest', () => {
  it('cannot pass another off as itself: its seat is the one it has', async () => {
    await room.enter();
    const other = new VirtualGuest(
      room.clock,
      host,
      new Random(2),
      PERFECT,
      2,
      siege.mujoco,
      [siege.model],
      new Set(),
    );
    await room.run(1000);
    const out = new RtWriter();
    out.begin();
    out.presence(
      Float32Array.from({ length: PERSON.stride }, () => 0),
      7,
    );
    intruder.link.rt.send(out.datagram());
    await room.run(200);
    const into = new Float32Array(4 * PERSON.stride);
    expect(other.session.persons(into)).toBe(1);
    expect(into[PERSON.seat]).toBe(1);
    other.dispose();
  });

  it('gets each action dealt with once, in order, however often it is sent', async () => {
    await room.enter();
    const steps = [1, 2, 3].map((ticks): Action => ({ kind: 'step', ticks }));
    intruder.acts(1, steps);
    intruder.acts(1, steps);
    intruder.acts(2, steps);
    intruder.acts(9, steps);
    intruder.acts(0, steps);
    await room.run(200);
    expect(room.fromSeat(1)).toEqual([...steps, steps[2]]);
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
    await room.enter();
    host.authority.submit({ kind: 'pause', paused: true });
    await room.run(50);
    const before = host.authority.sim.hash();
    intruder.acts(1, [action]);
    await room.run(2500);
    expect(room.fromSeat(1)).toEqual([]);
    expect(room.dropped).toBe(1);
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
    await room.enter();
    for (let second = 0; second < 20 && !intruder.isCut; second++) {
      for (let i = 0; i < 1000; i++) send(intruder);
      await room.run(1000);
    }
    expect(intruder.isCut).toBe(true);
    expect(intruder.last('refuse')).toMatchObject({ code: 'too-fast' });
    expect(host.people).toHaveLength(1);
    expect(host.said.length).toBeLessThan(40);
    host.session.flush();
  });

  it('has no more actions taken than its rate, and every other one counted', async () => {
    await room.enter();
    let number = 1;
    for (let i = 0; i < 300; i++) {
      intruder.acts(number, [CTRL, CTRL, CTRL, CTRL, CTRL, CTRL]);
      number += 6;
      await room.run(10);
    }
    expect(room.fromSeat(1).length).toBeLessThanOrEqual(ACTIONS_PER_SECOND * 5 + 10);
    expect(room.fromSeat(1).length).toBeGreaterThan(ACTIONS_PER_SECOND * 3);
    await room.run(2500);
    expect(room.dropped).toBe(number - 1 - room.fromSeat(1).length);
  });

  it('cannot make the host gather an endless message', async () => {
    await room.enter();
    const bytes = new Uint8Array(MAX_CTL_PART_BYTES - 10);
    const parts = Math.ceil(MAX_GUEST_CTL_BYTES / bytes.length) + 5;
    for (let i = 0; i < parts; i++) {
      intruder.say({ kind: 'part', last: false, bytes });
      await room.run(1000 / CTL_PER_SECOND);
    }
    await room.run(2500);
    expect(room.dropped).toBeGreaterThan(0);
  });

  it('cannot have a model loaded that is too large, that never comes, or that is another', async () => {
    await room.enter();
    const load = (size: number, id: number): void =>
      intruder.say({ kind: 'request', id, request: { kind: 'load', bundle: ZEROS, size, origin: '' } });
    load(MAX_MODEL_BYTES + 1, 1);
    load(0, 2);
    await room.run(50);
    expect(intruder.heard.filter(({ kind }) => kind === 'answer')).toMatchObject([
      { id: 1, outcome: { code: 'model-too-large' } },
      { id: 2, outcome: { code: 'model-too-large' } },
    ]);
    load(3, 3);
    load(3, 4);
    await room.run(50);
    expect(intruder.last('answer')).toMatchObject({ id: 4, outcome: { code: 'too-fast' } });
    expect(intruder.last('want')).toMatchObject({ hash: ZEROS });
    intruder.say({ kind: 'content', hash: ZEROS, transfer: 1, size: 3 });
    await room.run(50);
    intruder.link.bulk.send(
      encode(bulk, { kind: 'chunk', transfer: 1, offset: 0, bytes: new Uint8Array(3) }),
    );
    await room.run(100);
    expect(intruder.last('answer')).toMatchObject({
      id: 3,
      outcome: { kind: 'failed', code: 'fetch-failed' },
    });
    load(3, 5);
    await room.run(50);
    for (let i = 0; i < 310; i++) {
      intruder.acts(1, []);
      await room.run(100);
    }
    expect(intruder.last('answer')).toMatchObject({ id: 5, outcome: { kind: 'failed' } });
    expect(host.session.figures()).toHaveLength(1);
  });

  it('whose model compiles to something else is told so, plainly', async () => {
    await room.greet();
    intruder.say({ kind: 'ready', world: 1, compiled: ZEROS });
    await room.run(50);
    expect(intruder.last('refuse')).toMatchObject({ code: 'version-differs' });
    expect(intruder.isCut).toBe(true);
  });

  it('cannot wear the world out with repairs', async () => {
    await room.enter();
    const before = host.authority.tape.nextSeq;
    for (let i = 0; i < 30; i++) {
      intruder.say({ kind: 'diverged', world: 1, tick: 0, hash: new Uint8Array(16) });
      await room.run(100);
    }
    expect(host.authority.tape.nextSeq - before).toBeLessThan(8);
  });
});
