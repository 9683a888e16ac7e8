import { beforeAll, describe, expect, it } from 'vitest';
import type { Sim } from '../../sim/sim';
import { SLEEPERS, UNSTABLE, WORKSHOP, compileXml, simOf } from '../../testing/mujoco';
import { Tape } from '../../tape/tape';
import { Authority, type UnstableEvent } from './authority';
import { replay } from './replay';

/** A host over a fresh world, with a clock that stands still. */
async function host(mjb: Uint8Array, unstable: UnstableEvent[] = []): Promise<Authority> {
  return new Authority(await simOf(mjb), new Tape(), {
    onEntry: () => {},
    onCheckpoint: () => {},
    onUnstable: (event) => unstable.push(event),
  });
}

const still = (): number => 0;

function run(session: Authority, ticks: number): void {
  session.submit({ kind: 'step', ticks });
  const end = session.sim.tick + ticks;
  while (session.sim.tick < end && session.sim.owed > 0) session.advance(still, Infinity);
}

/** Plays a host's tape in a fresh world. */
async function replayed(session: Authority, mjb: Uint8Array): Promise<Sim> {
  const sim = await simOf(mjb);
  const { origin, entries } = session.tape;
  if (origin === undefined) throw new Error('no origin');
  sim.load(origin.bytes);
  replay(sim, entries, origin.index, session.sim.tick, true);
  return sim;
}

let workshop: Uint8Array;
let sleepers: Uint8Array;

beforeAll(async () => {
  workshop = await compileXml(WORKSHOP);
  sleepers = await compileXml(SLEEPERS);
});

/** A little of everything a person does. */
function play(session: Authority): void {
  session.submit({ kind: 'pause', paused: true });
  run(session, 100);
  session.submit({ kind: 'ctrl', index: 0, value: 0.7 });
  run(session, 50);
  session.submit({
    kind: 'drag',
    hand: 0,
    body: 2,
    mode: 'translate',
    point: [0.1, 0, 0.2],
    target: [0.5, 0.1, 1.6],
    quat: [1, 0, 0, 0],
  });
  run(session, 40);
  session.submit({
    kind: 'drag',
    hand: 1,
    body: 2,
    mode: 'rotate',
    point: [0, 0, 0],
    target: [0, 0, 1],
    quat: [0.7, 0.7, 0, 0],
  });
  session.submit({
    kind: 'drag',
    hand: 2,
    body: 4,
    mode: 'translate',
    point: [0, 0, 0],
    target: [-0.5, 0.3, 1],
    quat: [1, 0, 0, 0],
  });
  run(session, 1100);
  session.submit({ kind: 'release', hand: 0 });
  session.submit({ kind: 'equality', index: 0, active: true });
  session.submit({ kind: 'wrench', body: 3, force: [1, 0, 4], torque: [0, 0.1, 0] });
  session.submit({ kind: 'edit', field: 0, index: 0, values: Float64Array.of(0, 0, -3) });
  run(session, 200);
  session.submit({ kind: 'reset', keyframe: 1 });
  session.submit({ kind: 'qpos', index: 1, values: Float64Array.of(0.5) });
  run(session, 300);
}

