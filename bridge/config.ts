import { isIP } from 'node:net';
import { SimroomError } from '../src/core/errors';
import { BRIDGE_PORT } from '../src/face/sources/bridge_messages';
import { SOURCES, type SourceName } from './sources';

/** What phone, and where: some must be asked before they send. */
export interface Phone {
  readonly source: SourceName;
  readonly address: string;
  readonly port: number;
}

/** What the bridge was told; the defaults need nobody to tell it anything. */
export interface BridgeSettings {
  /** TCP port of the WebSocket, 0 for a free one. */
  readonly port: number;
  /** Address that the WebSocket listens on. */
  readonly host: string;
  /** Origins of pages that may connect besides those of this machine. */
  readonly origins: readonly string[];
  /** What connections from other machines must show; null makes one up. */
  readonly code: string | null;
  /** Address that faces come to. */
  readonly udpHost: string;
  /** UDP port of each kind of phone or program, 0 for a free one; null leaves it out. */
  readonly udpPorts: Readonly<Record<SourceName, number | null>>;
  readonly phones: readonly Phone[];
}

/** What the command line asks for. */
export interface Command {
  readonly settings: BridgeSettings;
  readonly help: boolean;
  /** File to write packets to. */
  readonly record: string | null;
  /** File to take packets from. */
  readonly play: string | null;
  readonly loop: boolean;
}

export const SOURCE_NAMES = Object.keys(SOURCES) as readonly SourceName[];

export const BRIDGE_DEFAULTS: BridgeSettings = {
  port: BRIDGE_PORT,
  host: '127.0.0.1',
  origins: [],
  code: null,
  udpHost: '0.0.0.0',
  udpPorts: Object.fromEntries(SOURCE_NAMES.map((source) => [source, SOURCES[source].port])) as Record<
    SourceName,
    number
  >,
  phones: [],
};

/** Phones that are asked at the same time. */
export const MAX_PHONES = 8;
const MIN_CODE_CHARS = 6;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The command that stands in arguments and environment variables; an empty variable counts as not set.
 *
 * @throws {SimroomError} `bad-argument`, naming everything that is wrong and what it should be
 */
export function readCommand(args: readonly string[], env: Env): Command {
  const problems: string[] = [];
  const flags = readFlags(args, problems);
  const read = <T>(name: string, fallback: T, expects: string, parse: (text: string) => T | undefined): T => {
    const text = env[name]?.trim() ?? '';
    if (text === '') return fallback;
    const value = parse(text);
    if (value !== undefined) return value;
    problems.push(`${name} is "${text}": it must be ${expects}.`);
    return fallback;
  };
  const defaults = BRIDGE_DEFAULTS;
  const address = (name: string, fallback: string): string =>
    read(name, fallback, 'an address of this machine, such as 0.0.0.0', (text) =>
      isIP(text) === 0 ? undefined : text,
    );
  const settings: BridgeSettings = {
    port: read('FACE_BRIDGE_PORT', defaults.port, PORT_EXPECTED, parsePort),
    host: address('FACE_BRIDGE_HOST', flags.lan ? '0.0.0.0' : defaults.host),
    origins: read('FACE_BRIDGE_ORIGINS', defaults.origins, ORIGINS_EXPECTED, parseOrigins),
    code: read('FACE_BRIDGE_CODE', defaults.code, CODE_EXPECTED, parseCode),
    udpHost: address('FACE_BRIDGE_UDP_HOST', defaults.udpHost),
    udpPorts: Object.fromEntries(
      SOURCE_NAMES.map((source) => [
        source,
        read(SOURCES[source].variable, defaults.udpPorts[source], `${PORT_EXPECTED}, or off`, (text) =>
          text === 'off' ? null : parsePort(text),
        ),
      ]),
    ) as Record<SourceName, number | null>,
    phones: SOURCE_NAMES.flatMap((source) => {
      const variable = phonesVariable(source);
      return variable === null
        ? []
        : read(variable, [], PHONES_EXPECTED, (text) => parsePhones(source, text));
    }),
  };
  if (problems.length > 0) throw new SimroomError('bad-argument', problems.join('\n'));
  const { help, record, play, loop } = flags;
  return { settings, help, record, play, loop };
}

