import { describe, expect, it } from 'vitest';
import { toHex } from '../core/encoding';
import type { Action } from '../tape/action';
import { GRAB, expectSame, inRoom, pull } from '../testing/played_room';
import { PERFECT } from '../testing/virtual_network';

describe('the world of a room', () => {
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
      const { small, large } = room.stage;
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
    }, 'large');
  });

  it('loads what a developer brings, for everybody, once', async () => {
    await inRoom(async (room) => {
      const { large } = room.stage;
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
});
