/** Programs here are told what to do by environment variables: what each of them is, read and described in one way. */

/** One environment variable. */
export interface Setting<T> {
  readonly name: string;
  /** Its text when it is not set. */
  readonly fallback: string;
  readonly about: string;
  /** What a value looks like, for the error. */
  readonly expects: string;
  /** Undefined when the text is none. */
  parse(text: string): T | undefined;
}

export type Values<S> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

export type Env = Readonly<Record<string, string | undefined>>;

export function setting<T>(
  name: string,
  fallback: string,
  about: string,
  expects: string,
  parse: (text: string) => T | undefined,
): Setting<T> {
  return { name, fallback, about, expects, parse };
}

/**
 * What the variables say; an empty one counts as not set.
 *
 * @param problems gets a line for each that is wrong, which is then as if it were not set
 */
export function readSettings<S extends Readonly<Record<string, Setting<unknown>>>>(
  settings: S,
  env: Env,
  problems: string[] = [],
): Values<S> {
  const values = Object.entries(settings).map(([key, { name, fallback, expects, parse }]) => {
    const text = env[name]?.trim() ?? '';
    const value = parse(text === '' ? fallback : text);
    if (value === undefined) problems.push(`${name} is "${text}": it must be ${expects}.`);
    return [key, value === undefined ? parse(fallback) : value] as const;
  });
  return Object.fromEntries(values) as Values<S>;
}

/** A line for each variable, with its default, for `--help`. */
export function describeAll(settings: readonly Setting<unknown>[]): string {
  return describeRows(
    settings.map(({ name, fallback, about }) => [name, `${about}${fallback && ` (${fallback})`}`]),
  );
}

/** Lines of `--help`. */
export function describeRows(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, about]) => `  ${name.padEnd(32)} ${about}`).join('\n');
}

/** A whole number in a range, both ends included. */
export function wholeIn(text: string, [least, most]: readonly [number, number]): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

export const PORTS = [0, 65_535] as const;

/**
 * Origins of pages, with commas between.
 *
 * @param known words that stand for one besides
 */
export function parseOrigins(text: string, known: readonly string[] = []): readonly string[] | undefined {
  const origins = text.split(',').flatMap((part) => part.trim() || []);
  const isOrigin = (one: string): boolean =>
    known.includes(one) || (URL.canParse(one) && new URL(one).origin === one && /^https?:/.test(one));
  return origins.every(isOrigin) ? origins : undefined;
}
