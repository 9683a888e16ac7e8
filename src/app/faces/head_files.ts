import { SimroomError } from '../../core/errors';
import { MAX_HEAD_FILE_BYTES } from '../../protocol/limits';
import type { RoomEvent } from '../../session/room_messages';
import type { GlbKind } from '../../view/glb_head';
import { BundleCache } from '../room/bundle_cache';
import { sha256Hex } from '../room/digest';
import { type BuiltHead, buildHeadFile } from './build_head';
import { wordsOf } from './sources';

/** Heads that are kept in the browser, bytes: a few large ones. */
const KEPT_BYTES = 4 * MAX_HEAD_FILE_BYTES;

/** Heads that nobody wears any more stay built for who puts them on again, the newest; each takes up to 90 MB. */
const SPARE_HEADS = 2;

/** How files go from browser to browser. */
export interface FileExchange {
  want(hash: string): Promise<void>;
  provide(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** A file that was taken for one's own head. */
export interface TakenFile {
  /** SHA-256, hex. */
  readonly hash: string;
  readonly size: number;
  /** What is in it, for people. */
  readonly words: string;
}

/**
 * People's own heads, by the SHA-256 of their files: checked whenever they are used, wherever they come from. What is
 * not here yet, or no head, is null, and the head of a style is shown.
 */
export class HeadFiles {
  private readonly cache = new BundleCache(KEPT_BYTES, 'simroom-heads');
  private readonly built = new Map<string, BuiltHead>();
  /** Those that are looked for, are being built, or were no heads. */
  private readonly seen = new Set<string>();
  /** Those that were asked for in the room. */
  private readonly wanted = new Set<string>();
  /** One's own, for the room. */
  private own: { readonly hash: string; readonly bytes: Uint8Array<ArrayBuffer> } | null = null;
  private disposed = false;

  /**
   * @param arrived a head can be shown now
   * @param bad somebody's file cannot be shown
   */
  constructor(
    private readonly exchange: FileExchange,
    private readonly arrived: () => void,
    private readonly bad: (hash: string, why: string) => void,
    private readonly build: (bytes: Uint8Array<ArrayBuffer>) => Promise<BuiltHead> = buildHeadFile,
  ) {}

  get(hash: string): GlbKind | null {
    return this.built.get(hash)?.kind ?? null;
  }

  /**
   * Takes a file for one's own head, and keeps it.
   *
   * @throws SimroomError what is wrong with it, as `src/face/glb` has it; `file-too-large`
   */
  async take(file: Blob): Promise<TakenFile> {
    const size = file.size;
    if (size > MAX_HEAD_FILE_BYTES) throw tooLarge(size);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const [head, hash] = await Promise.all([this.build(bytes), sha256Hex(bytes)]);
    this.own = { hash, bytes };
    this.keep(hash, head);
    await this.cache.put(hash, bytes);
    return { hash, size, words: head.words };
  }

  /** One's own file from the last time. @returns its bytes, or null when it is not here any more */
  async restore(hash: string): Promise<number | null> {
    const bytes = await this.cache.get(hash);
    if (bytes === null) return null;
    try {
      this.keep(hash, await this.build(bytes));
    } catch {
      // An older version of the app took it, and this one does not.
      return null;
    }
    this.own = { hash, bytes };
    return bytes.length;
  }

  /** Gives one's own file to the room. */
  async offer(hash: string): Promise<void> {
    // A copy: what is given goes to the worker.
    if (this.own?.hash === hash) await this.exchange.provide(hash, this.own.bytes.slice());
  }

  /** Gets somebody's file, from this browser or from the room. */
  need(hash: string): void {
    if (this.seen.has(hash) || this.built.has(hash)) return;
    this.seen.add(hash);
    void this.find(hash);
  }

  hear(event: Extract<RoomEvent, { kind: 'content' | 'lacking' }>): void {
    if (!this.wanted.delete(event.hash)) return;
    // Whoever wears it says so again when they give it to the host again.
    if (event.kind === 'lacking') this.seen.delete(event.hash);
    else void this.admit(event.hash, event.bytes);
  }

  /** The room is over: what was asked for there does not come any more. */
  forget(): void {
    for (const hash of this.wanted) this.seen.delete(hash);
    this.wanted.clear();
  }

  /** One's own is taken off: the room does not get it any more. */
  takeOff(): void {
    this.own = null;
  }

  /** Lets go of heads that are not among these, but for a few: they are built again when somebody wears them again. */
  keepOnly(worn: ReadonlySet<string>): void {
    const spare = [...this.built].filter(([hash]) => !worn.has(hash) && hash !== this.own?.hash);
    for (const [hash, head] of spare.slice(0, Math.max(0, spare.length - SPARE_HEADS))) {
      this.built.delete(hash);
      this.seen.delete(hash);
      head.dispose();
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const { dispose } of this.built.values()) dispose();
    this.built.clear();
  }

  private async find(hash: string): Promise<void> {
    const here = await this.cache.get(hash);
    if (here !== null) {
      await this.admit(hash, here);
      return;
    }
    this.wanted.add(hash);
    try {
      await this.exchange.want(hash);
    } catch {
      // The room has ended meanwhile.
      this.wanted.delete(hash);
      this.seen.delete(hash);
    }
  }

  private async admit(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      if (bytes.length > MAX_HEAD_FILE_BYTES) throw tooLarge(bytes.length);
      if ((await sha256Hex(bytes)) !== hash) {
        throw new SimroomError('head-invalid', 'Its file is not the one that was announced.');
      }
      this.keep(hash, await this.build(bytes));
      await this.cache.put(hash, bytes);
    } catch (thrown) {
      if (!this.disposed) this.bad(hash, wordsOf(thrown));
      return;
    }
    if (!this.disposed) this.arrived();
  }

  private keep(hash: string, head: BuiltHead): void {
    this.built.get(hash)?.dispose();
    // The newest comes last.
    this.built.delete(hash);
    if (this.disposed) head.dispose();
    else this.built.set(hash, head);
  }
}

function tooLarge(bytes: number): SimroomError {
  return new SimroomError(
    'file-too-large',
    `This head has ${Math.round(bytes / (1 << 20))} MB; up to ${MAX_HEAD_FILE_BYTES >> 20} MB can be sent to everybody. Make its textures smaller.`,
  );
}
