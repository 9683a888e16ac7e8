import { SimroomError } from '../../core/errors';
import { fromHex, toHex } from '../../core/encoding';
import { type FaceLook, lookFor } from '../../face/look';
import type { Look, Person } from '../../protocol/ctl';
import { type FaceMemory, isLook } from './memory';

/** What everybody's head looks like. */
export class Looks {
  private readonly others = new Map<number, FaceLook>();
  /** Bytes of one's own file. */
  private fileSize = 0;

  constructor(private readonly memory: FaceMemory) {}

  get own(): FaceLook {
    return this.memory.look;
  }

  /** Of somebody else; one by their number before they have said. */
  of(seat: number): FaceLook {
    let look = this.others.get(seat);
    if (look === undefined) {
      look = lookFor(seat);
      this.others.set(seat, look);
    }
    return look;
  }

  /** @throws SimroomError `bad-argument` for what there is not; nothing is changed then */
  change(changes: Partial<Omit<FaceLook, 'file'>>): void {
    const look = { ...this.own, ...changes };
    if (!isLook(look)) {
      throw new SimroomError(
        'bad-argument',
        `There is no head like ${JSON.stringify(changes)}: skin, hair and iris count from 0 on, and there are fewer colours.`,
      );
    }
    this.memory.look = look;
  }

  /** Wears a file of one's own, or none. @param size bytes */
  setFile(file: string | null, size: number): void {
    this.fileSize = size;
    this.memory.look = { ...this.own, file };
  }

  /** One's own look as the room is told. */
  wire(): Look {
    const { style, skin, hair, iris, file } = this.own;
    return { style, skin, hair, iris, file: file === null ? null : fromHex(file), fileSize: this.fileSize };
  }

  /** Takes what the room says. @returns whether anything is different */
  setAll(people: readonly Person[]): boolean {
    let changed = false;
    const here = new Set<number>();
    for (const { seat, look } of people) {
      here.add(seat);
      const { style, skin, hair, iris } = look;
      const file = look.file === null ? null : toHex(look.file);
      const next = { style, skin, hair, iris, file };
      // Numbers that nobody's palette has are no reason to show nobody.
      const isKnown: boolean = isLook(next);
      const shown = isKnown ? next : { ...lookFor(seat), file };
      const before = this.others.get(seat);
      if (before !== undefined && isSame(before, shown)) continue;
      this.others.set(seat, shown);
      changed = true;
    }
    for (const seat of this.others.keys()) if (!here.has(seat)) this.others.delete(seat);
    return changed;
  }

  /** The others are gone. */
  forget(): void {
    this.others.clear();
  }

  /** Files that people wear, by seat. */
  files(): readonly (readonly [seat: number, file: string])[] {
    return [...this.others].flatMap(([seat, { file }]) => (file === null ? [] : [[seat, file] as const]));
  }
}

function isSame(a: FaceLook, b: FaceLook): boolean {
  return (
    a.style === b.style && a.skin === b.skin && a.hair === b.hair && a.iris === b.iris && a.file === b.file
  );
}
