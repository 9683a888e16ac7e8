import { toHex } from '../../core/encoding';
import { lookFor } from '../../face/look';
import type { Look, Person } from '../../protocol/ctl';

/** What somebody looks like who has not said it. */
export function firstLook(seat: number): Look {
  return { ...lookFor(seat), file: null, fileSize: 0 };
}

/** Bytes of somebody's own head; null when nobody wears that file. */
export function headSize(people: readonly Person[], hash: string): number | null {
  const wearer = people.find(({ look: { file } }) => file !== null && toHex(file) === hash);
  return wearer?.look.fileSize ?? null;
}
