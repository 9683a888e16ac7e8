import { ByteReader, ByteWriter } from '../../core/bytes';
import { SimroomError } from '../../core/errors';
import type { Instability } from '../../sim/warnings';
import type { Sim } from '../../sim/sim';
import type { Action } from '../../tape/action';
import { decodeAction, encodeAction } from '../../tape/codec';
import { type Entry, type StoredCheckpoint, Tape } from '../../tape/tape';
import { Figures } from './figures';
import { HASH_TICKS, HashLog } from './hash_log';
import { Pacer } from './pacer';
import { replay } from './replay';

/** A checkpoint at least so often, in ticks: what a late joiner or a seek has to re-simulate at most. */
const CHECKPOINT_TICKS = 1024;
/** And at least after so much computing, ms: a seek takes no longer than this, on slow models too. */
const CHECKPOINT_COST_MS = 250;
/** But not more often than this, in ticks. */
const CHECKPOINT_MIN_TICKS = 16;

/** Steps between looks at the clock, ms: short, so that a hand is answered soon. */
const CHUNK_MS = 2;

/** A number went bad at `tick`, `time` s; `good` is a tick some time before it. */
export interface UnstableEvent extends Instability {
  readonly tick: number;
  readonly time: number;
  readonly good: number;
}

/** Simulated seconds before the first bad number that a "go back" aims at: just before it, the state is lost already. */
const GOOD_BEFORE_SECONDS = 0.25;

export interface AuthorityEvents {
  onEntry(entry: Entry): void;
  onCheckpoint(checkpoint: StoredCheckpoint): void;
  onUnstable(event: UnstableEvent): void;
}

/**
 * The authority over one world: stamps what people want, puts it on the tape, applies it, and keeps time.
 */
export class Authority {
  readonly figures = new Figures();
  private readonly pacer = new Pacer();
  private readonly hashes = new HashLog();
  private readonly writer = new ByteWriter();
  private costMs = 0;
  /** Estimate of one step, ms, for choosing chunks; 0 until one was taken. */
  private stepMs = 0;

  /** @param tape an empty tape for a fresh world, or the one that led to `sim`'s state */
  constructor(
    readonly sim: Sim,
    readonly tape: Tape,
    private readonly events: AuthorityEvents,
  ) {
    if (tape.origin === undefined) this.keepCheckpoint();
  }

  /**
   * Accepts an action at the present tick.
   *
   * @throws SimroomError `bad-argument` when the world does not take it
   */
  submit(action: Action, seat = 0): void {
    const { sim, writer } = this;
    writer.clear();
    encodeAction(writer, action);
    const decoded = decodeAction(new ByteReader(writer.finish()));
    if (decoded === null)
      throw new SimroomError('bad-argument', `The action ${action.kind} cannot be encoded.`);
    sim.apply(decoded, seat);
    const entry: Entry = { tick: sim.tick, seat, seq: this.tape.nextSeq, action: decoded };
    this.tape.append(entry);
    this.events.onEntry(entry);
    if (decoded.kind === 'checkpoint' || decoded.kind === 'restore') this.keepCheckpoint();
    if (decoded.kind === 'pause' || decoded.kind === 'speed') this.pacer.stop();
  }

  /** Lets go of whatever a seat holds, or of everything: those who held it are gone. */
  letGo(seat: number | null = null): void {
    for (const held of this.sim.drags.held()) {
      if (seat === null || held.seat === seat) this.submit({ kind: 'release', hand: held.hand }, held.seat);
    }
  }

  /** Whether ticks are owed at once: by a step action, or because the speed is unbounded. */
  get hungry(): boolean {
    return this.sim.isPaused ? this.sim.owed > 0 : this.sim.speed === Infinity;
  }

  /** Wall ms until the next tick is owed, or Infinity while paused. */
  get wait(): number {
    if (this.hungry) return 0;
    return this.sim.isPaused ? Infinity : this.pacer.wait(this.sim.speed, this.sim.timestep);
  }

  /**
   * Does the ticks owed by now, for at most `budgetMs` of wall time.
   *
   * @param clock wall clock, ms
   * @returns whether anything was stepped
   */
  advance(clock: () => number, budgetMs: number): boolean {
    const { sim, pacer } = this;
    const start = clock();
    let now = start;
    let stepped = false;
    let paced = !sim.isPaused && sim.speed !== Infinity;
    let owed = this.owed(now);
    while (owed > 0 && (!stepped || now - start < budgetMs)) {
      const count = this.chunk(owed);
      sim.step(count);
      stepped = true;
      owed -= count;
      const after = clock();
      const ms = after - now;
      now = after;
      this.stepMs = this.stepMs === 0 ? ms / count : 0.9 * this.stepMs + (0.1 * ms) / count;
      this.costMs += ms;
      this.figures.add(count, count * sim.timestep, ms);
      if (paced) pacer.done(count, sim.timestep);
      const bad = sim.instability();
      if (bad !== null) {
        this.halt(bad, count);
        paced = false;
        break;
      }
      if (sim.tick % HASH_TICKS === 0) this.hashes.set(sim.tick, sim.hash());
      if (this.checkpointDue()) this.submit({ kind: 'checkpoint' });
    }
    this.figures.roll(now, () => pacer.takeLag());
    return stepped;
  }

