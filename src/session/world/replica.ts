import { SimroomError } from '../../core/errors';
import { checkAction } from '../../sim/check_action';
import type { Sim } from '../../sim/sim';
import type { Action } from '../../tape/action';
import { type Entry, type StoredCheckpoint, Tape } from '../../tape/tape';
import { Authority, type AuthorityEvents } from './authority';
import { Figures } from './figures';
import { HASH_TICKS, HashLog } from './hash_log';
import { InFlight, type Pending } from './in_flight';
import { Places } from './places';
import { Playhead } from './playhead';

/** Steps between looks at the clock, ms. */
const CHUNK_MS = 2;
/** Wall ms that one turn may spend on guessing ahead; beyond it less is guessed. */
const GUESS_MS = 6;
/** Behind the host by so much, ms, for so long, ms: this machine cannot keep up. */
const BEHIND_MS = 1000;
const BEHIND_FOR_MS = 3000;

export interface ReplicaEvents {
  /** The host's tape has another entry. */
  onEntry(entry: Entry): void;
  onCheckpoint(checkpoint: StoredCheckpoint): void;
  /** The state at a confirmed tick is not the host's. */
  onDiverged(tick: number, hash: string): void;
}

/**
 * A guest's copy of the host's world: follows the host's tape to the bit, and shows one's own actions at once.
 *
 * One simulation runs by the clock, as if nothing would come. It stays exact until something comes late or one acts
 * oneself: then it goes back to a mark, plays what the host has said since, and runs ahead again from there.
 */
export class Replica {
  readonly figures = new Figures();
  tape = new Tape();
  /** This guest's seat: whose hands its own drags are. */
  seat = 0;
  /** How often it had to go back, for the figures. */
  rollbacks = 0;
  private readonly playhead: Playhead;
  /** Index of the next entry to apply. */
  private applied = 0;
  private readonly places: Places;
  /** What is shown holds guesses. */
  private guessed = false;
  /** What is shown is known to be wrong. */
  private stale = false;
  private readonly own: InFlight;
  private begun = false;
  /** How far behind where it should be the picture is, ms. */
  lag = 0;
  private behindSince = Infinity;
  /** Estimate of one step, ms; 0 until one was taken. */
  private stepMs = 0;
  private readonly hashes = new HashLog();

  /** @param clock wall clock, ms */
  constructor(
    readonly sim: Sim,
    private readonly clock: () => number,
    private readonly events: ReplicaEvents,
  ) {
    // Without a way back it follows the host's word alone, and is exact by that.
    const canGuess = sim.isMarkable;
    this.places = new Places(sim, clock);
    this.playhead = new Playhead(!canGuess);
    this.own = new InFlight(canGuess);
  }

  /** Whether the host's world is here. */
  get started(): boolean {
    return this.begun;
  }

  /** Number of the entry expected next. */
  get nextSeq(): number {
    return this.tape.nextSeq;
  }

  /** Own actions that the host has not dealt with, numbered from `first` on. */
  get inFlight(): { readonly first: number; readonly list: readonly Pending[] } {
    return this.own;
  }

  /** Whether this machine has not kept up for seconds. */
  get behind(): boolean {
    return this.clock() - this.behindSince > BEHIND_FOR_MS;
  }

  /** Round trip to the host, ms: own actions are shown where it will stamp them. */
  get roundTrip(): number {
    return this.playhead.roundTrip;
  }

  set roundTrip(ms: number) {
    this.playhead.roundTrip = ms;
  }

  /**
   * Begins with a checkpoint of the host's, or begins again after a repair.
   *
   * @param seq number of the first entry after it
   * @throws SimroomError `tape-invalid` when it does not belong to this model
   */
  start(checkpoint: Uint8Array, seq: number): void {
    const { sim } = this;
    sim.load(checkpoint);
    this.tape = new Tape(seq);
    this.tape.keep(sim.tick, checkpoint);
    this.applied = 0;
    this.guessed = false;
    this.stale = this.own.guesses;
    this.behindSince = Infinity;
    this.hashes.clear();
    this.begun = true;
    this.places.begin(0);
    this.playhead.start(sim.tick, this.clock());
    this.followPace();
    const kept = this.tape.lastCheckpoint;
    if (kept !== undefined) this.events.onCheckpoint(kept);
  }

