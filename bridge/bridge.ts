import { randomInt } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { SYSTEM_CLOCK, type Clock } from '../signaling/clock';
import { endUpgrade } from '../signaling/relay';
import { answer } from '../signaling/static';
import { BRIDGE_VERSION } from '../src/face/sources/bridge_messages';
import { Client, type ClientOptions } from './client';
import { parsePhone, SOURCE_NAMES, type BridgeSettings } from './config';
import { Door, isLoopback } from './door';
import { Exchange } from './exchange';
import { healthOf, Reporter } from './health';
import { readOptions } from './options';
import { Phones } from './phones';
import { Senders } from './senders';
import { SOURCES, type SourceName } from './sources';
import { openUdp, UdpError, type UdpPort } from './udp';

/** How exactly times are kept, ms. */
const CHECK_MS = 1000;
/** Connections at the same time. */
const MAX_CLIENTS = 32;
/** Longest message of a page or program; a face as JSON has some 2500 bytes. */
const MAX_MESSAGE_BYTES = 64 << 10;
/** How long a goodbye may take before the connection is cut, ms. */
const CLOSE_MS = 1000;
/** Letters and digits that nobody mistakes for each other. */
const CODE_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const CODE_CHARS = 6;
/** Refused origins that are printed. */
const MAX_PRINTED_ORIGINS = 8;

/** A packet, and whom it comes from. */
export type PacketListener = (source: SourceName, from: string, packet: Buffer) => void;

export interface BridgeOptions {
  readonly settings: BridgeSettings;
  readonly clock?: Clock;
  /** Takes what people should know, a line each. */
  readonly log?: (line: string) => void;
  /** Hears every packet that comes over UDP, before it is read. */
  readonly onPacket?: PacketListener;
}

/**
 * The bridge: faces of phones and programs come in as datagrams and go out to the user's page, and those of the page's
 * room to programs, over a WebSocket.
 */
export class Bridge {
  /** TCP port of the WebSocket. */
  port = 0;
  /** What connections from other machines must show; null when there can be none. */
  readonly code: string | null;
  private readonly clock: Clock;
  private readonly log: (line: string) => void;
  private readonly udp: UdpPort[] = [];
  private readonly senders: Senders;
  private readonly phones: Phones;
  private readonly exchange: Exchange;
  private readonly door: Door;
  private readonly http: HttpServer;
  private readonly sockets: WebSocketServer;
  private readonly printedOrigins = new Set<string>();
  private readonly startedAt: number;
  private isOpen = false;
  private connections = 0;
  private stopChecks: () => void = () => undefined;
  private closing: Promise<void> | null = null;

  private constructor(private readonly options: BridgeOptions) {
    const { settings, clock = SYSTEM_CLOCK, log = () => undefined } = options;
    this.clock = clock;
    this.log = log;
    this.startedAt = clock.now();
    const code = settings.code ?? newCode();
    this.code = isLoopback(settings.host) ? null : code;
    this.door = new Door(settings.origins, code, clock);
    this.senders = new Senders(clock);
    this.phones = new Phones(this.udp, clock, log);
    this.exchange = new Exchange(clock, {
      came: ({ subject, owner }) => {
        log(`${subject} is here (${describeOwner(owner.source)}, ${owner.from})`);
      },
      went: ({ subject, owner }) => {
        log(`${subject} is gone (${describeOwner(owner.source)}, ${owner.from})`);
      },
      askPhone: ({ source, address }) => {
        const phone = parsePhone(source, address);
        return phone === undefined
          ? `"${address}" is no address of a phone: the app shows one such as 192.168.1.7.`
          : this.phones.add(phone);
      },
    });
    this.http = createServer((request, response) => {
      this.answer(request, response);
    });
    this.http.on('upgrade', (request, socket, head) => {
      this.upgrade(request, socket, head);
    });
    const socketOptions: ServerOptions & { readonly closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      // The types of ws do not know it yet.
      closeTimeout: CLOSE_MS,
    };
    this.sockets = new WebSocketServer(socketOptions);
  }

  /**
   * Starts one. A UDP port that is taken is done without, and that is logged.
   *
   * @throws {Error} when the WebSocket's port, or every UDP port, cannot be had: the message says what to do
   */
  static async start(options: BridgeOptions): Promise<Bridge> {
    const bridge = new Bridge(options);
    try {
      await bridge.open();
    } catch (error) {
      await bridge.close();
      throw error;
    }
    return bridge;
  }

  /** Where a page or program of this machine connects: `page` or `program` goes after it. */
  get url(): string {
    const { host } = this.options.settings;
    const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
    return `ws://${isIPv6(name) ? `[${name}]` : name}:${String(this.port)}/`;
  }

  /** UDP ports that are listened to. */
  get udpPorts(): Readonly<Partial<Record<SourceName, number>>> {
    return Object.fromEntries(this.udp.map(({ source, port }) => [source, port]));
  }

  /** Takes a packet as if it had come over UDP. */
  deliver(source: SourceName, from: string, packet: Buffer): void {
    const read = this.senders.read(source, from, packet);
    if (read !== null) this.exchange.put(read.owner, read.reading);
  }

