import { ByteWriter } from '../../core/bytes';
import { type Entry, type StoredCheckpoint, type Tape, encodeEntries, encodeEntry } from '../../tape/tape';
import type { Backup } from '../engine_messages';

/** Collects, turn by turn, what the page keeps of a world. */
export class Backups {
  private waiting: Backup[] = [];
  private readonly entries = new ByteWriter();
  private entriesTick = 0;

  /** Begins anew with a tape as it is; its checkpoints are told of by {@link checkpoint}. */
  restart(tape: Tape): void {
    this.entries.clear();
    this.waiting = [{ kind: 'tape', entries: encodeEntries(tape.entries) }];
    this.entriesTick = tape.lastTick;
    const kept = tape.lastCheckpoint;
    if (kept !== undefined) this.checkpoint(kept);
  }

  /** Goes on after a tape that the page has. */
  follow(tape: Tape): void {
    this.entries.clear();
    this.waiting = [];
    this.entriesTick = tape.lastTick;
  }

  entry(entry: Entry): void {
    encodeEntry(this.entries, entry, this.entriesTick);
    this.entriesTick = entry.tick;
  }

  checkpoint(kept: StoredCheckpoint): void {
    this.close();
    this.waiting.push({ kind: 'checkpoint', index: kept.index, tick: kept.tick, bytes: kept.bytes });
  }

  /** What has come since the last call; null when nothing has. */
  take(): readonly Backup[] | null {
    this.close();
    const { waiting } = this;
    if (waiting.length === 0) return null;
    this.waiting = [];
    return waiting;
  }

  private close(): void {
    if (this.entries.length === 0) return;
    this.waiting.push({ kind: 'entries', bytes: this.entries.finish() });
    this.entries.clear();
  }
}
