import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { Bucket } from './bucket';
import { callerOf, isOriginAllowed } from './caller';
import { SYSTEM_CLOCK, type Clock } from './clock';
import type { RelaySettings } from './config';
import { Connection, type Context } from './connection';
import { Metrics, type Refusal } from './metrics';
import { Rooms } from './rooms';

/** How exactly time limits are kept, ms. */
const CHECK_MS = 1000;
/** Browsers do not fragment messages as short as these. */
const MAX_FRAGMENTS = 64;
/** Pieces a message may arrive in: 33 kB in the shortest packets that IPv4 asks for, several times over. */
const MAX_CHUNKS = 512;

/** What is remembered of a caller, while it is connected and until its limit is whole again. */
interface Caller {
  open: number;
  readonly connects: Bucket;
}

/**
 * Introduces browsers to each other: passes sealed blobs between a room's host and its guests. See
 * `src/protocol/relay.ts` for the messages. Keeps nothing but who is connected at the moment, and writes no log.
 */
export class Relay {
  private readonly context: Context;
  private readonly sockets: WebSocketServer;
  private readonly connections = new Map<WebSocket, Connection>();
  private readonly callers = new Map<string, Caller>();
  private readonly startedAt: number;
  private readonly stopChecks: () => void;
  private closing: Promise<void> | null = null;

  constructor(
    private readonly settings: RelaySettings,
    private readonly clock: Clock = SYSTEM_CLOCK,
  ) {
    this.context = { settings, clock, metrics: new Metrics(), rooms: new Rooms(settings, clock) };
    const options: ServerOptions & { readonly closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      // Sealed blobs do not compress, and inflating strangers' bytes costs memory.
      perMessageDeflate: false,
      maxPayload: settings.maxMessageBytes,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: MAX_CHUNKS,
      // The types of ws do not know it yet.
      closeTimeout: settings.closeMs,
    };
    this.sockets = new WebSocketServer(options);
    this.startedAt = clock.now();
    this.stopChecks = clock.every(CHECK_MS, () => {
      this.check();
    });
  }

  /** Whether it says goodbye: newcomers are sent away. */
  get isClosing(): boolean {
    return this.closing !== null;
  }

  /** Takes the socket of an HTTP upgrade, or answers why not. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { settings, clock } = this;
    if (this.isClosing) {
      this.turnAway(socket, 503, 'shutting-down');
    } else if (this.connections.size >= settings.maxConnections) {
      this.turnAway(socket, 503, 'full');
    } else if (!isOriginAllowed(request, settings.origins)) {
      this.turnAway(socket, 403, 'origin');
    } else {
      const caller = this.caller(callerOf(request, settings.trustedProxies));
      if (!caller.connects.take(1, clock.now())) {
        this.turnAway(socket, 429, 'connects-too-fast');
        return;
      }
      this.sockets.handleUpgrade(request, socket, head, (opened) => {
        this.open(opened, caller);
      });
    }
  }

  /** The figures, in Prometheus' text format. */
  metrics(): string {
    const { metrics, rooms } = this.context;
    const census = { connections: this.connections.size, callers: this.callers.size, ...rooms.census() };
    return metrics.exposition(census, (this.clock.now() - this.startedAt) / 1000);
  }

  /** Tells everybody that it goes; resolves when all connections are closed. May be called twice. */
  close(): Promise<void> {
    this.closing ??= this.sayGoodbye();
    return this.closing;
  }

  private async sayGoodbye(): Promise<void> {
    this.stopChecks();
    const closed = [...this.connections].map(([socket, connection]) => {
      // Who does not answer is cut by ws after `closeMs`.
      const ended = new Promise<void>((resolve) => {
        socket.once('close', () => {
          resolve();
        });
      });
      connection.refuse('shutting-down');
      return ended;
    });
    await Promise.all(closed);
  }

  private open(socket: WebSocket, caller: Caller): void {
    const connection = new Connection(socket, this.context);
    this.context.metrics.connects += 1;
    this.connections.set(socket, connection);
    caller.open += 1;
    socket.once('close', () => {
      this.connections.delete(socket);
      caller.open -= 1;
    });
    if (caller.open > this.settings.connectionsPerAddress) connection.refuse('too-many-connections');
  }

  private caller(name: string): Caller {
    const known = this.callers.get(name);
    if (known !== undefined) return known;
    const { connectsPerMinute } = this.settings;
    const connects = new Bucket(connectsPerMinute, connectsPerMinute / 60, this.clock.now());
    const caller = { open: 0, connects };
    this.callers.set(name, caller);
    return caller;
  }

  private check(): void {
    for (const connection of this.connections.values()) connection.check();
    const now = this.clock.now();
    for (const [name, { open, connects }] of this.callers) {
      if (open === 0 && connects.isFull(now)) this.callers.delete(name);
    }
  }

  private turnAway(socket: Duplex, status: number, reason: Refusal): void {
    this.context.metrics.refused(reason);
    endUpgrade(socket, status, reason);
  }
}

/** Answers an HTTP upgrade that does not come to pass. */
export function endUpgrade(socket: Duplex, status: number, reason: string): void {
  socket.once('error', () => {
    socket.destroy();
  });
  socket.once('finish', () => {
    socket.destroy();
  });
  const head = `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`;
  socket.end(`${head}\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n${reason}\n`);
}