/** For `--help`. */
export function describeCommand(): string {
  const variables: [string, string][] = [
    ['FACE_BRIDGE_PORT', `port of the WebSocket (${String(BRIDGE_DEFAULTS.port)})`],
    ['FACE_BRIDGE_HOST', `address it listens on (${BRIDGE_DEFAULTS.host}: this machine alone)`],
    [
      'FACE_BRIDGE_ORIGINS',
      'origins of pages that may connect besides those of this machine, with commas between',
    ],
    ['FACE_BRIDGE_CODE', 'code that connections from other machines must show (else a new one each time)'],
    [
      'FACE_BRIDGE_UDP_HOST',
      `address that phones send to (${BRIDGE_DEFAULTS.udpHost}: all of this machine's)`,
    ],
    ...SOURCE_NAMES.flatMap((source): [string, string][] => {
      const { title, variable, port } = SOURCES[source];
      const phones = phonesVariable(source);
      const about: [string, string] = [variable, `UDP port of ${title} (${String(port)}); off leaves it out`];
      return phones === null
        ? [about]
        : [about, [phones, `addresses of phones with ${title}, with commas between`]];
    }),
  ];
  const options: [string, string][] = [
    ['--lan', 'lets other machines connect, with the code that is then printed'],
    ['--record FILE', 'writes every packet that comes to a file'],
    ['--play FILE', 'plays such a file, as if it came from a phone'],
    ['--loop', 'plays it again and again'],
  ];
  const lines = (rows: readonly [string, string][]): string =>
    rows.map(([name, about]) => `  ${name.padEnd(30)} ${about}`).join('\n');
  return `npm run face-bridge -- [options]\n\n${lines(options)}\n\nEnvironment variables:\n\n${lines(variables)}`;
}

/** The variable with the addresses of phones that must be asked; null where they send by themselves. */
function phonesVariable(source: SourceName): string | null {
  const { ask, variable } = SOURCES[source];
  return ask === null ? null : variable.replace(/_PORT$/, '_PHONES');
}

/** `192.168.1.7`, `192.168.1.7:49983`, `fe80::7` or `[fe80::7]:49983`; undefined when it is none. */
export function parsePhone(source: SourceName, text: string): Phone | undefined {
  const [, bracketed, plain, portText] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? ['', text];
  const address = bracketed ?? plain ?? '';
  const port = portText === undefined ? SOURCES[source].port : parsePort(portText);
  return isIP(address) === 0 || port === undefined || port === 0 ? undefined : { source, address, port };
}

function parsePhones(source: SourceName, text: string): Phone[] | undefined {
  const phones = text.split(',').map((part) => parsePhone(source, part.trim()));
  const found = phones.filter((phone) => phone !== undefined);
  return found.length === phones.length && found.length <= MAX_PHONES ? found : undefined;
}

const PHONES_EXPECTED = `up to ${String(MAX_PHONES)} addresses that the app on the phone shows, such as 192.168.1.7`;
const PORT_EXPECTED = 'a whole number from 0 to 65535';
const ORIGINS_EXPECTED = 'origins such as https://example.org, with commas between';
const CODE_EXPECTED = `${String(MIN_CODE_CHARS)} letters and digits or more`;

function parsePort(text: string): number | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : undefined;
}

function parseCode(text: string): string | undefined {
  return /^[\da-z]+$/i.test(text) && text.length >= MIN_CODE_CHARS ? text : undefined;
}

function parseOrigins(text: string): readonly string[] | undefined {
  const origins = text.split(',').flatMap((part) => part.trim() || []);
  const isOrigin = (one: string): boolean =>
    URL.canParse(one) && new URL(one).origin === one && /^https?:/.test(one);
  return origins.every(isOrigin) ? origins : undefined;
}

interface Flags {
  help: boolean;
  lan: boolean;
  loop: boolean;
  record: string | null;
  play: string | null;
}

function readFlags(args: readonly string[], problems: string[]): Flags {
  const flags: Flags = { help: false, lan: false, loop: false, record: null, play: null };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--help' || arg === '--lan' || arg === '--loop') {
      flags[arg.slice(2) as 'help' | 'lan' | 'loop'] = true;
    } else if (arg === '--record' || arg === '--play') {
      if (rest[0]?.startsWith('--') === false)
        flags[arg.slice(2) as 'record' | 'play'] = rest.shift() ?? null;
      else problems.push(`${arg} needs the name of a file after it.`);
    } else {
      problems.push(`"${arg}" is no option: --help lists them.`);
    }
  }
  if (flags.loop && flags.play === null) problems.push('--loop goes with --play FILE.');
  return flags;
}
