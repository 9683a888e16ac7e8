import { SimroomError } from '../core/errors';
import { RELAY_PATH } from '../protocol/relay';

/**
 * Which servers introduce browsers to each other, and which help them through firewalls. Chosen at run time: what the
 * address says wins over what the person has set, that over `simroom.config.json` beside the app, that over defaults.
 *
 * `simroom.config.json`, every member of which may be missing:
 *
 * ```json
 * {
 *   "signal": "wss://relay.example.org/relay",
 *   "peerjs": { "host": "peers.example.org", "port": 443, "path": "/", "key": "peerjs", "secure": true },
 *   "stun": ["stun:stun.example.org:3478"],
 *   "turn": [{ "url": "turns:turn.example.org:5349", "user": "someone", "password": "secret" }]
 * }
 * ```
 *
 * `signal` is `"relay"` (the app's own server, the default), the address of another relay, or `"peerjs"`.
 * An empty `stun` list asks nobody for one's public address: rooms then work within a network, or through TURN.
 *
 * In the address: `?signal=`, `?peerHost=`, `peerPort=`, `peerPath=`, `peerKey=`, `?stun=` (several with commas, or
 * `none`), `?turn=` with `turnUser=` and `turnPassword=`.
 */
export interface NetworkChoices {
  readonly signal?: string;
  readonly peerjs?: Partial<PeerJsSettings>;
  readonly stun?: readonly string[];
  readonly turn?: readonly TurnServer[];
}

export interface TurnServer {
  /** `turn:` or `turns:` */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface PeerJsSettings {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly key: string;
  /** By TLS. */
  readonly secure: boolean;
}

export type SignalingChoice =
  | { readonly kind: 'relay'; readonly url: string }
  | ({ readonly kind: 'peerjs' } & PeerJsSettings);

/** What is to be used, complete. */
export interface NetworkSettings {
  readonly signaling: SignalingChoice;
  readonly ice: RTCConfiguration;
}

const CONFIG_FILE = 'simroom.config.json';
/** A host that does not answer must not keep anybody from opening a room, ms. */
const CONFIG_TIMEOUT_MS = 3000;

/** Two that anybody may use, of two owners: they only tell a browser its own public address. */
const DEFAULT_STUN = ['stun:stun.l.google.com:19302', 'stun:stun.cloudflare.com:3478'];
/** The PeerServer that the PeerJS project runs for everybody. */
const DEFAULT_PEERJS: PeerJsSettings = {
  host: '0.peerjs.com',
  port: 443,
  path: '/',
  key: 'peerjs',
  secure: true,
};

/**
 * The settings that hold for this page.
 *
 * @param page its address
 * @param stored what the person has set, as it was stored; null when nothing
 * @throws SimroomError `bad-argument` naming what is wrong and where
 */
export async function loadNetworkSettings(page: URL, stored: unknown): Promise<NetworkSettings> {
  return resolveNetworkSettings(page, stored, await fetchConfig(new URL(CONFIG_FILE, page)));
}

/** The same, with the content of the file at hand. */
export function resolveNetworkSettings(page: URL, stored: unknown, file: unknown): NetworkSettings {
  const layers = [
    parseChoices(file, CONFIG_FILE),
    parseChoices(stored, 'the stored network settings'),
    parseChoices(choicesInAddress(page.searchParams), 'the address'),
  ];
  const { signal = 'relay', stun = DEFAULT_STUN, turn = [] } = Object.assign({}, ...layers) as NetworkChoices;
  const peerjs = Object.assign({}, ...layers.map((layer) => layer.peerjs)) as Partial<PeerJsSettings>;
  const iceServers: RTCIceServer[] = turn.map(({ url, user, password }) => ({
    urls: url,
    username: user,
    credential: password,
  }));
  if (stun.length > 0) iceServers.unshift({ urls: [...stun] });
  return { signaling: signalingOf(signal, peerjs, page), ice: { iceServers } };
}

function signalingOf(signal: string, peerjs: Partial<PeerJsSettings>, page: URL): SignalingChoice {
  if (signal === 'peerjs') {
    // Of one's own server one names the host; it is reached as the page is.
    const own = peerjs.host === undefined ? {} : ownServer(page);
    return { kind: 'peerjs', ...DEFAULT_PEERJS, ...own, ...peerjs };
  }
  const url = signal === 'relay' ? new URL(RELAY_PATH, page) : new URL(signal);
  url.search = '';
  url.hash = '';
  url.protocol = url.protocol.replace(/^http/, 'ws');
  return { kind: 'relay', url: url.href };
}

function ownServer(page: URL): Partial<PeerJsSettings> {
  const secure = page.protocol === 'https:';
  return { secure, port: secure ? 443 : 80 };
}

async function fetchConfig(url: URL): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { cache: 'no-cache', signal: AbortSignal.timeout(CONFIG_TIMEOUT_MS) });
  } catch {
    // Offline, or too slow: the file is optional.
    return null;
  }
  // Some hosts answer every unknown path with their start page.
  if (!response.ok || !(response.headers.get('Content-Type') ?? '').includes('json')) return null;
  try {
    return await response.json();
  } catch (cause) {
    // Cut off on the way, or too slow: as when it cannot be fetched at all.
    if (!(cause instanceof SyntaxError)) return null;
    throw new SimroomError('bad-argument', `${CONFIG_FILE} is not valid JSON: ${String(cause)}.`, { cause });
  }
}

