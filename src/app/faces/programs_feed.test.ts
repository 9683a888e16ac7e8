import { beforeEach, describe, expect, it } from 'vitest';
import { readPacket, writePacket } from '../../face/sources/packet';
import { CHANNELS } from '../../face/frame';
import type { Peer } from '../api';
import type { FaceApp } from '../face_api';
import { ProgramsFeed } from './programs_feed';

let peers: readonly Peer[];
let feed: ProgramsFeed;
let now: number;

/** The face of a seat: its number, as a weight. */
const faceOf = (seat: number): Float32Array => new Float32Array(CHANNELS).fill(seat / 100);

const room = (...people: readonly (readonly [id: number, name: string])[]): void => {
  peers = people.map(([id, name]) => ({ id: String(id), name, self: id === 1 }) as Peer);
};

/** Whose faces programs get, as the bridge reads them. */
function given(): Record<string, number> {
  const got: Record<string, number> = {};
  now += 100;
  feed.give(
    {
      wanted: true,
      send: (subject, face) => {
        const weights = new Float32Array(face.subarray(0, 52));
        const packet = readPacket(
          writePacket({ subject, isOfRoom: true, timestamp: 0, weights, head: null }),
        );
        const name = packet?.subject ?? '';
        expect(got).not.toHaveProperty([name]);
        got[name] = Math.round(100 * (packet?.weights?.[0] ?? 0));
      },
    },
    now,
  );
  return got;
}

beforeEach(() => {
  peers = [];
  now = 0;
  const app = {
    state: {
      get peers() {
        return peers;
      },
    },
    settings: () => ({ name: 'Me', colour: 0 }),
  } as unknown as FaceApp;
  feed = new ProgramsFeed(app, faceOf(1), faceOf);
});

describe('faces for programs', () => {
  it('are one’s own where there is no room', () => {
    expect(given()).toEqual({ Me: 1 });
  });

  it('are everybody’s, by names that nobody shares', () => {
    room([0, 'Ada'], [1, 'Ada'], [2, 'Ben'], [3, 'Ada'], [4, 'Ada (2)']);
    expect(given()).toEqual({ Ada: 0, 'Ada (2)': 1, Ben: 2, 'Ada (3)': 3, 'Ada (2) (2)': 4 });
  });

  it('keep their names while others come, go and change theirs', () => {
    room([0, 'Ada'], [1, 'Ada'], [2, 'Ada']);
    given();
    room([1, 'Ada'], [2, 'Ada'], [3, 'Ben']);
    expect(given()).toEqual({ 'Ada (2)': 1, 'Ada (3)': 2, Ben: 3 });
    room([1, 'Ada'], [2, 'Eve'], [3, 'Ada']);
    expect(given()).toEqual({ 'Ada (2)': 1, Eve: 2, Ada: 3 });
  });

  it('have names that survive the packet, however they are written', () => {
    const long = 'A'.repeat(62) + '\u{1F642}';
    room([0, long], [1, `${long} and more`], [2, '\u200b'], [3, ''], [4, 'Ada\n'], [5, 'Ada']);
    const names = Object.keys(given());
    expect(names).toHaveLength(6);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(64);
    expect(names.slice(2)).toEqual(['Somebody', 'Somebody (2)', 'Ada', 'Ada (2)']);
  });
});
