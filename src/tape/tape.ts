import { ByteReader, ByteWriter } from '../core/bytes';
import type { Action } from './action';
import { decodeAction, encodeAction } from './codec';

/** An action the host accepted: when, from whom, and in which order. */
export interface Entry {
  /** Applies after this many ticks, before the next. */
  readonly tick: number;
  /** Participant it came from; 0 is the host's own. */
  readonly seat: number;
  /** Grows by one per entry. */
  readonly seq: number;
  readonly action: Action;
}

/** A checkpoint kept for seeking: the world as it was when `entries[0..index)` had been applied. */
export interface StoredCheckpoint {
  readonly index: number;
  readonly tick: number;
  readonly bytes: Uint8Array;
}

/**
 * Bytes of checkpoints kept for seeking. Past it every other one of the older half goes: seeking there takes longer,
 * nothing is lost, because the entries stay.
 */
const MAX_CHECKPOINT_BYTES = 48 << 20;

/** Appends an entry; ticks are stored as differences. */
export function encodeEntry(out: ByteWriter, entry: Entry, previousTick: number): void {
  out.varint(entry.tick - previousTick);
  out.varint(entry.seat);
  encodeAction(out, entry.action);
}

/** What was done, and at which tick: whoever plays the same tape holds the same bits. */
export class Tape {
  readonly entries: Entry[] = [];
  private checkpoints: StoredCheckpoint[] = [];
  private checkpointBytes = 0;

  /** @param firstSeq number of the first entry: a guest's tape begins where it came in */
  constructor(readonly firstSeq = 0) {}

  /** Sequence number of the next entry. */
  get nextSeq(): number {
    return this.firstSeq + this.entries.length;
  }

  get lastTick(): number {
    return this.entries.at(-1)?.tick ?? 0;
  }

  append(entry: Entry): void {
    this.entries.push(entry);
  }

  /** Keeps a checkpoint of the world as it is after `entries[0..index)`: all so far, unless said otherwise. */
  keep(tick: number, bytes: Uint8Array, index = this.entries.length): void {
    this.checkpoints.push({ index, tick, bytes });
    this.checkpointBytes += bytes.length;
    if (this.checkpointBytes > MAX_CHECKPOINT_BYTES) this.thin();
  }

  get lastCheckpoint(): StoredCheckpoint | undefined {
    return this.checkpoints.at(-1);
  }

  /**
   * The latest checkpoint from which a tick can be reached as it was before the entries stamped with it, or undefined
   * when the tape does not reach so far back.
   */
  before(tick: number): StoredCheckpoint | undefined {
    const earlier = this.checkpoints.findLast((checkpoint) => checkpoint.tick < tick);
    return earlier ?? (this.origin?.tick === tick ? this.origin : undefined);
  }

  /** The first checkpoint: where a replay starts. */
  get origin(): StoredCheckpoint | undefined {
    return this.checkpoints[0];
  }

  private thin(): void {
    const half = this.checkpoints.length >> 1;
    this.checkpoints = this.checkpoints.filter((_, i) => i === 0 || i >= half || i % 2 === 1);
    this.checkpointBytes = this.checkpoints.reduce((sum, checkpoint) => sum + checkpoint.bytes.length, 0);
  }
}

/** Entries as bytes, in order, ticks as differences from `fromTick`. */
export function encodeEntries(entries: readonly Entry[], fromTick = 0): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  let tick = fromTick;
  for (const entry of entries) {
    encodeEntry(out, entry, tick);
    tick = entry.tick;
  }
  return out.finish();
}

/** The inverse of {@link encodeEntries}; null when the bytes are not whole entries. Sequence numbers start at `seq`. */
export function decodeEntries(bytes: Uint8Array, fromTick = 0, seq = 0): Entry[] | null {
  const input = new ByteReader(bytes);
  const entries: Entry[] = [];
  let tick = fromTick;
  while (input.remaining > 0) {
    tick += input.varint();
    const seat = input.varint();
    const action = decodeAction(input);
    if (action === null) return null;
    entries.push({ tick, seat, seq: seq + entries.length, action });
  }
  return entries;
}
