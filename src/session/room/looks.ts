import { SimroomError } from '../../core/errors';
import { toHex } from '../../core/encoding';
import type { Look } from '../../protocol/ctl';
import { MAX_HEAD_FILE_BYTES } from '../../protocol/limits';
import type { ContentExchange, ContentStore } from './content';
import { firstLook } from './worn';

/** Heads that the host keeps for everybody, bytes: more would be a lot for its memory. */
const MAX_HEADS_BYTES = 192 << 20;

/** Somebody who can be seen. */
interface Wearer {
  look: Look;
  readonly content: ContentExchange;
}

/** A head on its way from who will wear it. */
interface Coming {
  readonly wearer: Wearer;
  readonly hash: string;
  readonly size: number;
  readonly done: () => void;
  readonly failed: (error: SimroomError) => void;
}

/** What everybody looks like. Heads of their own are fetched and kept, and only then told of. */
export class Looks {
  /** Of the host's own person. */
  own = firstLook(0);
  private coming: readonly Coming[] = [];

  /**
   * @param wearers all guests
   * @param changed somebody looks otherwise now
   */
  constructor(
    private readonly store: ContentStore,
    private readonly wearers: () => readonly Wearer[],
    private readonly changed: () => void,
  ) {}

  /** @throws SimroomError `bad-argument`, `file-too-large`; `not-found` before the file has been provided */
  wearOwn(look: Look): void {
    const hash = checked(look);
    if (hash !== null && this.store.get(hash)?.length !== look.fileSize) {
      throw new SimroomError('not-found', 'That head has not been provided: choose its file again.');
    }
    this.own = look;
    this.tidy();
  }

  /**
   * A guest wears another look: without its file at first, unless that is here.
   *
   * @throws SimroomError `bad-argument`, `file-too-large`, `load-superseded`; `fetch-failed` when the file does not come
   */
  async wear(wearer: Wearer, look: Look): Promise<void> {
    const hash = checked(look);
    this.giveUp(wearer, 'load-superseded', 'Another look was chosen meanwhile.');
    if (hash === null || this.store.get(hash)?.length === look.fileSize) {
      wearer.look = look;
      this.tidy();
      return;
    }
    wearer.look = { ...look, file: null, fileSize: 0 };
    this.tidy();
    if (this.bytes + look.fileSize > MAX_HEADS_BYTES) {
      throw new SimroomError(
        'file-too-large',
        'This room holds as many heads from files as its host can keep. Wear one of the styles, or a smaller file.',
      );
    }
    await new Promise<void>((done, failed) => {
      this.coming = [...this.coming, { wearer, hash, size: look.fileSize, done, failed }];
      wearer.content.want(hash, look.fileSize);
    });
    wearer.look = look;
    this.tidy();
  }

  /** Content has come. @returns false when it is nobody's head */
  come(hash: string, bytes: Uint8Array<ArrayBuffer>): boolean {
    const come = this.coming.filter((one) => one.hash === hash && one.size === bytes.length);
    if (come.length === 0) return false;
    this.coming = this.coming.filter((one) => !come.includes(one));
    this.pin(hash);
    this.store.provide(hash, bytes);
    for (const { done } of come) done();
    return true;
  }

  /** Content does not come. @returns false when it is nobody's head */
  lack(hash: string): boolean {
    const lacking = this.coming.filter((one) => one.hash === hash && !one.wearer.content.wants(hash));
    this.coming = this.coming.filter((one) => !lacking.includes(one));
    for (const { failed } of lacking) {
      failed(new SimroomError('fetch-failed', 'Your head did not reach the host. Choose its file again.'));
    }
    return lacking.length > 0;
  }

  isComing(hash: string): boolean {
    return this.coming.some((one) => one.hash === hash);
  }

  /** A copy of a head that somebody wears; null when there is none. */
  copy(hash: string): Uint8Array<ArrayBuffer> | null {
    return this.worn().has(hash) ? (this.store.get(hash)?.slice() ?? null) : null;
  }

  /** Somebody has left. */
  leave(wearer: Wearer): void {
    this.giveUp(wearer, 'not-in-room', 'You have left the room.');
    this.tidy();
  }

  /** Bytes of all heads that are here, and of those on their way. */
  private get bytes(): number {
    let sum = 0;
    for (const hash of this.worn()) sum += this.store.get(hash)?.length ?? 0;
    for (const { size } of this.coming) sum += size;
    return sum;
  }

  private worn(): Set<string> {
    const looks = [this.own, ...this.wearers().map(({ look }) => look)];
    return new Set(looks.flatMap(({ file }) => (file === null ? [] : [toHex(file)])));
  }

  /** Heads that nobody wears any more may go. */
  private tidy(): void {
    this.pin();
    this.changed();
  }

  private pin(...more: readonly string[]): void {
    this.store.pin([...this.worn(), ...more]);
  }

  private giveUp(wearer: Wearer, code: 'load-superseded' | 'not-in-room', why: string): void {
    const given = this.coming.filter((one) => one.wearer === wearer);
    this.coming = this.coming.filter((one) => one.wearer !== wearer);
    for (const { hash, failed } of given) {
      wearer.content.drop((wanted) => wanted === hash);
      failed(new SimroomError(code, why));
    }
  }
}

/** The hash of a look's file. @throws SimroomError `bad-argument`, `file-too-large` */
function checked({ file, fileSize }: Look): string | null {
  if ((file === null) !== (fileSize === 0)) {
    throw new SimroomError('bad-argument', 'A head has a file and its size, or neither.');
  }
  if (fileSize > MAX_HEAD_FILE_BYTES) {
    throw new SimroomError(
      'file-too-large',
      `A head may have up to ${MAX_HEAD_FILE_BYTES >> 20} MB; this one has ${Math.ceil(fileSize / 2 ** 20)}.`,
    );
  }
  return file === null ? null : toHex(file);
}
