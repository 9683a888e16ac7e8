import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../core/random';
import { compileXml, simOf, SLEEPERS, WORKSHOP } from '../../testing/mujoco';
import type { Action } from '../../tape/action';
import type { Entry } from '../../tape/tape';
import { Authority } from './authority';
import { HASH_TICKS } from './hash_log';
import { Replica } from './replica';

/** A host and a guest on one virtual clock, with messages that take their time between them. */
class Pair {
  now = 0;
  readonly diverged: number[] = [];
  readonly host: Authority;
  readonly guest: Replica;
  private readonly mail: { at: number; deliver: () => void }[] = [];
  private acted = 0;
  private readonly seen: Entry[] = [];
  private sent = 0;
  readonly clock = (): number => this.now;

  private constructor(
    sims: readonly [Authority, Replica],
    private readonly network: { delay: () => number; lost: () => boolean },
  ) {
    [this.host, this.guest] = sims;
  }

  static async of(mjb: Uint8Array, network: { delay: () => number; lost: () => boolean }): Promise<Pair> {
    const holder: { pair?: Pair } = {};
    const host = new Authority(await simOf(mjb), new (await import('../../tape/tape')).Tape(), {
      onEntry: () => {},
      onCheckpoint: () => {},
      onUnstable: () => {},
    });
    const guest = new Replica(await simOf(mjb), () => holder.pair?.now ?? 0, {
      onEntry: (entry) => holder.pair?.seen.push(entry),
      onCheckpoint: () => {},
      onDiverged: (tick) => holder.pair?.diverged.push(tick),
    });
    guest.seat = 1;
    const pair = new Pair([host, guest], network);
    holder.pair = pair;
    return pair;
  }

  join(): void {
    this.host.submit({ kind: 'checkpoint' });
    this.guest.start(this.host.sim.save(), this.host.tape.nextSeq);
  }

  act(action: Action): void {
    this.guest.submit(action);
  }

  /** Lets so many ms pass; the host speaks at 20 Hz and after every entry, the guest at 60 Hz. */
  run(ms: number): void {
    for (const end = this.now + ms; this.now < end;) {
      this.now += 1;
      for (const letter of this.mail.splice(0)) {
        if (letter.at <= this.now) letter.deliver();
        else this.mail.push(letter);
      }
      this.host.advance(this.clock, Infinity);
      if (this.now % 50 === 0 || this.host.tape.nextSeq !== this.sent) this.speak();
      if (this.now % 16 === 0) this.answer();
      this.guest.advance(this.clock, Infinity);
    }
  }

  private speak(): void {
    const { host, guest, acted } = this;
    this.sent = host.tape.nextSeq;
    const { tick } = host.sim;
    const { nextSeq } = host.tape;
    const from = guest.nextSeq - host.tape.firstSeq;
    const entries = host.tape.entries.slice(from);
    this.post(() => guest.hear(tick, nextSeq, acted, entries));
  }

  private answer(): void {
    const { first, list } = this.guest.inFlight;
    const actions = list.map(({ action }) => action);
    this.post(() => {
      actions.forEach((action, i) => {
        if (first + i !== this.acted + 1) return;
        this.acted++;
        this.host.submit(action, 1);
      });
    });
  }

  private post(deliver: () => void): void {
    if (!this.network.lost()) this.mail.push({ at: this.now + this.network.delay(), deliver });
  }

  /** Hash of both at their latest common confirmed tick. */
  hashes(): { tick: number; host: string | null; guest: string | null } {
    const tick = this.guest.hashedTick ?? -1;
    return { tick, host: this.host.hashAt(tick), guest: this.guest.hashAt(tick) };
  }
}

const network = (
  seed: number,
  from: number,
  to: number,
  loss = 0,
): { delay: () => number; lost: () => boolean } => {
  const random = new Random(seed);
  return {
    delay: () => from + Math.floor(random.next() * (to - from + 1)),
    lost: () => random.next() < loss,
  };
};

const drag = (target: readonly [number, number, number]): Action => ({
  kind: 'drag',
  hand: 0,
  body: 3,
  mode: 'translate',
  point: [0, 0, 0],
  target,
  quat: [1, 0, 0, 0],
});

let workshop: Uint8Array;
let sleepers: Uint8Array;

beforeAll(async () => {
  workshop = await compileXml(WORKSHOP);
  sleepers = await compileXml(SLEEPERS);
});

