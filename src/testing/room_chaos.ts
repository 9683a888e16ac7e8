import { toHex } from '../core/encoding';
import { CHANNELS } from '../face/frame';
import { PERSON } from '../core/frame';
import { Random } from '../core/random';
import type { Role } from '../protocol/ctl';
import type { Action } from '../tape/action';
import { encodeEntries } from '../tape/tape';
import type { Conditions } from './virtual_network';
import { VirtualClock } from './virtual_network';
import type { ChaosStage, Sizes } from './chaos_models';
import { names, places } from './room_told';
import { sha256 } from './virtual_door';
import { VirtualGuest, VirtualHost, type VirtualModel } from './virtual_room';

/**
 * Whole rooms in chaos: people do everything at once over bad networks; afterwards all must hold the same.
 *
 * Everything follows from a seed, so that what fails can be played again.
 */

/** One room's life lasts so long, ms; every fiftieth room is full of people, and lives shorter. */
const CHAOS_MS = { small: 4500, large: 2500 } as const;
/** After it everybody needs this long, ms, to hear everything: the longest way there and back, with losses, a few times. */
const QUIET_MS = 3000;
const MAX_SETTLE_MS = 40_000;
const ROLES: readonly Role[] = ['admin', 'developer', 'developer', 'viewer'];

/** Plays the room of a seed. Returns what is wrong afterwards: nothing, it should be. */
export async function chaos(seed: number, stage: ChaosStage): Promise<readonly string[]> {
  const room = new ChaoticRoom(seed, stage);
  try {
    await room.live();
    return await room.settle();
  } finally {
    room.dispose();
  }
}

class ChaoticRoom {
  private readonly random: Random;
  private readonly clock = new VirtualClock();
  private readonly host: VirtualHost;
  private readonly guests: VirtualGuest[] = [];
  private readonly caches = new Map<number, Set<string>>();
  private readonly large: boolean;
  private isQuiet = false;

  constructor(
    seed: number,
    private readonly stage: ChaosStage,
  ) {
    this.random = new Random(seed);
    for (let i = 0; i < 3; i++) this.random.next();
    this.large = seed % 50 === 0;
    const { mujoco, models } = stage;
    this.host = new VirtualHost(
      this.clock,
      mujoco,
      models,
      this.pick(models) ?? (models[0] as VirtualModel),
      this.chance(0.8) ? 'developer' : 'admin',
      this.random,
    );
  }

  async live(): Promise<void> {
    const { random, clock, large } = this;
    const people = large ? 10 + random.below(6) : 1 + random.below(3);
    for (let i = 1; i <= people; i++) this.later(random.between(0, 800), () => this.join(i));
    const end = large ? CHAOS_MS.large : CHAOS_MS.small;
    const next = (): void => {
      this.happen();
      if (clock.now < end) this.later(random.between(5, 120), next);
    };
    this.later(300, next);
    await clock.run(end);
  }

  async settle(): Promise<readonly string[]> {
    const { clock, host } = this;
    this.isQuiet = true;
    const end = clock.now + MAX_SETTLE_MS;
    // A model that was asked for may still come and run, and actions may be on their way.
    while (clock.now < end && (host.isLoading || this.waiting().length > 0)) await clock.run(clock.now + 250);
    this.own({ kind: 'speed', speed: 1 });
    this.own({ kind: 'pause', paused: false });
    await clock.run(clock.now + QUIET_MS);
    this.own({ kind: 'pause', paused: true });
    while (clock.now < end && this.unsettled().length > 0) await clock.run(clock.now + 250);
    // The list of people is told again a little later.
    await clock.run(clock.now + 3000);
    const wrong = [
      ...this.waiting().map(({ seat }) => `seat ${seat} waits for an answer`),
      ...this.unsettled(),
      ...this.differences(),
    ];
    const here = new Set(host.people.map(({ seat }) => seat));
    for (const { seat } of host.authority.sim.drags.held()) {
      if (!here.has(seat)) wrong.push(`seat ${seat} is gone and holds something`);
    }
    return wrong;
  }

  dispose(): void {
    for (const guest of this.guests) guest.dispose();
    this.host.dispose();
  }

  private get present(): readonly VirtualGuest[] {
    return this.guests.filter(({ ended }) => ended === null);
  }

  private waiting(): readonly VirtualGuest[] {
    return this.present.filter(
      ({ asking, replica }) => asking > 0 || (replica !== null && replica.inFlight.list.length > 0),
    );
  }

  private unsettled(): readonly string[] {
    const { authority } = this.host;
    return this.present.flatMap((guest) => {
      const { replica, seat } = guest;
      if (replica === null || guest.world !== this.host.world) return [`seat ${seat} has not started`];
      const wrong: string[] = [];
      const { length } = replica.inFlight.list;
      if (length > 0) wrong.push(`seat ${seat} has ${length} actions in flight`);
      if (replica.nextSeq !== authority.tape.nextSeq) {
        wrong.push(`seat ${seat} has entries to ${replica.nextSeq}, the host to ${authority.tape.nextSeq}`);
      } else if (replica.sim.tick !== authority.sim.tick) {
        wrong.push(`seat ${seat} is at tick ${replica.sim.tick}, the host at ${authority.sim.tick}`);
      }
      return wrong;
    });
  }

