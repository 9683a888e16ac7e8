import { WebSocket, type ClientOptions } from 'ws';
import { parseFromRelay, type FromRelay, type ToRelay } from '../src/protocol/relay';
import type { Clock } from './clock';
import { RELAY_DEFAULTS, type RelaySettings } from './config';
import { startServer, type Server } from './server';

/** Time that passes when a test says so. */
export class ManualClock implements Clock {
  private time = 0;
  private readonly tasks = new Set<() => void>();

  now(): number {
    return this.time;
  }

  every(_ms: number, task: () => void): () => void {
    this.tasks.add(task);
    return () => this.tasks.delete(task);
  }

  /** Lets time pass, and what is done from time to time be done once. */
  pass(ms: number): void {
    this.time += ms;
    for (const task of this.tasks) task();
  }
}

export interface TestRelay {
  readonly server: Server;
  readonly clock: ManualClock;
  readonly url: string;
}

/** A relay alone, on a free port. */
export async function startRelay(settings: Partial<RelaySettings> = {}, base = '/'): Promise<TestRelay> {
  const clock = new ManualClock();
  const relay = { ...RELAY_DEFAULTS, ...settings };
  const server = await startServer({ folder: null, port: 0, host: '127.0.0.1', base, relay, clock });
  return { server, clock, url: server.relayUrl ?? '' };
}

/** A value of the relay's metrics, as it is written there: with its labels. */
export async function metric(relay: TestRelay, name: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', relay.server.url))).text();
  const line = text.split('\n').find((one) => one.startsWith(`simroom_relay_${name} `));
  return Number(line?.split(' ')[1]);
}

/** A browser, as the relay sees it. */
export class Browser {
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  private readonly inbox: FromRelay[] = [];
  private readonly waiting: ((message: FromRelay) => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
      });
    });
    // A reset ends in `close` too.
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const message = parseFromRelay(data.toString());
      if (message === null) throw new Error(`Not a message of a relay: ${data.toString()}`);
      const receiver = this.waiting.shift();
      if (receiver === undefined) this.inbox.push(message);
      else receiver(message);
    });
  }

  /** @throws when the relay does not take the connection: the message holds the HTTP status */
  static connect(url: string, options: ClientOptions = {}): Promise<Browser> {
    const socket = new WebSocket(url, options);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      // Before `open`: what the server says at once may come in the same packet.
      const browser = new Browser(socket);
      socket.once('open', () => {
        resolve(browser);
      });
    });
  }

  /** Connects and introduces itself. */
  static async enter(url: string, introduction: ToRelay, options?: ClientOptions): Promise<Browser> {
    const browser = await Browser.connect(url, options);
    browser.send(introduction);
    return browser;
  }

  send(message: ToRelay | string | Buffer): void {
    const isRaw = typeof message === 'string' || Buffer.isBuffer(message);
    this.socket.send(isRaw ? message : JSON.stringify(message));
  }

  /** The next message, when it comes. */
  next(): Promise<FromRelay> {
    const message = this.inbox.shift();
    if (message !== undefined) return Promise.resolve(message);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** The next message of a kind; what comes before it is passed over. */
  async nextOf<K extends FromRelay['kind']>(kind: K): Promise<FromRelay & { readonly kind: K }> {
    for (;;) {
      const message = await this.next();
      if (message.kind === kind) return message as FromRelay & { readonly kind: K };
    }
  }

  /** Messages that came and were not asked for. */
  get unread(): readonly FromRelay[] {
    return this.inbox;
  }

  /** Forgets what came and was not asked for. */
  discard(): void {
    this.inbox.length = 0;
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

/** The n-th tag or token. */
export function hex32(n: number): string {
  return n.toString(16).padStart(32, '0');
}