describe('a replica', () => {
  it('holds the same bits as the host, and runs by the clock between its words', async () => {
    const pair = await Pair.of(workshop, network(1, 2, 4));
    pair.join();
    pair.run(1000);
    const behind = pair.host.sim.tick - pair.guest.sim.tick;
    expect(behind).toBeGreaterThanOrEqual(0);
    expect(behind).toBeLessThan(12 / 2);
    expect(pair.guest.rollbacks).toBe(0);
    const { tick, host, guest } = pair.hashes();
    expect(tick).toBeGreaterThan(300);
    expect(guest).toBe(host);
  });

  it('takes what others do without going back, while nothing comes late', async () => {
    const pair = await Pair.of(workshop, network(2, 3, 3));
    pair.join();
    pair.run(500);
    for (let i = 0; i < 20; i++) {
      pair.host.submit({ kind: 'ctrl', index: 0, value: i % 2 });
      pair.run(37);
    }
    expect(pair.guest.rollbacks).toBeLessThanOrEqual(2);
    pair.run(300);
    const { host, guest } = pair.hashes();
    expect(guest).not.toBeNull();
    expect(guest).toBe(host);
  });

  it('shows its own action at once, and ends where the host does', async () => {
    const pair = await Pair.of(workshop, network(3, 40, 50));
    pair.guest.roundTrip = 90;
    pair.join();
    pair.run(600);
    pair.act({ kind: 'qpos', index: 0, values: Float64Array.of(1.5) });
    expect(pair.guest.sim.copyState().qpos[0]).toBe(1.5);
    pair.run(20);
    // Not there yet, and shown nevertheless.
    expect(pair.host.sim.copyState().qpos[0]).toBeLessThan(1);
    expect(pair.guest.sim.copyState().qpos[0]).toBeGreaterThan(1.3);
    pair.run(1000);
    expect(pair.guest.inFlight.list).toHaveLength(0);
    const { tick, host, guest } = pair.hashes();
    expect(tick).toBeGreaterThan(600);
    expect(guest).toBe(host);
  });

  it.each([
    ['workshop', 0.2],
    ['sleepers', 0.2],
    ['sleepers', 0],
  ] as const)('keeps to the host while both pull (%s, loss %d)', async (name, loss) => {
    const pair = await Pair.of(name === 'workshop' ? workshop : sleepers, network(4, 5, 80, loss));
    pair.guest.roundTrip = 60;
    pair.join();
    pair.run(300);
    for (let i = 0; i < 60; i++) {
      const x = 0.02 * i;
      pair.act(i === 0 ? drag([x, 1, 0.8]) : { kind: 'move', hand: 0, target: [x, 1, 0.8] });
      if (i % 7 === 0) pair.host.submit({ ...drag([1, x, 0.6]), hand: 1 } as Action);
      if (i === 30) pair.host.submit({ kind: 'checkpoint' });
      pair.run(16);
    }
    pair.act({ kind: 'release', hand: 0 });
    pair.host.submit({ kind: 'release', hand: 1 });
    pair.run(1500);
    expect(pair.guest.inFlight.list).toHaveLength(0);
    const { tick, host, guest } = pair.hashes();
    expect(tick).toBeGreaterThan(pair.host.sim.tick - 4 * HASH_TICKS);
    expect(guest).toBe(host);
    expect(pair.guest.sim.drags.count).toBe(0);
    pair.guest.settle();
    expect(pair.guest.tape.entries).toEqual(
      pair.host.tape.entries.slice(pair.guest.tape.firstSeq - pair.host.tape.firstSeq),
    );
  });

  it('follows the host’s word alone where there is no memory to go back, exact all the same', async () => {
    const huge = await compileXml(WORKSHOP.replace('<worldbody>', '<size memory="300M"/><worldbody>'));
    const pair = await Pair.of(huge, network(10, 5, 60, 0.1));
    pair.guest.roundTrip = 60;
    pair.join();
    pair.run(1000);
    const moved: number[] = [];
    for (let i = 0; i < 30; i++) {
      const x = 0.02 * i;
      pair.act(i === 0 ? drag([x, 1, 0.8]) : { kind: 'move', hand: 0, target: [x, 1, 0.8] });
      const before = pair.guest.sim.tick;
      pair.run(16);
      moved.push(pair.guest.sim.tick - before);
      expect(pair.guest.sim.tick).toBeLessThanOrEqual(pair.host.sim.tick);
    }
    // By the clock, not from heartbeat to heartbeat: 16 ms are eight ticks.
    expect(moved.filter((ticks) => ticks >= 5 && ticks <= 12).length).toBeGreaterThan(20);
    pair.act({ kind: 'release', hand: 0 });
    expect(() => pair.act({ kind: 'ctrl', index: 9, value: 0 })).toThrow(/there are 1/);
    pair.run(1500);
    expect(pair.guest.inFlight.list).toHaveLength(0);
    expect(pair.guest.rollbacks).toBe(0);
    const { tick, host, guest } = pair.hashes();
    expect(tick).toBeGreaterThan(pair.host.sim.tick - 6 * HASH_TICKS);
    expect(guest).toBe(host);
  });

  it('stands still, steps and goes on with the host', async () => {
    const pair = await Pair.of(workshop, network(5, 10, 30));
    pair.join();
    pair.run(300);
    pair.host.submit({ kind: 'pause', paused: true });
    pair.run(200);
    expect(pair.guest.sim.tick).toBe(pair.host.sim.tick);
    expect(pair.guest.sim.hash()).toBe(pair.host.sim.hash());
    pair.act(drag([0, 0, 2]));
    pair.run(200);
    expect(pair.guest.sim.hash()).toBe(pair.host.sim.hash());
    pair.act({ kind: 'step', ticks: 10 });
    pair.run(200);
    expect(pair.guest.sim.tick).toBe(pair.host.sim.tick);
    expect(pair.guest.sim.hash()).toBe(pair.host.sim.hash());
    pair.act({ kind: 'pause', paused: false });
    pair.act({ kind: 'speed', speed: 0.5 });
    const before = pair.guest.sim.tick;
    pair.run(1000);
    expect(pair.guest.sim.tick - before).toBeGreaterThan(200);
    expect(pair.guest.sim.tick - before).toBeLessThan(260);
    const { host, guest } = pair.hashes();
    expect(guest).toBe(host);
  });

  it('follows a rewind', async () => {
    const pair = await Pair.of(workshop, network(6, 10, 30));
    pair.join();
    pair.run(800);
    pair.host.rewind(100);
    pair.run(200);
    expect(pair.guest.sim.historyTick).toBe(100);
    expect(pair.guest.sim.hash()).toBe(pair.host.sim.hash());
  });

  it('tells when its state is not the host’s', async () => {
    const pair = await Pair.of(workshop, network(7, 5, 5));
    pair.join();
    pair.run(200);
    pair.guest.expectHash(64, '0123456789abcdef');
    pair.run(100);
    expect(pair.diverged).toEqual([64]);
  });

  it('refuses what is out of range, and entries out of order', async () => {
    const pair = await Pair.of(workshop, network(8, 5, 5));
    pair.join();
    pair.run(200);
    expect(() => pair.act({ kind: 'ctrl', index: 9, value: 0 })).toThrow(/there are 1/);
    expect(pair.guest.inFlight.list).toHaveLength(0);
    const seq = pair.guest.nextSeq;
    const entry: Entry = { tick: 0, seat: 0, seq, action: { kind: 'pause', paused: true } };
    expect(() => pair.guest.hear(1000, seq + 1, 0, [entry])).toThrow(/out of order/);
    expect(pair.guest.hear(1000, seq + 5, 0, [{ ...entry, tick: 999, seq: seq + 4 }])).toBe(false);
  });

  it('becomes a world of its own where the host left it', async () => {
    const pair = await Pair.of(workshop, network(9, 20, 40));
    pair.guest.roundTrip = 60;
    pair.join();
    pair.run(500);
    pair.act(drag([0, 0, 2]));
    pair.run(100);
    pair.act({ kind: 'move', hand: 0, target: [0, 0, 3] });
    const solo = pair.guest.release({ onEntry: () => {}, onCheckpoint: () => {}, onUnstable: () => {} });
    expect(solo.sim.drags.count).toBe(0);
    const { tick } = solo.sim;
    expect(tick).toBeLessThanOrEqual(pair.host.sim.tick);
    expect(tick).toBeGreaterThan(pair.host.sim.tick - 60);
    let now = 0;
    solo.advance(() => now, Infinity);
    now += 100;
    solo.advance(() => now, Infinity);
    expect(solo.sim.tick).toBe(tick + 50);
  });
});
