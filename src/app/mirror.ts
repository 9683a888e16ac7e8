import type { Backup, Resume } from '../session/engine';

/** What brings a world back: kept by the page because the worker may die. */
export class Mirror {
  private readonly chunks: Uint8Array[] = [];
  private bytes = 0;
  private checkpoint: (Resume['checkpoint'] & { readonly entryBytes: number }) | null = null;

  take(backup: Backup): void {
    if (backup.kind === 'entries') {
      this.chunks.push(backup.bytes);
      this.bytes += backup.bytes.length;
    } else {
      const { index, tick, bytes } = backup;
      this.checkpoint = { index, tick, bytes, entryBytes: this.bytes };
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
    return fromCheckpoint
      ? { entries: all.slice(0, checkpoint.entryBytes), checkpoint, tick: checkpoint.tick }
      : { entries: all, checkpoint, tick };
  }
}