  private differences(): readonly string[] {
    const { host } = this;
    const authority = host.authority;
    const wrong: string[] = [];
    for (const guest of this.guests) {
      if (guest.diverged.length > 0) wrong.push(`seat ${guest.seat} parted at tick ${guest.diverged.join()}`);
    }
    for (const guest of this.present) {
      const { replica, seat } = guest;
      if (replica === null) continue;
      for (let tick = 0; tick <= authority.sim.tick; tick += 64) {
        const [own, true_] = [
          replica.hashAt(tick),
          tick === authority.sim.tick ? null : authority.hashAt(tick),
        ];
        if (own !== null && true_ !== null && own !== true_)
          wrong.push(`seat ${seat} has another state at ${tick}`);
      }
      replica.settle();
      if (replica.sim.hash() !== authority.sim.hash())
        wrong.push(`seat ${seat} has another state in the end`);
      const { tape } = replica;
      const from = tape.firstSeq - authority.tape.firstSeq;
      const [own, told] = [encodeEntries(tape.entries), encodeEntries(authority.tape.entries.slice(from))];
      if (Buffer.compare(own, told) !== 0) wrong.push(`seat ${seat} has another tape`);
      if (guest.said.join('\n') !== host.said.join('\n')) wrong.push(`seat ${seat} has heard something else`);
      if (names(guest.people) !== names(host.people)) {
        wrong.push(`seat ${seat} knows ${names(guest.people)}, the host ${names(host.people)}`);
      }
      const [seen, told_] = [places(guest.events, guest.world), places(host.events, host.world)];
      if (seen !== told_) wrong.push(`seat ${seat} sees faces ${seen}, the host ${told_}`);
    }
    return wrong;
  }

  private join(identity: number): void {
    const { clock, host, random, stage } = this;
    let cache = this.caches.get(identity);
    if (cache === undefined) this.caches.set(identity, (cache = new Set()));
    this.guests.push(
      new VirtualGuest(clock, host, random, this.conditions(), identity, stage.mujoco, stage.models, cache),
    );
  }

  private conditions(): Conditions {
    const { random } = this;
    const delay = this.chance(0.5) ? random.between(0, 40) : random.between(0, 500);
    return {
      delay,
      jitter: random.next() * delay,
      loss: this.chance(0.3) ? 0 : random.between(0, 0.2),
      duplicated: this.chance(0.5) ? 0 : random.between(0, 0.1),
    };
  }

  /** Something happens. */
  private happen(): void {
    const { random } = this;
    const guest = this.pick(this.present);
    const dice = random.next();
    if (dice < 0.02) this.later(random.between(50, 800), () => this.join(1 + random.below(4)));
    else if (guest === undefined) this.act(null);
    else if (dice < 0.03) guest.leave();
    else if (dice < 0.035) guest.link.cut();
    else if (dice < 0.06) guest.link.conditions = this.conditions();
    else if (dice < 0.08) this.load(guest);
    else if (dice < 0.14) this.ask(guest);
    else if (dice < 0.22) this.talk(guest);
    else if (dice < 0.26) this.look(guest);
    else if (dice < 0.3) this.grimace(guest);
    else this.act(this.chance(0.25) ? null : guest);
  }

  private load(guest: VirtualGuest): void {
    const model = this.pick(this.stage.models);
    if (model === undefined) return;
    if (this.chance(0.5)) this.host.load(model);
    else guest.load(model);
  }

  private ask(guest: VirtualGuest): void {
    const { random, host } = this;
    const dice = random.next();
    const seat = this.pick(this.present)?.seat ?? 1;
    if (dice < 0.3) guest.ask({ kind: 'rename', name: `N${random.below(100)}`, colour: random.below(12) });
    else if (dice < 0.5) guest.ask({ kind: 'rewind', tick: random.below(host.authority.sim.tick + 5) });
    else if (dice < 0.6) guest.ask({ kind: 'scrub', ticks: random.below(9) - 4 });
    else if (dice < 0.65) guest.ask({ kind: 'gather' });
    else if (dice < 0.7) guest.ask({ kind: 'lock', locked: this.chance(0.5) });
    else if (dice < 0.78) this.dress(guest);
    else if (dice < 0.86) {
      const body = { object: 'body', id: random.below(6), size: 0.3 } as const;
      guest.ask({ kind: 'putFace', ...body, seat: this.chance(0.2) ? null : seat });
    } else if (seat > 0) this.promote(seat);
  }

  /** Another look, sometimes with a head of its own. */
  private dress(guest: VirtualGuest): void {
    const file = this.chance(0.5) ? new Uint8Array(20_000 + this.random.below(2)) : null;
    const hash = file === null ? null : sha256(file);
    if (file !== null && hash !== null) guest.session.provide(toHex(hash), file);
    const colours = { skin: this.random.below(5), hair: this.random.below(5), iris: this.random.below(5) };
    guest.ask({
      kind: 'wear',
      look: { style: 'robot', ...colours, file: hash, fileSize: file?.length ?? 0 },
    });
  }

