import { MAX_SUBJECT_CHARS, cleanSubject } from './reading';

/**
 * A name that nobody else has: of two "Ada" the second becomes "Ada (2)". It stays as short as names are.
 *
 * @param name as `cleanSubject` gives it
 */
export function distinctName(name: string, isTaken: (name: string) => boolean): string {
  let distinct = name;
  for (let i = 2; isTaken(distinct); i++) {
    const number = ` (${i})`;
    // The cut may go through the middle of a character.
    const start = cleanSubject(name.slice(0, MAX_SUBJECT_CHARS - number.length)) ?? '';
    distinct = `${start}${number}`;
  }
  return distinct;
}
