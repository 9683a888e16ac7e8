import { beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../../protocol/ctl';
import type { ChatMessage, EventMap, Peer, RoomInfo } from '../api';
import { Emitter } from '../emitter';
import { RoomState } from './room_state';

const ROOM: RoomInfo = {
  id: 'tag',
  link: 'https://example.org/#room=x',
  host: false,
  role: 'viewer',
  locked: false,
  defaultRole: 'viewer',
  state: 'open',
};

const person = (seat: number, changes: Partial<Person> = {}): Person => ({
  seat,
  name: `Person ${seat}`,
  colour: seat,
  role: 'developer',
  mode: 'tape',
  route: seat === 0 ? 'host' : 'p2p',
  rtt: seat === 0 ? 0 : 12,
  dropped: 0,
  look: { style: 'android', skin: 0, hair: 0, iris: 0, file: null, fileSize: 0 },
  ...changes,
});

let state: RoomState;
let rooms: (RoomInfo | null)[];
let peers: (readonly Peer[])[];
let said: ChatMessage[];

beforeEach(() => {
  const events = new Emitter<EventMap>();
  state = new RoomState(events);
  [rooms, peers, said] = [[], [], []];
  events.on('room', (room) => rooms.push(room));
  events.on('peer', (all) => peers.push(all));
  events.on('chat', (message) => said.push(message));
});

describe('what is known of a room', () => {
  it('tells who is there, and takes the own role from the host', () => {
    state.enter(ROOM);
    state.hear({ kind: 'entered', seat: 2 });
    state.hear({ kind: 'people', people: [person(0, { role: 'admin' }), person(2)] });
    expect(state.info?.role).toBe('developer');
    expect(state.peers.map(({ id, self, host, link, rttMs }) => [id, self, host, link, rttMs])).toEqual([
      ['0', false, true, 'self', null],
      ['2', true, false, 'p2p', 12],
    ]);
    expect(state.hostName()).toBe('Person 0');
    expect(state.nameOf(2)).toBe('Person 2');
  });

  it('says once what has changed, and nothing when nothing has', () => {
    state.enter(ROOM);
    state.hear({ kind: 'room', locked: true, defaultRole: 'viewer' });
    state.hear({ kind: 'room', locked: true, defaultRole: 'viewer' });
    expect(rooms.map((room) => room?.locked)).toEqual([false, true]);
  });

  it('is empty outside any room, but what was said can still be read', () => {
    state.enter(ROOM);
    state.hear({ kind: 'people', people: [person(0)] });
    state.hear({ kind: 'said', seat: 0, name: 'Ana', colour: 1, text: 'hello', age: 60_000 });
    state.leave();
    expect(rooms.at(-1)).toBeNull();
    expect(peers.at(-1)).toEqual([]);
    expect(state.messages).toEqual(said);
    expect(said[0]?.at.getTime()).toBeLessThan(Date.now() - 59_000);
    state.enter({ ...ROOM, id: 'another' });
    expect(state.messages).toEqual([]);
  });

  it('hears what was said before only once, however often it comes back', () => {
    state.enter(ROOM);
    const hello = { kind: 'said', seat: 0, name: 'Ana', colour: 1, text: 'hello' } as const;
    state.hear({ ...hello, age: 0 });
    state.hear({ ...hello, seat: 3, age: 500 });
    state.hear({ ...hello, text: 'good bye', age: 400 });
    // People may well say the same again.
    state.hear({ ...hello, age: 0 });
    expect(said.map(({ text }) => text)).toEqual(['hello', 'good bye', 'hello']);
  });

  it('refuses at once what the role does not allow', () => {
    expect(() => state.require('admin', 'lock the room')).not.toThrow();
    expect(() => state.need()).toThrow(expect.objectContaining({ code: 'not-in-room' }));
    state.enter(ROOM);
    expect(() => state.require('viewer', 'look')).not.toThrow();
    expect(() => state.require('developer', 'change the world')).toThrow(
      expect.objectContaining({
        code: 'role-refused',
        message: expect.stringContaining('change the world') as unknown,
      }),
    );
    state.change({ role: 'developer' });
    expect(() => state.require('developer', 'change the world')).not.toThrow();
    expect(() => state.require('admin', 'lock the room')).toThrow(/Only admins/);
  });
});
