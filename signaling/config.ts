import { SimroomError } from '../src/core/errors';
import { MAX_PEOPLE } from '../src/protocol/limits';
import { MAX_RELAY_MESSAGE_CHARS } from '../src/protocol/relay';
import {
  describeAll,
  parseOrigins,
  PORTS,
  readSettings,
  setting,
  wholeIn,
  type Env,
  type Setting,
  type Values,
} from './settings';

/** Where the server listens. */
const SERVER = {
  port: setting(
    'PORT',
    '',
    'port to listen on, 0 for a free one; else 8080 or the next free one, and 8090 for the relay alone',
    'a number from 0 to 65535',
    (text) => (text === '' ? null : wholeIn(text, PORTS)),
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
    // `null` is the origin of a sandboxed frame.
    (text) => (text === '*' ? ('any' as const) : parseOrigins(text, ['null'])),
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
export const RELAY_DEFAULTS: RelaySettings = readSettings(RELAY, {});

export interface Config {
  readonly server: ServerSettings;
  readonly relay: RelaySettings;
}

/**
 * The configuration in the environment variables; an empty one counts as not set.
 *
 * @throws {SimroomError} `bad-argument`, naming every variable that is wrong and what it should be
 */
export function readConfig(env: Env): Config {
  const problems: string[] = [];
  const server = readSettings(SERVER, env, problems);
  const relay = readSettings(RELAY, env, problems);
  if (problems.length > 0) throw new SimroomError('bad-argument', problems.join('\n'));
  return { server, relay };
}

/** A line for each environment variable, for `--help`. */
export function describeSettings(): string {
  return describeAll(Object.values<Setting<unknown>>({ ...SERVER, ...RELAY }));
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
