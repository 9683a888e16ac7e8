import { beforeAll, describe, expect, it } from 'vitest';
import { PERSON } from '../core/frame';
import { Random } from '../core/random';
import { toHex } from '../core/encoding';
import type { Mujoco } from '../sim/mujoco';
import type { Action } from '../tape/action';
import { WORKSHOP } from '../testing/mujoco';
import { type Conditions, PERFECT, VirtualClock } from '../testing/virtual_network';
import {
  VirtualGuest,
  VirtualHost,
  type VirtualModel,
  virtualModel,
  virtualMujoco,
} from '../testing/virtual_room';
import type { LinkFigures } from './room_messages';

const SLOWER = WORKSHOP.replace('timestep="0.002"', 'timestep="0.01"');

let mujoco: Mujoco;
let small: VirtualModel;
let large: VirtualModel;

beforeAll(async () => {
  mujoco = await virtualMujoco();
  small = await virtualModel(SLOWER, 20_000);
  large = await virtualModel(SLOWER.replace('workshop', 'another'), 3_000_000);
});

/** A room on a virtual clock. */
class Room {
  readonly clock = new VirtualClock();
  readonly random = new Random(7);
  readonly host: VirtualHost;
  readonly guests: VirtualGuest[] = [];

  constructor(model = small) {
    this.host = new VirtualHost(this.clock, mujoco, [small, large], model);
  }

  join(conditions: Conditions = { ...PERFECT, delay: 20 }, cache: string[] = []): VirtualGuest {
    const { clock, host, random } = this;
    const identity = this.guests.length + 1;
    const models = [small, large];
    const guest = new VirtualGuest(clock, host, random, conditions, identity, mujoco, models, new Set(cache));
    this.guests.push(guest);
    return guest;
  }

  run(ms: number): Promise<void> {
    return this.clock.run(this.clock.now + ms);
  }

  /** Does something with every picture for so long; returns how much went on `rt` per second, to and from one guest. */
  async measure(
    guest: VirtualGuest,
    ms: number,
    picture: (time: number) => void = () => {},
  ): Promise<{ readonly out: number; readonly in: number; readonly messages: number }> {
    const figures = (): LinkFigures => {
      const found = this.host.session.figures().find(({ seat }) => seat === guest.seat);
      if (found === undefined) throw new Error('nobody is in that seat');
      return found;
    };
    const before = figures();
    for (let time = 0; time < ms; time += 1000 / 60) {
      picture(time);
      await this.run(1000 / 60);
    }
    const after = figures();
    const perSecond = (key: 'rtBytesOut' | 'rtBytesIn' | 'rtOut'): number =>
      ((after[key] - before[key]) / ms) * 1000;
    return { out: perSecond('rtBytesOut'), in: perSecond('rtBytesIn'), messages: perSecond('rtOut') };
  }

  /** Pauses and waits; what everybody here holds then, and what the host does. */
  async held(): Promise<{ readonly own: readonly unknown[]; readonly host: readonly unknown[] }> {
    const { authority } = this.host;
    await this.run(1500);
    authority.submit({ kind: 'pause', paused: true });
    this.host.wake();
    await this.run(4000);
    const present = this.guests.filter(({ ended }) => ended === null);
    return {
      own: present.map(({ replica }) => {
        replica?.settle();
        return [replica?.sim.tick, replica?.sim.hash(), replica?.inFlight.list.length];
      }),
      host: present.map(() => [authority.sim.tick, authority.sim.hash(), 0]),
    };
  }

  dispose(): void {
    for (const guest of this.guests) guest.dispose();
    this.host.dispose();
  }
}

async function expectSame(room: Room): Promise<void> {
  const { own, host } = await room.held();
  expect(own).toEqual(host);
}

const GRAB: Action = {
  kind: 'drag',
  hand: 0,
  body: 2,
  mode: 'translate',
  point: [0.1, 0, 0.2],
  target: [0.5, 0.1, 1.6],
  quat: [1, 0, 0, 0],
};

