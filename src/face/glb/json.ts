import { damaged, MOST, tooMuch } from './limits';

/** What a description may hold, read from JSON of unknown origin. */
export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object by that name, or an empty one. */
export function objectAt(parent: Json, key: string): Json {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
  return isObject(value) ? value : {};
}

/** The text by that name, or none. */
export function textAt(parent: Json, key: string): string | null {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : null;
}

/**
 * The objects of a list; none where there is no list.
 *
 * @throws SimroomError `head-invalid`, `head-too-large`
 */
export function objectsAt(
  parent: Json,
  key: keyof typeof MOST | 'scenes' | 'samplers' | 'buffers',
): readonly Json[] {
  const list = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw damaged(`"${key}" is no list`);
  const most = key in MOST ? MOST[key as keyof typeof MOST] : MOST.nodes;
  if (list.length > most) throw tooMuch(list.length, most, key);
  if (!list.every(isObject)) throw damaged(`"${key}" holds something else than objects`);
  return list;
}

/**
 * An index into a list; -1 where it is left out.
 *
 * @throws SimroomError `head-invalid` when the list is shorter
 */
export function indexAt(parent: Json, key: string, count: number): number {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (value === undefined) return -1;
  return toIndex(value, count, key);
}

/** As {@link indexAt}, of a value. */
export function toIndex(value: unknown, count: number, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value >= count)
    throw damaged(`"${what}" points to something that is not there`);
  return value;
}

/** Indices into a list; none where they are left out. */
export function indicesAt(parent: Json, key: string, count: number): readonly number[] {
  const list = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw damaged(`"${key}" is no list`);
  return list.map((value) => toIndex(value, count, key));
}

/** A whole number from 0 on. */
export function countAt(parent: Json, key: string, fallback = 0): number {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (value === undefined) return fallback;
  return toIndex(value, Number.MAX_SAFE_INTEGER, key);
}

/** A number; what is none or not finite is an error. */
export function numberAt(parent: Json, key: string, fallback: number): number {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw damaged(`"${key}" is no number`);
  return value;
}

/** So many numbers, or null where they are left out. */
export function numbersAt(parent: Json, key: string, count: number): readonly number[] | null {
  const list = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (list === undefined) return null;
  const isNumbers = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((entry) => typeof entry === 'number' && Number.isFinite(entry));
  if (!isNumbers(list) || list.length !== count) throw damaged(`"${key}" is not ${count} numbers`);
  return list;
}