  /**
   * Hears what the host says: its tape is complete through `tick`.
   *
   * @param acted how many of this guest's actions were dealt with
   * @param entries the last ones, up to `nextSeq - 1`; those known already are passed over
   * @returns false when entries before these are missing
   * @throws SimroomError `tape-invalid` when they do not follow from what was said before
   */
  hear(tick: number, nextSeq: number, acted: number, entries: readonly Entry[]): boolean {
    const { tape } = this;
    if (nextSeq - entries.length > tape.nextSeq) return false;
    for (const entry of entries) if (entry.seq === tape.nextSeq) this.take(entry, tick);
    if (nextSeq >= tape.nextSeq) this.playhead.hear(tick, this.clock());
    if (this.own.settle(acted) && this.guessed) this.stale = true;
    this.confirm();
    return true;
  }

  /** The host's hash at a tick, its first 16 hex digits: compared when that tick is certain here too. */
  expectHash(tick: number, hash: string): void {
    this.hashes.expect(tick, hash);
    this.compareHashes();
  }

  /**
   * Wants something done: shows it at once where that can be guessed, and keeps it until the host has dealt with it.
   *
   * @throws SimroomError `bad-argument` when this model does not take it
   */
  submit(action: Action): void {
    checkAction(this.sim.model, action);
    const { action: decoded, guessed } = this.own.add(action, this.sim.tick);
    if (!guessed) return;
    this.sim.apply(decoded, this.seat);
    this.guessed = true;
    this.playhead.act(this.clock());
  }

  /** Whether there is something to do at once. */
  get hungry(): boolean {
    return this.stale || this.playhead.target(this.clock()) > this.sim.tick || this.unplayed;
  }

  /** Wall ms until the next tick is due. */
  get wait(): number {
    return this.hungry ? 0 : this.playhead.wait(this.sim.tick + 1, this.clock());
  }

  /**
   * Comes up to where the picture should be, for at most `budgetMs` of wall time.
   *
   * @returns whether anything changed
   */
  advance(clock: () => number, budgetMs: number): boolean {
    const { sim, playhead } = this;
    if (!this.begun) return false;
    const begun = clock();
    const { tick } = sim;
    const { applied, stale } = this;
    playhead.turn(begun, this.own.list.length > 0);
    if (this.stale) this.goBack();
    const target = playhead.target(begun);
    if (!this.guessed) {
      const end = this.own.guesses ? Math.min(target, playhead.head) : target;
      const came = this.replay(clock, begun + budgetMs, end);
      if (came && this.own.guesses) this.guess();
    }
    if (this.guessed) this.runAhead(clock, target);
    else this.places.keep(this.applied, playhead.head, clock());
    const now = clock();
    const ticks = Math.max(0, sim.tick - tick);
    this.figures.add(ticks, ticks * sim.timestep, now - begun);
    this.watch(now, target);
    this.figures.roll(now, this.takeLag);
    return stale || sim.tick !== tick || this.applied !== applied;
  }

  /** Hash at a recent certain tick that is a multiple of {@link HASH_TICKS}; null when it is not known. */
  hashAt(tick: number): string | null {
    return tick <= this.playhead.head && !this.stale ? this.hashes.at(tick) : null;
  }

  /** The latest tick whose hash is known and certain, or null. */
  get hashedTick(): number | null {
    return this.stale ? null : this.hashes.latest(this.playhead.head);
  }

  /** Shows nothing but what the host has said: for looking at the confirmed state. */
  settle(): void {
    if (!this.begun) return;
    this.goBack();
    this.replay(this.clock, Infinity, this.playhead.head);
  }

  /**
   * Ends following: the world as the host last said it, and its tape, go on under this browser's own authority. Nobody
   * holds anything any more.
   */
  release(events: AuthorityEvents): Authority {
    this.own.clear();
    this.settle();
    this.dispose();
    const authority = new Authority(this.sim, this.tape, events);
    authority.letGo();
    return authority;
  }

  /** Frees the marks; the simulation is the caller's. */
  dispose(): void {
    this.places.dispose();
  }

  /** Whether entries wait that apply to the tick shown. */
  private get unplayed(): boolean {
    const entry = this.tape.entries[this.applied];
    return entry !== undefined && entry.tick <= this.sim.tick;
  }

  private take(entry: Entry, head: number): void {
    const { tape, sim, places } = this;
    if (entry.tick < tape.lastTick || entry.tick > head || entry.tick < places.certainTick) {
      throw new SimroomError(
        'tape-invalid',
        `Entry ${entry.seq} of the host is stamped with tick ${entry.tick}, which is out of order.`,
      );
    }
    tape.append(entry);
    places.dropBeyond(entry.tick);
    if (this.guessed) this.stale = true;
    else if (entry.tick < sim.tick) {
      this.stale = true;
      this.playhead.late(sim.tick - entry.tick);
    }
    this.events.onEntry(entry);
  }

