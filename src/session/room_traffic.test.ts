import { describe, expect, it } from 'vitest';
import { GRAB, expectSame, inRoom, pull } from '../testing/played_room';
import { PERFECT } from '../testing/virtual_network';

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

  it('keeps rt quick beside a large transfer', async () => {
    await inRoom(async (room) => {
      const guest = room.join();
      await room.run(3000);
      room.host.load(room.stage.large);
      const rtts: number[] = [];
      for (let i = 0; i < 20; i++) {
        await room.run(100);
        rtts.push(guest.session.figures()[0]?.rtt ?? 0);
      }
      expect(Math.max(...rtts)).toBeLessThan(60);
    });
  });
});