  /** Says goodbye and ends everything; resolves when the ports are free again. May be called twice. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async open(): Promise<void> {
    const { settings } = this.options;
    this.port = await listen(this.http, settings.port, settings.host);
    const wanted = SOURCE_NAMES.filter((source) => settings.udpPorts[source] !== null);
    const failed: UdpError[] = [];
    for (const source of wanted) {
      try {
        this.udp.push(await this.openPort(source, settings.udpPorts[source] ?? 0));
      } catch (error) {
        if (!(error instanceof UdpError)) throw error;
        failed.push(error);
      }
    }
    if (failed.length > 0 && failed.length === wanted.length) {
      throw new Error(failed.map(({ message }) => message).join('\n'));
    }
    for (const { message } of failed) this.log(message);
    this.isOpen = true;
    for (const phone of settings.phones) {
      const problem = this.phones.add(phone);
      if (problem !== null) this.log(problem);
    }
    const reporter = new Reporter(this.exchange, this.clock, this.log);
    this.stopChecks = this.clock.every(CHECK_MS, () => {
      this.senders.check();
      this.phones.check();
      this.exchange.check();
      reporter.check();
    });
  }

  private openPort(source: SourceName, port: number): Promise<UdpPort> {
    const { udpHost } = this.options.settings;
    return openUdp(source, port, udpHost, (packet, sender) => {
      const address = sender.address.replace(/^::ffff:(?=[\d.]+$)/, '');
      const from = SOURCES[source].byPort ? `${address}:${String(sender.port)}` : address;
      this.phones.hear(source, address);
      this.options.onPacket?.(source, from, packet);
      this.deliver(source, from, packet);
    });
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.door.refuse(request);
    if (refusal !== null) {
      if (refusal.origin !== undefined) this.printOrigin(refusal.origin, refusal.message);
      endUpgrade(socket, refusal.status, refusal.message);
      return;
    }
    const options = readOptions(request.url ?? '', (kind) => `${kind} ${String(this.connections + 1)}`);
    if (options === null) {
      endUpgrade(socket, 404, 'Not found. Pages connect to /page, programs to /program.');
    } else if (typeof options === 'string') {
      endUpgrade(socket, 400, options);
    } else if (!this.isOpen || this.exchange.clients.size >= MAX_CLIENTS) {
      endUpgrade(socket, 503, this.isOpen ? 'Too many connections.' : 'Not now: it starts, or it ends.');
    } else {
      this.connections++;
      this.sockets.handleUpgrade(request, socket, head, (opened) => {
        this.welcome(opened, options);
      });
    }
  }

  private welcome(socket: WebSocket, options: ClientOptions): void {
    const client = new Client(options, socket, this.clock, (from, data, isBinary) => {
      this.exchange.receive(from, data, isBinary);
    });
    socket.once('close', () => {
      this.exchange.remove(client);
      this.log(`${options.id} has left`);
    });
    const listening = this.udp.map(({ source, port }) => ({ source, title: SOURCES[source].title, port }));
    client.say({ type: 'welcome', version: BRIDGE_VERSION, listening });
    this.exchange.add(client);
    this.log(`${options.id} has connected`);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const refusal = this.door.refuse(request);
    if (refusal !== null) {
      answer(response, refusal.status, refusal.message, NOT_KEPT);
    } else if (request.url?.split('?', 1)[0] === '/healthz') {
      const { exchange, senders, udp } = this;
      const health = healthOf({ exchange, senders, udp, uptimeMs: this.clock.now() - this.startedAt });
      const headers = { ...NOT_KEPT, 'Content-Type': 'application/json' };
      answer(response, 200, `${JSON.stringify(health, null, 2)}\n`, headers);
    } else {
      answer(
        response,
        404,
        'This is the face bridge of Simroom. It speaks WebSocket at /page and /program.',
        NOT_KEPT,
      );
    }
  }

  /** Once for each, and not for ever new ones. */
  private printOrigin(origin: string, message: string): void {
    if (this.printedOrigins.size >= MAX_PRINTED_ORIGINS || this.printedOrigins.has(origin)) return;
    this.printedOrigins.add(origin);
    this.log(message);
  }

  private async end(): Promise<void> {
    this.isOpen = false;
    this.stopChecks();
    const left = Array.from(this.exchange.clients, (client) => client.close());
    await Promise.all([...left, ...this.udp.map((port) => port.close())]);
    if (!this.http.listening) return;
    await new Promise((resolve) => {
      this.http.close(resolve);
      this.http.closeAllConnections();
    });
  }
}

const NOT_KEPT = { 'Cache-Control': 'no-store' };

function describeOwner(source: string): string {
  const known = SOURCE_NAMES.find((name) => name === source);
  return known === undefined ? source : SOURCES[known].title;
}

function newCode(): string {
  return Array.from({ length: CODE_CHARS }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('');
}

function listen(http: HttpServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(explain(error, port, host), { cause: error }));
    });
    http.listen({ port, host }, () => {
      const address = http.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function explain({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  const which = `Port ${String(port)}, for pages and programs,`;
  if (code === 'EADDRINUSE') {
    return `${which} is taken, most likely by another bridge. End it, or choose another port with FACE_BRIDGE_PORT=${String(port + 1)}.`;
  }
  if (code === 'EACCES') return `${which} needs more rights. Choose one above 1023 with FACE_BRIDGE_PORT.`;
  if (code === 'EADDRNOTAVAIL')
    return `${host} is no address of this machine: FACE_BRIDGE_HOST says otherwise.`;
  return `${which} cannot be had: ${message}`;
}