  private followPace(): void {
    const { sim } = this;
    this.playhead.setPace(sim.isPaused ? 0 : sim.speed / sim.timestep / 1000);
  }

  /**
   * Plays entries and ticks, none of them guessed, up to a tick, or until a wall time.
   *
   * @returns whether it came there
   */
  private replay(clock: () => number, until: number, target: number): boolean {
    const { sim, tape, playhead } = this;
    for (;;) {
      const entry = tape.entries[this.applied];
      if (entry !== undefined && entry.tick <= sim.tick) {
        this.play(entry);
        continue;
      }
      // A paused world steps only when the host has.
      const end = Math.min(sim.isPaused ? playhead.head : target, entry?.tick ?? Infinity);
      if (end <= sim.tick) return true;
      if (clock() >= until) return false;
      this.step(clock, Math.min(end - sim.tick, HASH_TICKS - (sim.tick % HASH_TICKS)));
      if (sim.tick % HASH_TICKS === 0) this.hashes.set(sim.tick, sim.hash());
    }
  }

  private play(entry: Entry): void {
    const { sim, tape } = this;
    this.apply(entry);
    this.followPace();
    const { kind } = entry.action;
    if (kind !== 'checkpoint' && kind !== 'restore') return;
    if (this.applied <= (tape.lastCheckpoint?.index ?? 0)) return;
    tape.keep(sim.tick, sim.save(), this.applied);
    const kept = tape.lastCheckpoint;
    if (kept !== undefined) this.events.onCheckpoint(kept);
  }

  private apply(entry: Entry): void {
    this.applied++;
    try {
      this.sim.apply(entry.action, entry.seat);
    } catch (thrown) {
      if (!(thrown instanceof SimroomError)) throw thrown;
      // The host's world took it: this one is not the host's, unless it was guessed.
      if (!this.guessed) this.events.onDiverged(this.sim.tick, this.sim.hash());
    }
  }

  /** Applies what the host has not dealt with yet, where it was made or as soon after as can be. */
  private guess(): void {
    const { sim } = this;
    this.places.keep(this.applied, this.playhead.head, Infinity);
    this.guessed = true;
    for (const { action, guessed, tick } of this.own.list) {
      if (!guessed) continue;
      this.runAhead(this.clock, tick);
      try {
        sim.apply(action, this.seat);
      } catch (thrown) {
        // The world has changed under it: the host will refuse it too.
        if (!(thrown instanceof SimroomError)) throw thrown;
      }
    }
  }

  /** Goes on from guesses, with the host's entries where they fall. */
  private runAhead(clock: () => number, target: number): void {
    const { sim, tape } = this;
    const until = clock() + GUESS_MS;
    for (;;) {
      const entry = tape.entries[this.applied];
      if (entry !== undefined && entry.tick <= sim.tick) {
        this.apply(entry);
        continue;
      }
      const end = Math.min(sim.isPaused ? this.playhead.head : target, entry?.tick ?? Infinity);
      const left = end - sim.tick;
      if (left <= 0 || clock() >= until) return;
      this.step(clock, left);
    }
  }

  /** At most so many steps, and not more than fit between two looks at the clock. */
  private step(clock: () => number, most: number): void {
    const affordable = this.stepMs === 0 ? 1 : Math.max(1, Math.floor(CHUNK_MS / this.stepMs));
    const count = Math.min(most, affordable);
    const before = clock();
    this.sim.step(count);
    const each = (clock() - before) / count;
    this.stepMs = this.stepMs === 0 ? each : 0.9 * this.stepMs + 0.1 * each;
  }

  private goBack(): void {
    const applied = this.places.back();
    if (applied === null) return;
    this.applied = applied;
    this.rollbacks++;
    this.guessed = false;
    this.stale = false;
    this.hashes.dropAfter(this.sim.tick);
    this.followPace();
  }

  private confirm(): void {
    this.places.confirm(this.playhead.head);
    this.compareHashes();
  }

  private readonly takeLag = (): boolean => this.behindSince !== Infinity;

  private compareHashes(): void {
    if (this.stale) return;
    const tick = this.hashes.compare(Math.min(this.playhead.head, this.sim.tick));
    if (tick !== null) this.events.onDiverged(tick, this.hashes.at(tick) ?? '');
  }

  private watch(now: number, target: number): void {
    const { rate } = this.playhead;
    this.lag = rate > 0 ? (target - this.sim.tick) / rate : 0;
    if (this.lag < BEHIND_MS) this.behindSince = Infinity;
    else if (this.behindSince === Infinity) this.behindSince = now;
  }
}
