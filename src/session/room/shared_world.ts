import { ByteWriter } from '../../core/bytes';
import type { CtlOf, Manifest } from '../../protocol/ctl';
import { type Entry, encodeEntries, encodeEntry } from '../../tape/tape';
import type { Authority } from '../world/authority';

/** Entries travel on `ctl` in messages of about this size at most, bytes; one entry is never cut. */
const ENTRIES_BYTES = 4 << 20;

/** A world as its host gives it to guests: who has authority over it, what it is made of, and its tape. */
export class SharedWorld {
  /** Number of the first entry that somebody may need: guests begin later than this. */
  private readonly firstSeq: number;
  /** Most bytes that each entry since takes on the wire. */
  private readonly sizes: number[] = [];
  private readonly writer = new ByteWriter();

  constructor(
    readonly authority: Authority,
    readonly manifest: Manifest,
  ) {
    this.firstSeq = authority.tape.nextSeq;
  }

  /** Its number in the room. */
  get number(): number {
    return this.manifest.world;
  }

  /** Number of the next entry. */
  get nextSeq(): number {
    return this.authority.tape.nextSeq;
  }

  /** Index of an entry in the tape. */
  index(seq: number): number {
    return seq - this.authority.tape.firstSeq;
  }

  /** The authority has made an entry. */
  entered(entry: Entry): void {
    const { writer } = this;
    writer.clear();
    encodeEntry(writer, entry, 0);
    this.sizes[entry.seq - this.firstSeq] = writer.length;
  }

  /** Whether the entries from `seq` on take no more than so many bytes. */
  fits(seq: number, bytes: number): boolean {
    let left = bytes;
    for (let i = seq - this.firstSeq; i < this.sizes.length; i++) {
      left -= this.sizes[i] ?? 0;
      if (left < 0) return false;
    }
    return true;
  }

  /** The entries from `seq` on, for `ctl`. */
  messages(seq: number): CtlOf<'entries'>[] {
    const { entries } = this.authority.tape;
    const messages: CtlOf<'entries'>[] = [];
    let from = seq;
    let bytes = 0;
    for (let next = seq; next < this.nextSeq; next++) {
      bytes += this.sizes[next - this.firstSeq] ?? 0;
      if (bytes < ENTRIES_BYTES && next + 1 < this.nextSeq) continue;
      const some = entries.slice(this.index(from), this.index(next + 1));
      const fromTick = some[0]?.tick ?? 0;
      messages.push({
        kind: 'entries',
        world: this.number,
        seq: from,
        fromTick,
        bytes: encodeEntries(some, fromTick),
      });
      from = next + 1;
      bytes = 0;
    }
    return messages;
  }
}
