import { describe, expect, it } from 'vitest';
import { PERSON } from '../../core/frame';
import type { Person } from '../../protocol/ctl';
import { RtWriter, readRt } from '../../protocol/rt';
import { firstLook } from './worn';
import { PeopleNews, cleanName, cleanText } from './people';
import { OwnPresence, PRESENCE_MS, PRESENCE_REPEAT_MS, PresenceFeed, Presences } from './presence';

describe('names and words', () => {
  it('lose what cannot be shown and keep the rest', () => {
    expect(cleanName('  Ada\n\tLovelace \u202egnp.exe')).toBe('Ada Lovelace gnp.exe');
    expect(cleanName('\u0000\u200b')).toBe('Guest');
    expect(cleanName('李雷 👩‍🚀')).toBe('李雷 👩‍🚀');
    expect(cleanText(' a\nb\u0007\u2066c\t')).toBe('a\nbc');
    expect(cleanText('\u202e\u0000 \n')).toBe('');
  });
});

function person(rtt: number, dropped = 0): Person {
  return {
    seat: 1,
    name: 'x',
    colour: 0,
    role: 'viewer',
    mode: 'tape',
    route: 'p2p',
    rtt,
    dropped,
    look: firstLook(1),
  };
}

describe('news of people', () => {
  it('are told at once when somebody comes or changes, figures every two seconds when they differ enough', () => {
    const news = new PeopleNews();
    expect(news.due).toBe(-Infinity);
    expect(news.take([person(40)], 0)).toBe(true);
    expect(news.due).toBe(2000);
    expect(news.take([person(44)], 2000)).toBe(false);
    expect(news.take([person(60)], 4000)).toBe(true);
    expect(news.take([person(60, 1)], 6000)).toBe(true);
    expect(news.take([person(60, 1)], 8000)).toBe(false);
    news.change();
    expect(news.take([person(60, 1)], 8001)).toBe(true);
  });
});

const record = (x: number): Float32Array =>
  Float32Array.from({ length: PERSON.stride }, (_, i) => (i === 1 ? x : 0));

describe('presence', () => {
  it('keeps the newest record of each seat, whatever overtakes what', () => {
    const all = new Presences();
    const into = new Float32Array(3 * PERSON.stride);
    all.hear(4, record(1), 254);
    all.hear(4, record(2), 1);
    all.hear(4, record(3), 255);
    all.hear(4, record(4), 1);
    expect([all.write(into, 9), into[PERSON.seat], into[PERSON.eye]]).toEqual([1, 4, 2]);
    expect(all.write(into, 4)).toBe(0);
    all.hear(5, record(5), 0);
    all.keepOnly(new Set([5]));
    expect([all.write(into, 9), into[PERSON.seat]]).toEqual([1, 5]);
  });

  it('writes no more than there is room for', () => {
    const all = new Presences();
    for (let seat = 0; seat < 9; seat++) all.hear(seat, record(seat), 0);
    expect(all.write(new Float32Array(4 * PERSON.stride), 0)).toBe(4);
  });

  it('tells each guest of the others what is new, in as many datagrams as it takes', () => {
    const all = new Presences();
    const out = new RtWriter();
    const feed = new PresenceFeed(all, 3, out);
    expect(feed.due).toBe(Infinity);
    for (let seat = 0; seat < 63; seat++) all.hear(seat, record(seat), 0);
    const seats: number[] = [];
    const none = (): void => {};
    const faces = { face: none, faceReport: none, faceDemand: none };
    const handler = { tape: none, hash: none, acts: none, ping: none, pong: none, ...faces };
    for (let now = 0; feed.due <= now; now += PRESENCE_MS) {
      out.begin();
      feed.write(now);
      expect(readRt(out.datagram(), { ...handler, presence: (one) => seats.push(one[0] ?? -1) })).toBe(true);
    }
    expect(seats).toEqual(Array.from({ length: 63 }, (_, i) => i).filter((seat) => seat !== 3));
    all.hear(7, record(1), 1);
    expect(feed.due).toBeLessThan(Infinity);
  });

  it('sends one’s own as it changes, and now and then although it does not', () => {
    const own = new OwnPresence();
    expect(own.due).toBe(Infinity);
    const sent: number[] = [];
    for (let now = 0; now < 5000; now += 10) {
      if (now < 200) own.set(record(now));
      own.set(record(NaN));
      if (own.due > now) continue;
      own.next(now);
      sent.push(now);
    }
    expect(sent.slice(0, 5)).toEqual([0, 50, 100, 150, 200]);
    expect(sent.slice(5)).toEqual([2200, 4200]);
    expect(PRESENCE_REPEAT_MS).toBe(2000);
  });
});