/** Undefined members are those that the address does not have. */
function choicesInAddress(query: URLSearchParams): unknown {
  const text = (name: string): string | undefined => query.get(name) ?? undefined;
  const port = text('peerPort');
  const stun = text('stun');
  const turn = text('turn');
  return {
    signal: text('signal'),
    peerjs: {
      host: text('peerHost'),
      port: port === undefined ? undefined : Number(port),
      path: text('peerPath'),
      key: text('peerKey'),
    },
    stun: stun === 'none' ? [] : stun?.split(','),
    turn:
      turn === undefined
        ? undefined
        : [{ url: turn, user: text('turnUser'), password: text('turnPassword') }],
  };
}

/** Reads choices of a source, which errors name. Unknown members are left alone: a later version may know them. */
function parseChoices(value: unknown, source: string): NetworkChoices {
  if (value === null || value === undefined) return {};
  const { signal, peerjs, stun, turn } = record(value, source, 'it');
  return {
    ...given('signal', signal, (it) => parseSignal(it, source)),
    ...given('peerjs', peerjs, (it) => parsePeerJs(it, source)),
    ...given('stun', stun, (it) =>
      list(it, source, 'stun').map((url) => matching(url, /^stuns?:\S+$/, source, 'stun', 'stun:host:port')),
    ),
    ...given('turn', turn, (it) => list(it, source, 'turn').map((server) => parseTurn(server, source))),
  };
}

function parseSignal(value: unknown, source: string): string {
  const pattern = /^(relay|peerjs|(wss?|https?):\/\/[^\s/]+\S*)$/;
  const signal = matching(value, pattern, source, 'signal', 'relay, peerjs or wss://host/path');
  if (signal.includes(':') && !URL.canParse(signal)) throw wrong(source, 'signal', 'wss://host/path', value);
  return signal;
}

function parsePeerJs(value: unknown, source: string): Partial<PeerJsSettings> {
  const { host, port, path, key, secure } = record(value, source, 'peerjs');
  return {
    ...given('host', host, (it) => matching(it, /^[\w.:[\]-]+$/, source, 'peerjs host', 'a host name')),
    ...given('port', port, (it) => {
      if (typeof it === 'number' && Number.isInteger(it) && it > 0 && it < 65536) return it;
      throw wrong(source, 'peerjs port', 'a number from 1 to 65535', it);
    }),
    ...given('path', path, (it) => matching(it, /^\/\S*$/, source, 'peerjs path', '/path')),
    ...given('key', key, (it) => matching(it, /^[\w-]+$/, source, 'peerjs key', 'letters and digits')),
    ...given('secure', secure, (it) => {
      if (typeof it === 'boolean') return it;
      throw wrong(source, 'peerjs secure', 'true or false', it);
    }),
  };
}

function parseTurn(value: unknown, source: string): TurnServer {
  const { url, user, password } = record(value, source, 'turn');
  return {
    url: matching(url, /^turns?:\S+$/, source, 'turn', 'turn:host:port'),
    // Browsers refuse a TURN server without them.
    user: matching(user, /./, source, 'turn user', 'a name'),
    password: matching(password, /./, source, 'turn password', 'a password'),
  };
}

/** A member, if it is there. */
function given<K extends string, T>(
  name: K,
  value: unknown,
  parse: (value: unknown) => T,
): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [name]: parse(value) } as Partial<Record<K, T>>);
}

function record(value: unknown, source: string, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw wrong(source, what, 'an object', value);
}

function list(value: unknown, source: string, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(source, what, 'a list', value);
}

function matching(value: unknown, pattern: RegExp, source: string, what: string, wanted: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw wrong(source, what, wanted, value);
}

function wrong(source: string, what: string, wanted: string, value: unknown): SimroomError {
  const shown = value === undefined ? 'missing' : JSON.stringify(value);
  return new SimroomError(
    'bad-argument',
    `In ${source}, ${what} must be ${wanted}; it is ${shown}. Without it the defaults hold.`,
  );
}
