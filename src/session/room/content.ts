import type { CtlMessage, CtlOf } from '../../protocol/ctl';
import { fromHex, toHex } from '../../core/encoding';
import { MAX_MODEL_BYTES, MAX_PEOPLE } from '../../protocol/limits';
import type { BulkReceiver } from '../link/bulk_receiver';
import type { BulkSender } from '../link/bulk_sender';
import { TokenBucket } from '../link/rates';

/** Content offered at a time: the running world's files, and those of a few that may come back; pinned ones besides. */
const MAX_PROVIDED = 4;
/** What somebody wants of us, per second, after a burst: the heads of a full room, and its world. */
const WANTS_PER_SECOND = 1;
const WANTS_BURST = MAX_PEOPLE + 8;
/** What can wait is asked for so much at a time: the other side sends no more than that at once, and a world. */
const MAX_PATIENT = 2;
/** A transfer that does not move for so long will not, ms. */
const STUCK_MS = 30_000;

/** What this browser has for others, by SHA-256, hex. */
export class ContentStore {
  private readonly byHash = new Map<string, Uint8Array<ArrayBuffer>>();
  private pinned: ReadonlySet<string> = new Set();

  provide(hash: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.byHash.delete(hash);
    this.byHash.set(hash, bytes);
    this.tidy();
  }

  /** These stay for as long as they are among these. */
  pin(hashes: Iterable<string>): void {
    this.pinned = new Set(hashes);
    this.tidy();
  }

  private tidy(): void {
    const loose = [...this.byHash.keys()].filter((hash) => !this.pinned.has(hash));
    for (const oldest of loose.slice(0, Math.max(0, loose.length - MAX_PROVIDED))) this.byHash.delete(oldest);
  }

  get(hash: string): Uint8Array<ArrayBuffer> | undefined {
    return this.byHash.get(hash);
  }
}

export interface ContentEvents {
  onContent(hash: string, bytes: Uint8Array<ArrayBuffer>): void;
  onLacking(hash: string): void;
  onProgress(hash: string, received: number, size: number): void;
}

/** Bytes to their SHA-256. */
export type Digest = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

export const sha256: Digest = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

interface Wanted {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it must be, or null when the other side says. */
  readonly size: number | null;
  /** Null until the other side has announced it. */
  transfer: number | null;
  /** Infinity until it is asked for. */
  movedAt: number;
  readonly patient: boolean;
}

/** Content by its SHA-256 over one connection, both ways. */
export class ContentExchange {
  private readonly wanted = new Map<string, Wanted>();
  private readonly patience = new TokenBucket(WANTS_PER_SECOND, WANTS_BURST);
  /** Transfers of ours, by hash. */
  private readonly serving = new Map<string, number>();

  constructor(
    private readonly send: (message: CtlMessage) => void,
    private readonly sender: BulkSender,
    private readonly receiver: BulkReceiver,
    private readonly store: ContentStore,
    private readonly clock: () => number,
    private readonly digest: Digest,
    private readonly events: ContentEvents,
  ) {}

  /**
   * Asks the other side.
   *
   * @param size what it must be, bytes; null when the other side says
   * @param patient whether it can wait while others of its kind come in
   */
  want(hash: string, size: number | null = null, patient = false): void {
    const bytes = fromHex(hash);
    if (bytes === null || this.wanted.has(hash)) return;
    this.wanted.set(hash, { bytes, size, transfer: null, movedAt: Infinity, patient });
    this.ask();
  }

  /** Whether something is on its way, or will be. */
  wants(hash: string): boolean {
    return this.wanted.has(hash);
  }

  /** Wants some things no more. */
  drop(isDropped: (hash: string) => boolean): void {
    for (const hash of this.wanted.keys()) if (isDropped(hash)) this.fail(hash);
  }

  /** The other side wants something. */
  onWant({ hash: bytes }: CtlOf<'want'>): void {
    const hash = toHex(bytes);
    const content = this.store.get(hash);
    const earlier = this.serving.get(hash);
    if (earlier !== undefined) this.sender.cancel(earlier);
    if (content === undefined || this.sender.isFull || !this.patience.take(this.clock())) {
      this.send({ kind: 'lacking', hash: bytes });
      return;
    }
    const transfer = this.sender.begin(content, false);
    this.serving.set(hash, transfer);
    this.send({ kind: 'content', hash: bytes, transfer, size: content.length });
  }

  /**
   * The other side is about to send something.
   *
   * @returns false when it must not: it is too large, or not what was asked for
   */
  onContent({ hash: bytes, transfer, size }: CtlOf<'content'>): boolean {
    const hash = toHex(bytes);
    const wanted = this.wanted.get(hash);
    if (wanted === undefined) {
      // It may have stopped being wanted while this was on its way.
      this.receiver.cancel(transfer);
      return true;
    }
    // Asked for, given up, and asked for again: the other side has begun again too.
    if (wanted.transfer !== null) this.receiver.cancel(wanted.transfer);
    if (size === 0 || size > MAX_MODEL_BYTES || (wanted.size !== null && size !== wanted.size)) {
      this.receiver.cancel(transfer);
      this.fail(hash);
      return false;
    }
    wanted.transfer = transfer;
    this.receiver.expect(transfer, size, {
      onProgress: (received) => {
        wanted.movedAt = this.clock();
        this.events.onProgress(hash, received, size);
      },
      onWhole: (content) => {
        void this.check(hash, wanted, content);
      },
      onCancel: () => this.fail(hash),
    });
    return true;
  }

  /** The other side does not have it. */
  onLacking({ hash }: CtlOf<'lacking'>): void {
    this.fail(toHex(hash));
  }

  /** Gives up what does not move. */
  flush(now: number): void {
    for (const [hash, { movedAt }] of this.wanted) if (now - movedAt > STUCK_MS) this.fail(hash);
  }

  /** The connection has ended. */
  end(): void {
    for (const hash of this.wanted.keys()) this.fail(hash);
  }

  /** Asks for what has not been asked for and need not wait. */
  private ask(): void {
    let coming = 0;
    for (const { patient, movedAt } of this.wanted.values()) if (patient && movedAt !== Infinity) coming++;
    for (const wanted of this.wanted.values()) {
      if (wanted.movedAt !== Infinity || (wanted.patient && coming++ >= MAX_PATIENT)) continue;
      wanted.movedAt = this.clock();
      this.send({ kind: 'want', hash: wanted.bytes });
    }
  }

  private async check(hash: string, wanted: Wanted, content: Uint8Array<ArrayBuffer>): Promise<void> {
    const isRight = toHex(await this.digest(content)) === hash;
    if (this.wanted.get(hash) !== wanted) return;
    this.wanted.delete(hash);
    this.ask();
    if (isRight) this.events.onContent(hash, content);
    else this.events.onLacking(hash);
  }

  private fail(hash: string): void {
    const wanted = this.wanted.get(hash);
    if (wanted === undefined) return;
    this.wanted.delete(hash);
    if (wanted.transfer !== null) this.receiver.cancel(wanted.transfer);
    this.events.onLacking(hash);
    this.ask();
  }
}
