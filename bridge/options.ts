import { cleanSubject } from '../src/face/sources/reading';
import type { ClientOptions } from './client';

const FORMATS = ['json', 'binary'] as const;
const RECEIVE = ['outside', 'room', 'all', 'none'] as const;

/**
 * What a connection is for, as the address that it was opened with says: `/page` or `/program`, and after a question mark
 * `format`, `receive`, `subject`.
 *
 * @param id names it among the others
 * @returns what is wrong, for whoever wrote the address; null when there is nothing at such an address
 */
export function readOptions(url: string, id: (kind: string) => string): ClientOptions | string | null {
  const [path, query = ''] = url.split('?', 2);
  const kind = path === '/page' ? 'page' : path === '/program' ? 'program' : null;
  if (kind === null) return null;
  const parameters = new URLSearchParams(query);
  const format = parameters.get('format') ?? 'json';
  // What each is there for: a page shows faces from outside in the room, a program does something with the room's.
  const receive = parameters.get('receive') ?? (kind === 'page' ? 'outside' : 'room');
  if (!isOneOf(FORMATS, format)) return `format is "${format}": it must be ${FORMATS.join(' or ')}.`;
  if (!isOneOf(RECEIVE, receive)) return `receive is "${receive}": it must be one of ${RECEIVE.join(', ')}.`;
  return { kind, format, receive, subject: cleanSubject(parameters.get('subject') ?? ''), id: id(kind) };
}

function isOneOf<T extends string>(values: readonly T[], value: string): value is T {
  return (values as readonly string[]).includes(value);
}