function pull(time: number): Action {
  return { kind: 'move', hand: 0, target: [0.5 + (time % 1000) / 1000, 0.1, 1.6] };
}

async function inRoom(play: (room: Room) => Promise<void>, model = small): Promise<void> {
  const room = new Room(model);
  try {
    await play(room);
  } finally {
    room.dispose();
  }
}

describe('what a room costs on rt', () => {
  it.each([
    ['at once', 1],
    ['across a continent', 40],
  ])('is under 300 B/s per guest while nobody touches anything: %s', async (_, delay) => {
    await inRoom(async (room) => {
      const guest = room.join({ ...PERFECT, delay });
      room.join({ ...PERFECT, delay });
      await room.run(4000);
      const idle = await room.measure(guest, 10_000);
      expect(idle.out).toBeLessThan(300);
      expect(idle.in).toBeLessThan(300);
    });
  });

  it.each([
    ['at once', { ...PERFECT, delay: 1 }],
    ['across a continent', { ...PERFECT, delay: 40, jitter: 10 }],
    ['over a bad network', { delay: 30, jitter: 20, loss: 0.05, duplicated: 0.01 }],
  ])('is under 3 KB/s per guest while the host drags at 60 Hz: %s', async (_, conditions) => {
    await inRoom(async (room) => {
      const guest = room.join(conditions);
      await room.run(4000);
      room.host.authority.submit(GRAB);
      const dragging = await room.measure(guest, 8000, (time) => {
        room.host.authority.submit(pull(time));
        room.host.wake();
      });
      expect(dragging.out).toBeLessThan(3000);
      expect(dragging.in).toBeLessThan(300);
      await expectSame(room);
    });
  });

  it.each([
    ['at once', { ...PERFECT, delay: 1 }],
    ['across a continent', { ...PERFECT, delay: 40, jitter: 10 }],
    ['over a bad network', { delay: 30, jitter: 20, loss: 0.05, duplicated: 0.01 }],
  ])('is under 3 KB/s each way while a guest drags at 60 Hz: %s', async (_, conditions) => {
    await inRoom(async (room) => {
      const guest = room.join(conditions);
      await room.run(4000);
      guest.session.submit(GRAB);
      const dragging = await room.measure(guest, 8000, (time) => {
        guest.session.submit(pull(time));
        guest.wake();
      });
      expect(dragging.out).toBeLessThan(3000);
      expect(dragging.in).toBeLessThan(3000);
      await expectSame(room);
    });
  });
});

