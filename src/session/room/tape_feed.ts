import type { CtlMessage } from '../../protocol/ctl';
import { MAX_RT_BYTES } from '../../protocol/limits';
import type { RtWriter } from '../../protocol/rt';
import type { BulkSender } from '../link/bulk_sender';
import { SPACING_MS, SendWindow } from '../link/send_window';
import type { SharedWorld } from './shared_world';

/** The head of the tape is told at least so often, ms: while running, and while paused. */
const RUNNING_HEARTBEAT_MS = 100;
const PAUSED_HEARTBEAT_MS = 200;
/** A state hash at most so often, ms. */
const HASH_MS = 1000;
/** Bytes of a datagram kept for what is not entries: the section's head, hash, ping and pong, people. */
const RESERVED_BYTES = 200;

/** Gives one guest the world and its tape. */
export class TapeFeed {
  /** Actions of this guest in this world that were dealt with, taken or not. */
  acted = 0;
  private world: SharedWorld | null = null;
  private phase: 'absent' | 'starting' | 'running' = 'absent';
  private readonly window = new SendWindow();
  /** The transfer the guest begins with. */
  private transfer: number | null = null;
  private startSeq = 0;
  private toldActed = 0;
  private toldAt = -Infinity;
  private hashedAt = -Infinity;

  constructor(
    private readonly send: (message: CtlMessage) => void,
    private readonly sender: BulkSender,
    private readonly out: RtWriter,
  ) {}

  /** Whether the guest has been told to begin in this world. */
  isIn(world: SharedWorld): boolean {
    return this.world === world && this.phase !== 'absent';
  }

  /**
   * Lets the guest begin with the world as it is, or begin again.
   *
   * @param exact whether it has to hold the same bits from there on: everybody then reloads the checkpoint
   */
  start(world: SharedWorld, exact = true): void {
    const { authority } = world;
    if (exact) authority.submit({ kind: 'checkpoint' });
    const bytes = (exact ? authority.tape.lastCheckpoint?.bytes : undefined) ?? authority.sim.save();
    if (this.world !== world) {
      this.acted = 0;
      this.toldActed = 0;
    }
    this.world = world;
    this.phase = 'starting';
    this.startSeq = world.nextSeq;
    this.window.restart(this.startSeq);
    if (this.transfer !== null) this.sender.cancel(this.transfer);
    const content = new Uint8Array(bytes);
    this.transfer = this.sender.begin(content, true);
    this.send({
      kind: 'start',
      world: world.number,
      seq: this.startSeq,
      transfer: this.transfer,
      size: content.length,
    });
  }

  /** The room has another world: nothing is said of this one any more. */
  stop(): void {
    this.phase = 'absent';
    this.world = null;
    if (this.transfer !== null) this.sender.cancel(this.transfer);
    this.transfer = null;
  }

  /**
   * The guest expects this entry next.
   *
   * @returns false when there is no such entry yet
   */
  expects(nextSeq: number, now: number): boolean {
    const { world } = this;
    if (world === null || this.phase === 'absent') return true;
    if (nextSeq > world.nextSeq) return false;
    if (this.phase === 'starting') {
      if (nextSeq < this.startSeq) return true;
      this.phase = 'running';
    }
    this.window.acknowledge(nextSeq, now);
    return true;
  }

  /** The guest misses entries from this one on. */
  missing(seq: number, now: number): void {
    // What lies before the window has gone out on `ctl`, and will come.
    if (this.phase !== 'running' || seq < this.window.acked) return;
    this.window.lost(now);
    this.sendReliably(now);
  }

  /** When something has to be sent, wall ms. */
  due(now: number, timeout: number): number {
    const { world } = this;
    if (world === null || this.phase !== 'running') return Infinity;
    const every = world.authority.sim.isPaused ? PAUSED_HEARTBEAT_MS : RUNNING_HEARTBEAT_MS;
    const answer = this.acted > this.toldActed ? this.toldAt + SPACING_MS : this.toldAt + every;
    return Math.min(answer, this.window.due(world.nextSeq, timeout, now));
  }

  /** Adds the head of the tape and what the guest does not have of it to the datagram being written. */
  write(now: number, timeout: number): void {
    const { world, out } = this;
    if (world === null || this.phase !== 'running') return;
    const end = world.nextSeq;
    let from = this.window.from(end, timeout, now);
    if (from < end && !world.fits(from, MAX_RT_BYTES - RESERVED_BYTES)) {
      this.sendReliably(now);
      from = end;
    }
    if (from < end) this.window.note(from, end, now);
    const { authority } = world;
    const { tick } = authority.sim;
    const { entries } = authority.tape;
    out.tape(world.number, tick, end, this.acted, entries, world.index(from), world.index(end));
    this.toldAt = now;
    this.toldActed = this.acted;
    const hashed = authority.hashedTick;
    // At the present tick entries may already have changed the state.
    if (now < this.hashedAt + HASH_MS || hashed === null || hashed >= tick) return;
    out.hash(world.number, hashed, authority.hashAt(hashed) ?? '');
    this.hashedAt = now;
  }

  /** Everything that the guest has not acknowledged, on `ctl`: each such message begins where the last one ended. */
  private sendReliably(now: number): void {
    const { world } = this;
    if (world === null) return;
    for (const message of world.messages(this.window.acked)) this.send(message);
    this.window.acknowledge(world.nextSeq, now);
  }
}