  private promote(seat: number): void {
    this.clock.settle();
    this.host.session
      .request({ kind: 'setRole', seat, role: this.pick(ROLES) ?? 'developer' })
      // They may just have left.
      .catch(() => {});
    this.host.wake();
  }

  private talk(guest: VirtualGuest): void {
    const text = `word ${this.random.below(1000)}`;
    try {
      if (this.chance(0.2)) this.host.session.say(text);
      else guest.session.say(text);
    } catch {
      // Too much at once, or just gone: as people are told.
    }
    guest.wake();
    this.host.wake();
  }

  private look({ session }: VirtualGuest): void {
    const person = new Float32Array(PERSON.stride);
    for (let i = PERSON.eye; i < PERSON.pointing; i++) person[i] = this.random.between(-3, 3);
    session.present(person);
  }

  /** Somebody's face, or the host's, changes, ends, or is looked at. */
  private grimace(guest: VirtualGuest): void {
    const peer = this.chance(0.3) ? this.host : guest;
    const face = new Float32Array(CHANNELS);
    for (let i = 0; i < CHANNELS; i++) face[i] = this.random.between(-0.2, 1.2);
    peer.session.face(this.chance(0.1) ? null : face);
    // From now on its page listens.
    void peer.faces;
    peer.wake();
  }

  /** Somebody, or the host where nobody is named, touches the world. */
  private act(guest: VirtualGuest | null): void {
    const { random } = this;
    const sizes = this.stage.sizes[this.stage.models.indexOf(this.host.model)];
    if (sizes === undefined) return;
    const dice = random.next();
    if (dice < 0.35) this.drag(guest, sizes);
    else if (dice < 0.55)
      this.submit(guest, { kind: 'ctrl', index: random.below(6), value: random.between(-1, 1) });
    else this.submit(guest, this.deed(sizes));
  }

  private deed({ bodies, nu, nq }: Sizes): Action {
    const { random } = this;
    const vec = (size: number): [number, number, number] => [
      random.between(-size, size),
      random.between(-size, size),
      random.between(-size, size),
    ];
    const doubles = (count: number): Float64Array =>
      Float64Array.from({ length: count }, () => random.between(-1, 1));
    switch (random.below(11)) {
      case 0:
        return { kind: 'pause', paused: this.chance(0.3) };
      case 1:
        return { kind: 'speed', speed: this.pick([0.3, 1, 1, 2, Infinity]) ?? 1 };
      case 2:
        return { kind: 'step', ticks: 1 + random.below(20) };
      case 3:
        return { kind: 'reset', keyframe: random.below(3) - 1 };
      case 4:
        return { kind: 'qpos', index: random.below(nq), values: doubles(1) };
      case 5:
        return { kind: 'equality', index: 0, active: this.chance(0.5) };
      case 6:
        return { kind: 'edit', field: 0, index: 0, values: Float64Array.of(0, 0, random.between(-10, 2)) };
      case 7:
        return { kind: 'wrench', body: random.below(bodies + 1), force: vec(3), torque: vec(0.1) };
      case 8:
        return { kind: 'ctrls', values: doubles(this.chance(0.9) ? nu : 90) };
      case 9:
        return { kind: 'release', hand: random.below(3) };
      default:
        return { kind: 'pause', paused: false };
    }
  }

  /** A pull with the pointer: begins, moves with every picture, and ends, mostly. */
  private drag(guest: VirtualGuest | null, { movable }: Sizes): void {
    const { random } = this;
    const hand = random.below(3);
    const target = (): [number, number, number] => [
      random.between(-1, 1),
      random.between(-1, 1),
      random.between(0, 2),
    ];
    this.submit(guest, {
      kind: 'drag',
      hand,
      body: this.pick(movable) ?? 1,
      mode: this.chance(0.8) ? 'translate' : 'rotate',
      point: [0, 0, random.between(0, 0.1)],
      target: target(),
      quat: [1, 0, 0, 0],
    });
    let moves = random.below(20);
    const move = (): void => {
      if (moves-- > 0) {
        this.submit(guest, { kind: 'move', hand, target: target() });
        this.later(16, move);
      } else if (this.chance(0.7)) this.submit(guest, { kind: 'release', hand });
    };
    this.later(16, move);
  }

  private submit(guest: VirtualGuest | null, action: Action): void {
    if (this.isQuiet) return;
    if (guest === null) {
      this.own(action);
      return;
    }
    if (guest.ended !== null) return;
    try {
      guest.session.submit(action);
    } catch {
      // The model does not take it, their role does not allow it, or their world is not here yet.
    }
    guest.wake();
  }

  private own(action: Action): void {
    try {
      this.host.authority.submit(action);
    } catch {
      // The model does not take it.
    }
    this.host.wake();
  }

  private later(ms: number, work: () => void): void {
    this.clock.at(this.clock.now + ms, work);
  }

  private chance(share: number): boolean {
    return this.random.next() < share;
  }

  private pick<T>(from: readonly T[]): T | undefined {
    return from[this.random.below(from.length)];
  }
}