describe('a room', () => {
  it('holds the same over 500 ms and 20 % loss, however busy the hands', async () => {
    await inRoom(async (room) => {
      const slow = room.join({ delay: 500, jitter: 100, loss: 0.2, duplicated: 0.05 });
      const quick = room.join();
      await room.run(20_000);
      slow.session.submit(GRAB);
      await room.measure(quick, 4000, (time) => {
        slow.session.submit(pull(time));
        if (time < 500) quick.session.submit({ kind: 'ctrl', index: 0, value: time / 1000 });
        slow.wake();
        quick.wake();
      });
      slow.session.submit({ kind: 'release', hand: 0 });
      await room.run(6000);
      await expectSame(room);
      expect([...slow.diverged, ...quick.diverged]).toEqual([]);
    });
  });

  it('lets somebody in while another drags, and both see the same pull', async () => {
    await inRoom(async (room) => {
      const first = room.join();
      await room.run(3000);
      first.session.submit(GRAB);
      await room.measure(first, 500, (time) => first.session.submit(pull(time)));
      const late = room.join();
      await room.measure(first, 2000, (time) => {
        first.session.submit(pull(time));
        first.wake();
      });
      expect(late.replica?.sim.drags.held()).toEqual([{ seat: 1, hand: 0 }]);
      await expectSame(room);
    });
  });

  it('lets go for those who leave, however they leave', async () => {
    await inRoom(async (room) => {
      const [polite, rude, stays] = [room.join(), room.join(), room.join()];
      await room.run(3000);
      for (const guest of [polite, rude, stays]) guest.session.submit(GRAB);
      for (const guest of [polite, rude, stays]) guest.wake();
      await room.run(500);
      expect(room.host.authority.sim.drags.held()).toHaveLength(3);
      polite.leave();
      rude.link.cut();
      await room.run(300);
      expect(room.host.people.map(({ seat }) => seat)).toEqual([0, 2, 3]);
      await room.run(4000);
      // Stalled by now: its round trip is how long nothing has come.
      expect(room.host.people.find(({ seat }) => seat === 2)?.rtt).toBeGreaterThan(1900);
      await room.run(3000);
      expect(room.host.people.map(({ seat }) => seat)).toEqual([0, 3]);
      expect(room.host.authority.sim.drags.held()).toEqual([{ seat: 3, hand: 0 }]);
      expect(rude.ended).toBe('connection-failed');
      await expectSame(room);
    });
  });

  it('changes the world while somebody still fetches the last one', async () => {
    await inRoom(async (room) => {
      const guest = room.join({ ...PERFECT, delay: 60 });
      await room.run(700);
      const got = guest.events.flatMap((event) => (event.kind === 'progress' ? [event.received] : []));
      expect(got.at(-1)).toBeGreaterThan(0);
      expect(got.at(-1)).toBeLessThan(large.bundle.length);
      room.host.load(small);
      await room.run(3000);
      expect(guest.events.find(({ kind }) => kind === 'lacking')).toMatchObject({
        hash: toHex(large.bundleHash),
      });
      expect(guest.world).toBe(2);
      const last = guest.events.findLast(
        (event) => event.kind === 'progress' && event.hash === toHex(large.bundleHash),
      );
      expect(last).toBeDefined();
      expect(last).not.toMatchObject({ received: large.bundle.length });
      await expectSame(room);
    }, large);
  });

  it('loads what a developer brings, for everybody, once', async () => {
    await inRoom(async (room) => {
      const [bringer, other] = [room.join(), room.join()];
      await room.run(3000);
      bringer.load(large);
      await room.run(8000);
      expect([room.host.model, bringer.world, other.world]).toEqual([large, 2, 2]);
      expect(bringer.asking).toBe(0);
      await expectSame(room);
    });
  });

  it('repairs a guest whose state is not the host’s', async () => {
    await inRoom(async (room) => {
      const guest = room.join();
      await room.run(3000);
      // Cosmic rays.
      guest.replica?.sim.apply({ kind: 'edit', field: 0, index: 0, values: Float64Array.of(0, 0, -1) }, 0);
      await room.run(6000);
      expect(guest.diverged.length).toBeGreaterThan(0);
      expect(guest.session.figures()[0]?.repairs).toBe(1);
      expect(room.host.session.figures()[0]?.repairs).toBe(1);
      await expectSame(room);
    });
  });

  it('shows where others look, and forgets who has gone', async () => {
    await inRoom(async (room) => {
      const [one, two] = [room.join({ ...PERFECT, delay: 20, loss: 0.2 }), room.join()];
      await room.run(3000);
      const person = new Float32Array(PERSON.stride);
      person.set([99, 1, 2, 3, 4, 5, 6, 1, 7, 8, 9]);
      one.session.present(person);
      one.wake();
      await room.run(2500);
      const into = new Float32Array(4 * PERSON.stride);
      for (const session of [room.host.session, two.session]) {
        expect(session.persons(into)).toBe(1);
        expect([...into.subarray(0, PERSON.stride)]).toEqual([1, 1, 2, 3, 4, 5, 6, 1, 7, 8, 9]);
      }
      expect(one.session.persons(into)).toBe(0);
      one.leave();
      await room.run(300);
      expect([room.host.session.persons(into), two.session.persons(into)]).toEqual([0, 0]);
    });
  });

  it('keeps rt quick beside a large transfer', async () => {
    await inRoom(async (room) => {
      const guest = room.join();
      await room.run(3000);
      room.host.load(large);
      const rtts: number[] = [];
      for (let i = 0; i < 20; i++) {
        await room.run(100);
        rtts.push(guest.session.figures()[0]?.rtt ?? 0);
      }
      expect(Math.max(...rtts)).toBeLessThan(60);
    });
  });

  it('deals with a long action after the short ones before it, and before those after it', async () => {
    await inRoom(async (room) => {
      // What comes on ctl overtakes what is lost on rt.
      const guest = room.join({ delay: 30, jitter: 20, loss: 0.3, duplicated: 0 });
      await room.run(5000);
      const long: Action = { kind: 'edit', field: 6, index: 0, values: new Float64Array(100) };
      for (let i = 0; i < 4; i++) {
        guest.session.submit({ kind: 'ctrl', index: 0, value: i / 10 });
        guest.session.submit(long);
      }
      guest.session.submit({ kind: 'ctrl', index: 0, value: 0.9 });
      guest.wake();
      await room.run(6000);
      expect(guest.replica?.inFlight.list).toHaveLength(0);
      expect(room.host.authority.sim.copyState().ctrl[0]).toBe(0.9);
      expect(room.host.people.find(({ seat }) => seat === 1)?.dropped).toBe(4);
      await expectSame(room);
    });
  });

  it('shows the world now and then to a machine that does not keep up, and lets it follow again once it does', async () => {
    await inRoom(async (room) => {
      const slow = room.join();
      room.join();
      await room.run(3000);
      const modes = (): readonly string[] =>
        slow.events.flatMap((event) => (event.kind === 'mode' ? [event.mode] : []));
      room.host.authority.submit({ kind: 'speed', speed: 100 });
      room.host.wake();
      slow.slowMs = 1;
      await room.run(8000);
      expect(modes()).toEqual(['snapshot']);
      expect(room.host.people.map(({ mode }) => mode)).toEqual(['tape', 'snapshot', 'tape']);
      // Running after the rest it would be ten seconds behind by now.
      const seconds = (room.host.authority.sim.tick - (slow.replica?.sim.tick ?? 0)) * 0.02 * 0.01;
      expect(seconds).toBeLessThan(2);
      await room.run(3000);
      room.host.authority.submit({ kind: 'speed', speed: 1 });
      room.host.wake();
      slow.slowMs = 0;
      await room.run(14_000);
      expect(modes()).toEqual(['snapshot', 'tape']);
      await expectSame(room);
    });
  });

  it('gives everybody a colour of their own, as long as there are enough', async () => {
    await inRoom(async (room) => {
      for (let i = 0; i < 5; i++) room.join();
      await room.run(2000);
      expect(new Set(room.host.people.map(({ colour }) => colour)).size).toBe(6);
    });
  });

  it('tells newcomers what was said before', async () => {
    await inRoom(async (room) => {
      const early = room.join();
      await room.run(2000);
      early.session.say('  hello\u202e ');
      room.host.session.say('welcome');
      await room.run(500);
      const late = room.join();
      await room.run(2000);
      expect(late.said).toEqual(['0 Host: welcome', '1 Guest 1: hello']);
      expect(early.said).toEqual(late.said);
      expect(room.host.said).toEqual(late.said);
      const ages = late.events.flatMap((event) => (event.kind === 'said' ? [event.age] : []));
      expect(ages.every((age) => age >= 500 && age < 2500)).toBe(true);
    });
  });

  it('is over for everybody when the host leaves, at once', async () => {
    await inRoom(async (room) => {
      const [one, two] = [room.join(), room.join()];
      await room.run(2000);
      room.host.session.leave();
      await room.run(100);
      expect([one.ended, two.ended]).toEqual(['room-closed', 'room-closed']);
    });
  });
});
