import { isIP } from 'node:net';
import { SimroomError } from '../src/core/errors';
import {
  describeAll,
  describeRows,
  parseOrigins,
  PORTS,
  readSettings,
  setting,
  wholeIn,
  type Env,
  type Setting,
} from '../signaling/settings';
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

/** Phones that are asked at the same time. */
export const MAX_PHONES = 8;
const MIN_CODE_CHARS = 6;

const HOST_EXPECTED = 'an address of this machine, such as 0.0.0.0';
const PORT_EXPECTED = 'a whole number from 0 to 65535';

const SETTINGS = {
  port: setting('FACE_BRIDGE_PORT', String(BRIDGE_PORT), 'port of the WebSocket', PORT_EXPECTED, parsePort),
  host: setting(
    'FACE_BRIDGE_HOST',
    '127.0.0.1',
    'address it listens on; by default for this machine alone',
    HOST_EXPECTED,
    parseHost,
  ),
  origins: setting(
    'FACE_BRIDGE_ORIGINS',
    '',
    'origins of pages that may connect besides those of this machine, with commas between',
    'origins such as https://example.org, with commas between',
    (text) => parseOrigins(text),
  ),
  code: setting(
    'FACE_BRIDGE_CODE',
    '',
    'code that connections from other machines must show; else a new one each time',
    `${String(MIN_CODE_CHARS)} letters and digits or more`,
    (text) => (text === '' ? null : parseCode(text)),
  ),
  udpHost: setting(
    'FACE_BRIDGE_UDP_HOST',
    '0.0.0.0',
    "address that phones send to; by default all of this machine's",
    HOST_EXPECTED,
    parseHost,
  ),
};
/** For other machines too. */
const LAN_SETTINGS = { ...SETTINGS, host: { ...SETTINGS.host, fallback: '0.0.0.0' } };

const UDP_PORTS = Object.fromEntries(
  SOURCE_NAMES.map((source) => {
    const { title, variable, port } = SOURCES[source];
    const about = `UDP port of ${title}; off leaves it out`;
    const parse = (text: string): number | null | undefined => (text === 'off' ? null : parsePort(text));
    return [source, setting(variable, String(port), about, `${PORT_EXPECTED}, or off`, parse)];
  }),
) as Record<SourceName, Setting<number | null>>;

/** Of the kinds of phones that must be asked. */
const PHONES: Readonly<Record<string, Setting<readonly Phone[]>>> = Object.fromEntries(
  SOURCE_NAMES.filter((source) => SOURCES[source].ask !== null).map((source) => {
    const { title, variable } = SOURCES[source];
    const name = variable.replace(/_PORT$/, '_PHONES');
    const about = `addresses of phones with ${title}, with commas between`;
    const expects = `up to ${String(MAX_PHONES)} addresses that the app on the phone shows, such as 192.168.1.7`;
    return [source, setting(name, '', about, expects, (text) => parsePhones(source, text))];
  }),
);

export const BRIDGE_DEFAULTS = readBridge(SETTINGS, {}, []);

/**
 * The command that stands in arguments and environment variables; an empty variable counts as not set.
 *
 * @throws {SimroomError} `bad-argument`, naming everything that is wrong and what it should be
 */
export function readCommand(args: readonly string[], env: Env): Command {
  const problems: string[] = [];
  const { lan, help, record, play, loop } = readFlags(args, problems);
  const settings = readBridge(lan ? LAN_SETTINGS : SETTINGS, env, problems);
  if (problems.length > 0) throw new SimroomError('bad-argument', problems.join('\n'));
  return { settings, help, record, play, loop };
}

/** For `--help`. */
export function describeCommand(): string {
  const options = describeRows([
    ['--lan', 'lets other machines connect, with the code that is then printed'],
    ['--record FILE', 'writes every packet that comes to a file'],
    ['--play FILE', 'plays such a file, as if it came from a phone'],
    ['--loop', 'plays it again and again'],
  ]);
  const variables = describeAll([
    ...Object.values<Setting<unknown>>(SETTINGS),
    ...SOURCE_NAMES.flatMap((source) => [UDP_PORTS[source], PHONES[source] ?? []].flat()),
  ]);
  return `npm run face-bridge -- [options]\n\n${options}\n\nEnvironment variables:\n\n${variables}`;
}

function readBridge(settings: typeof SETTINGS, env: Env, problems: string[]): BridgeSettings {
  return {
    ...readSettings(settings, env, problems),
    udpPorts: readSettings(UDP_PORTS, env, problems),
    phones: Object.values(readSettings(PHONES, env, problems)).flat(),
  };
}

/** `192.168.1.7`, `192.168.1.7:49983`, `fe80::7` or `[fe80::7]:49983`; undefined when it is none. */
export function parsePhone(source: SourceName, text: string): Phone | undefined {
  const [, bracketed, plain, portText] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? ['', text];
  const address = bracketed ?? plain ?? '';
  const port = portText === undefined ? SOURCES[source].port : parsePort(portText);
  return isIP(address) === 0 || port === undefined || port === 0 ? undefined : { source, address, port };
}

function parsePhones(source: SourceName, text: string): Phone[] | undefined {
  if (text === '') return [];
  const phones = text.split(',').map((part) => parsePhone(source, part.trim()));
  const found = phones.filter((phone) => phone !== undefined);
  return found.length === phones.length && found.length <= MAX_PHONES ? found : undefined;
}

function parseHost(text: string): string | undefined {
  return isIP(text) === 0 ? undefined : text;
}

function parsePort(text: string): number | undefined {
  return wholeIn(text, PORTS);
}

function parseCode(text: string): string | undefined {
  return /^[\da-z]+$/i.test(text) && text.length >= MIN_CODE_CHARS ? text : undefined;
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
