import { decodeEntries, encodeEntries } from '../tape/tape';
import type { Backup, Resume } from '../session/engine_messages';

/** What brings a world back: kept by the page because the worker may die. */
export class Mirror {
  private readonly chunks: Uint8Array[] = [];
  private bytes = 0;
  private checkpoint: Resume['checkpoint'] | null = null;

  take(backup: Backup): void {
    switch (backup.kind) {
      case 'tape':
        this.chunks.length = 0;
        this.bytes = 0;
        this.checkpoint = null;
        this.append(backup.entries);
        break;
      case 'entries':
        this.append(backup.bytes);
        break;
      case 'checkpoint': {
        const { index, tick, bytes } = backup;
        this.checkpoint = { index, tick, bytes };
        break;
      }
    }
  }

  /** The world at a tick, or at its last checkpoint. */
  resume(tick: number, fromCheckpoint: boolean): Resume | null {
    const { checkpoint } = this;
    if (checkpoint === null) return null;
    const all = new Uint8Array(this.bytes);
    let at = 0;
    for (const chunk of this.chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    if (!fromCheckpoint) return { entries: all, checkpoint, tick };
    const before = (decodeEntries(all) ?? []).slice(0, checkpoint.index);
    return { entries: encodeEntries(before), checkpoint, tick: checkpoint.tick };
  }

  private append(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.bytes += bytes.length;
  }
}