describe('Authority', () => {
  it('leaves a tape that gives the same bits in a fresh world', async () => {
    const session = await host(workshop);
    play(session);
    const again = await replayed(session, workshop);
    expect(again.tick).toBe(session.sim.tick);
    expect(again.hash()).toBe(session.sim.hash());
  });

  it('does the same with sleeping trees, across checkpoints', async () => {
    const session = await host(sleepers);
    session.submit({ kind: 'pause', paused: true });
    run(session, 2500);
    session.submit({ kind: 'wrench', body: 15, force: [0.5, 0, 0], torque: [0, 0, 0] });
    run(session, 500);
    expect(session.tape.entries.some((entry) => entry.action.kind === 'checkpoint')).toBe(true);
    expect((await replayed(session, sleepers)).hash()).toBe(session.sim.hash());
  });

  it('holds the same bits as a bare loop of mj_step when nothing is done', async () => {
    const session = await host(workshop);
    session.submit({ kind: 'pause', paused: true });
    run(session, 3000);
    const bare = await simOf(workshop);
    for (let i = 0; i < 3000; i++) bare.mujoco.mj_step(bare.model, bare.data);
    expect(session.sim.hash()).toBe(bare.hash());
  });

  it('continues bit for bit from any checkpoint of the tape', async () => {
    const session = await host(workshop);
    play(session);
    const middle = session.tape.before(1200);
    if (middle === undefined) throw new Error('no checkpoint');
    expect(middle.tick).toBeGreaterThan(0);
    const late = await simOf(workshop);
    late.load(middle.bytes);
    replay(late, session.tape.entries, middle.index, session.sim.tick, true);
    expect(late.hash()).toBe(session.sim.hash());
  });

  it('goes back to a tick, keeps the tape exact, and can take the going back back', async () => {
    const session = await host(workshop);
    session.submit({ kind: 'pause', paused: true });
    run(session, 700);
    const there = session.sim.hash();
    session.submit({ kind: 'ctrl', index: 0, value: 1 });
    run(session, 800);
    const present = session.sim.hash();
    session.rewind(700);
    expect(session.sim.hash()).toBe(there);
    expect(session.sim.historyTick).toBe(700);
    expect(session.sim.tick).toBe(1500);
    run(session, 10);
    session.rewind(1500);
    expect(session.sim.hash()).toBe(present);
    expect((await replayed(session, workshop)).hash()).toBe(session.sim.hash());
  });

  it('scrubs back tick by tick, across an earlier rewind, and steps forward', async () => {
    const session = await host(workshop);
    session.submit({ kind: 'pause', paused: true });
    const seen: string[] = [];
    for (let i = 0; i < 20; i++) {
      seen.push(session.sim.hash());
      run(session, 1);
    }
    for (let i = 19; i >= 15; i--) {
      session.scrub(-1);
      expect(session.sim.hash()).toBe(seen[i]);
    }
    session.scrub(1);
    expect(session.sim.hash()).toBe(seen[16]);
    expect(session.sim.historyTick).toBe(16);
  });

  it('refuses what the model does not take, and changes nothing', async () => {
    const session = await host(workshop);
    const before = session.sim.hash();
    const entries = session.tape.entries.length;
    expect(() => session.submit({ kind: 'ctrl', index: 1, value: 0 })).toThrow(/there are 1/);
    expect(() => session.submit({ kind: 'ctrl', index: 0, value: NaN })).toThrow(/finite/);
    expect(() => session.submit({ kind: 'reset', keyframe: 2 })).toThrow(/keyframe 2/);
    expect(() => session.submit({ kind: 'speed', speed: 0 })).toThrow(/speed 0/);
    expect(() => session.submit({ kind: 'wrench', body: 0, force: [1, 0, 0], torque: [0, 0, 0] })).toThrow(
      /body 0/,
    );
    expect(() => session.submit({ kind: 'edit', field: 3, index: 0, values: Float64Array.of(-1) })).toThrow(
      /opt.timestep/,
    );
    expect(() => session.rewind(5)).toThrow(/Tick 5 is not in the history/);
    expect(session.sim.hash()).toBe(before);
    expect(session.tape.entries.length).toBe(entries);
  });

  it('pauses when a number goes bad, says when and where, and can go back', async () => {
    const events: UnstableEvent[] = [];
    const mjb = await compileXml(UNSTABLE);
    const session = await host(mjb, events);
    session.submit({ kind: 'pause', paused: true });
    run(session, 2000);
    expect(events).toHaveLength(1);
    const [event] = events;
    if (event === undefined) throw new Error('no event');
    expect(event.index).toBe(0);
    expect(event.tick).toBeGreaterThan(10);
    expect(event.time).toBeCloseTo((event.tick - 1) * 0.01, 6);
    expect(event.good).toBeLessThan(event.tick);
    expect(session.sim.isPaused).toBe(true);
    session.rewind(event.good);
    const { qpos } = session.sim.copyState();
    expect(Number.isFinite(qpos[0])).toBe(true);
    expect(session.sim.data.time).toBeCloseTo(event.good * 0.01, 6);
    expect((await replayed(session, mjb)).hash()).toBe(session.sim.hash());
  });

  it('notices it too where the engine does not reset by itself', async () => {
    const events: UnstableEvent[] = [];
    const xml = UNSTABLE.replace('timestep="0.01"/>', 'timestep="0.01"><flag autoreset="disable"/></option>');
    const session = await host(await compileXml(xml), events);
    session.submit({ kind: 'pause', paused: true });
    run(session, 2000);
    expect(events).toHaveLength(1);
    expect(session.sim.isPaused).toBe(true);
  });

  it('keeps hashes of recent ticks', async () => {
    const session = await host(workshop);
    session.submit({ kind: 'pause', paused: true });
    run(session, 64);
    const hash = session.sim.hash();
    run(session, 100);
    expect(session.hashAt(64)).toBe(hash);
    expect(session.hashAt(65)).toBeNull();
    expect(session.hashAt(164)).toBe(session.sim.hash());
  });

  it('keeps step with the clock, and says when it cannot', async () => {
    const session = await host(workshop);
    let now = 0;
    const clock = (): number => now;
    session.advance(clock, Infinity);
    for (let i = 0; i < 60; i++) {
      now += 1000 / 60;
      session.advance(clock, Infinity);
    }
    expect(session.sim.tick).toBeGreaterThanOrEqual(499);
    expect(session.sim.tick).toBeLessThanOrEqual(500);
    session.submit({ kind: 'speed', speed: 0.1 });
    const before = session.sim.tick;
    session.advance(clock, Infinity);
    for (let i = 0; i < 60; i++) {
      now += 1000 / 60;
      session.advance(clock, Infinity);
    }
    expect(session.sim.tick - before).toBeGreaterThanOrEqual(49);
    expect(session.sim.tick - before).toBeLessThanOrEqual(50);
    expect(session.figures.behind).toBe(false);
    now += 5000;
    session.advance(clock, Infinity);
    expect(session.figures.behind).toBe(true);
  });
});
