import { describe, expect, it } from 'vitest';
import { PERSON } from '../core/frame';
import { inRoom } from '../testing/played_room';
import { PERFECT } from '../testing/virtual_network';

describe('the people of a room', () => {
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
