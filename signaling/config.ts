import { SimroomError } from '../src/core/errors';
import { MAX_PEOPLE } from '../src/protocol/limits';
import { MAX_RELAY_MESSAGE_CHARS } from '../src/protocol/relay';

/** One environment variable. */
interface Setting<T> {
  readonly name: string;
  /** Its text when it is not set. */
  readonly fallback: string;
  readonly about: string;
  /** What a value looks like, for the error. */
  readonly expects: string;
  /** Undefined when the text is none. */
  parse(text: string): T | undefined;
}

type Values<S> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

/** Where the server listens. */
const SERVER = {
  port: setting(
    'PORT',
    '',
    'port to listen on, 0 for a free one; else 8080 or the next free one, and 8090 for the relay alone',
    'a number from 0 to 65535',
    (text) => (text === '' ? null : wholeIn(text, [0, 65535])),
  ),
  host: setting(
    'HOST',
    '',
    'address to listen on; all of them when empty',
    'an address or a name',
    (text) => text,
  ),
  base: setting(
    'BASE',
    '/',
    'path that the app and the relay are served under, when a reverse proxy passes it on',
    'a path that begins and ends with a slash, such as /simroom/',
    (text) => (/^\/(?:[\w.~-]+\/)*$/.test(text) ? text : undefined),
  ),
};

/** What the relay allows. The limits are for one process; they are generous to a class behind one address. */
const RELAY = {
  origins: setting(
    'RELAY_ORIGINS',
    '',
    "origins whose pages may use the relay besides the server's own, with commas between; * for all",
    'origins such as https://example.org, with commas between, or *',
    parseOrigins,
  ),
  trustedProxies: whole(
    'RELAY_TRUST_PROXY',
    0,
    [0, 10],
    'how many reverse proxies stand before the relay: their X-Forwarded-For then says whose limits count',
  ),
  maxConnections: whole('RELAY_CONNECTIONS', 4096, [1, 1e6], 'connections in all'),
  connectionsPerAddress: whole(
    'RELAY_CONNECTIONS_PER_ADDRESS',
    128,
    [1, 1e6],
    'connections of one address (of an IPv6 /64)',
  ),
  connectsPerMinute: whole(
    'RELAY_CONNECTS_PER_MINUTE',
    120,
    [1, 1e6],
    'new connections of one address a minute, all at once if it likes',
  ),
  maxRooms: whole('RELAY_ROOMS', 1024, [1, 1e6], 'rooms in all, also those that wait for their host'),
  guestsPerRoom: whole('RELAY_GUESTS_PER_ROOM', MAX_PEOPLE - 1, [1, MAX_PEOPLE - 1], 'guests of one room'),
  maxMessageBytes: whole(
    'RELAY_MESSAGE_BYTES',
    MAX_RELAY_MESSAGE_CHARS,
    [1024, MAX_RELAY_MESSAGE_CHARS],
    'longest message; the app needs the default',
  ),
  messagesPerSecond: whole(
    'RELAY_MESSAGES_PER_SECOND',
    20,
    [1, 1e6],
    'messages a second from one guest, and from a host to one guest; each started KiB is one',
  ),
  messageBurst: whole('RELAY_MESSAGE_BURST', 200, [10, 1e6], 'the same at once'),
  maxBufferedBytes: whole(
    'RELAY_BUFFER_BYTES',
    512 << 10,
    [64 << 10, 64 << 20],
    'bytes that may wait for one receiver before it is dropped; from half of it on, what guests write is lost',
  ),
  introduceMs: seconds('RELAY_INTRODUCE_SECONDS', 10, 'time for the first message, which says host or guest'),
  idleMs: seconds(
    'RELAY_IDLE_SECONDS',
    600,
    'how long a guest may stay that neither writes nor is written to',
  ),
  heartbeatMs: seconds(
    'RELAY_HEARTBEAT_SECONDS',
    30,
    'between pings; who answers none until the next is gone. Proxies cut what is silent for 60 s',
  ),
  closeMs: seconds('RELAY_CLOSE_SECONDS', 2, 'how long a goodbye may take before the connection is cut'),
};

export type RelaySettings = Values<typeof RELAY>;
export type ServerSettings = Values<typeof SERVER>;

/** The relay without any environment variable. */
export const RELAY_DEFAULTS: RelaySettings = readAll(RELAY, {});

export interface Config {
  readonly server: ServerSettings;
  readonly relay: RelaySettings;
}

/**
 * The configuration in the environment variables; an empty one counts as not set.
 *
 * @throws {SimroomError} `bad-argument`, naming every variable that is wrong and what it should be
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems = Object.values<Setting<unknown>>({ ...SERVER, ...RELAY })
    .filter((one) => one.parse(textOf(one, env)) === undefined)
    .map((one) => `${one.name} is "${textOf(one, env)}": it must be ${one.expects}.`);
  if (problems.length > 0) throw new SimroomError('bad-argument', problems.join('\n'));
  return { server: readAll(SERVER, env), relay: readAll(RELAY, env) };
}

/** A line for each environment variable, for `--help`. */
export function describeSettings(): string {
  return Object.values<Setting<unknown>>({ ...SERVER, ...RELAY })
    .map(({ name, fallback, about }) => `  ${name.padEnd(30)} ${about}${fallback && ` (${fallback})`}`)
    .join('\n');
}

function readAll<S extends Record<string, Setting<unknown>>>(
  settings: S,
  env: Readonly<Record<string, string | undefined>>,
): Values<S> {
  const values = Object.entries(settings).map(([key, one]) => [key, one.parse(textOf(one, env))] as const);
  return Object.fromEntries(values) as Values<S>;
}

function textOf(
  { name, fallback }: Setting<unknown>,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const text = env[name]?.trim() ?? '';
  return text === '' ? fallback : text;
}

function setting<T>(
  name: string,
  fallback: string,
  about: string,
  expects: string,
  parse: (text: string) => T | undefined,
): Setting<T> {
  return { name, fallback, about, expects, parse };
}

function whole(
  name: string,
  fallback: number,
  range: readonly [number, number],
  about: string,
): Setting<number> {
  const expects = `a whole number from ${String(range[0])} to ${String(range[1])}`;
  return setting(name, String(fallback), about, expects, (text) => wholeIn(text, range));
}

/** Given in seconds, held in ms. */
function seconds(name: string, fallback: number, about: string): Setting<number> {
  return setting(
    name,
    String(fallback),
    about,
    'a number of seconds, more than 0 and up to 86400',
    (text) => {
      const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
      return value > 0 && value <= 86_400 ? value * 1000 : undefined;
    },
  );
}

function wholeIn(text: string, [least, most]: readonly [number, number]): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** `null` is the origin of a sandboxed frame. */
function parseOrigins(text: string): readonly string[] | 'any' | undefined {
  if (text === '*') return 'any';
  const origins = text.split(',').flatMap((part) => part.trim() || []);
  const isOrigin = (one: string): boolean =>
    one === 'null' || (URL.canParse(one) && new URL(one).origin === one && /^https?:/.test(one));
  return origins.every(isOrigin) ? origins : undefined;
}