  /** Hash at a recent tick: the present one, or a multiple of {@link HASH_TICKS}; null when it is not known. */
  hashAt(tick: number): string | null {
    return tick === this.sim.tick ? this.sim.hash() : this.hashes.at(tick);
  }

  /** The latest tick that is a multiple of {@link HASH_TICKS} and whose hash is known, or null. */
  get hashedTick(): number | null {
    return this.hashes.latest();
  }

  /**
   * Makes the state at a tick of the history the present one; the tape goes on, so this too can be taken back.
   *
   * @throws SimroomError `history-gone` when the tape does not hold that tick
   */
  rewind(target: number): void {
    const { sim, tape } = this;
    const checkpoint = target <= sim.tick ? tape.before(target) : undefined;
    if (checkpoint === undefined) {
      throw new SimroomError(
        'history-gone',
        `Tick ${target} is not in the history, which holds ${tape.origin?.tick ?? 0} to ${sim.tick}.`,
      );
    }
    const there = this.visit(checkpoint, () => {
      replay(sim, tape.entries, checkpoint.index, target);
      return sim.save();
    });
    this.submit({ kind: 'pause', paused: true });
    this.submit({ kind: 'restore', from: target, checkpoint: there });
  }

  /** Goes so many ticks through history, pausing; forward beyond its end it steps. */
  scrub(ticks: number): void {
    const { sim } = this;
    if (!sim.isPaused) this.submit({ kind: 'pause', paused: true });
    const { from, at } = sim.rewound;
    const since = sim.tick - at;
    if (since + ticks >= 0 && ticks < 0) this.rewind(sim.tick + ticks);
    else if (ticks > 0 && (since > 0 || from + ticks > at)) this.submit({ kind: 'step', ticks });
    else this.rewind(Math.max(this.tape.origin?.tick ?? 0, from + since + ticks));
  }

  private owed(now: number): number {
    const { sim } = this;
    if (sim.isPaused) return sim.owed;
    return sim.speed === Infinity ? Infinity : this.pacer.owed(now, sim.speed, sim.timestep);
  }

  /** Ticks until the next look at the clock, ending where a hash is due. */
  private chunk(owed: number): number {
    const affordable = this.stepMs === 0 ? 1 : Math.max(1, Math.floor(CHUNK_MS / this.stepMs));
    return Math.min(owed, affordable, HASH_TICKS - (this.sim.tick % HASH_TICKS));
  }

  private checkpointDue(): boolean {
    const since = this.sim.tick - (this.tape.lastCheckpoint?.tick ?? 0);
    return since >= CHECKPOINT_TICKS || (this.costMs >= CHECKPOINT_COST_MS && since >= CHECKPOINT_MIN_TICKS);
  }

  private keepCheckpoint(): void {
    this.costMs = 0;
    this.tape.keep(this.sim.tick, this.sim.save());
    const kept = this.tape.lastCheckpoint;
    if (kept !== undefined) this.events.onCheckpoint(kept);
  }

  /** Goes to a checkpoint, lets `look` read there, and comes back. */
  private visit<T>(checkpoint: StoredCheckpoint, look: () => T): T {
    const { sim } = this;
    const present = sim.save();
    try {
      sim.load(checkpoint.bytes);
      return look();
    } finally {
      sim.load(present);
      // Coming back was a canonical reload here; the checkpoint makes it one on every replica.
      this.submit({ kind: 'checkpoint' });
    }
  }

  /** Pauses after a bad number and finds out when it came. */
  private halt(bad: Instability, ticksInChunk: number): void {
    const { sim, tape } = this;
    this.submit({ kind: 'pause', paused: true });
    const end = sim.tick;
    const checkpoint = tape.before(end - ticksInChunk);
    if (checkpoint === undefined) return;
    const entries = tape.entries.slice();
    const found = this.visit(checkpoint, () => {
      replay(sim, entries, checkpoint.index, end - ticksInChunk);
      let time = sim.data.time;
      while (sim.tick < end && sim.instability() === null) {
        time = sim.data.time;
        sim.step(1);
      }
      return { tick: sim.tick, time };
    });
    const good = Math.max(
      tape.origin?.tick ?? 0,
      found.tick - Math.max(1, Math.ceil(GOOD_BEFORE_SECONDS / sim.timestep)),
    );
    this.events.onUnstable({ ...bad, ...found, good });
  }
}
