import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { ManualClock } from '../signaling/testing';
import { ARKIT_NAMES } from '../src/face/names';
import type { ArkitData } from '../src/face/sources/arkit_data';
import type { FromBridge, Subjects } from '../src/face/sources/bridge_messages';
import { readPacket, type PlainFace } from '../src/face/sources/packet';
import { Bridge, type BridgeOptions } from './bridge';
import { BRIDGE_DEFAULTS, SOURCE_NAMES, type BridgeSettings } from './config';
import type { SourceName } from './sources';

export interface TestBridge {
  readonly bridge: Bridge;
  readonly clock: ManualClock;
  readonly lines: string[];
}

/** Settings with free ports everywhere, on loopback. */
export function testSettings(settings: Partial<BridgeSettings> = {}): BridgeSettings {
  const udpPorts = Object.fromEntries(SOURCE_NAMES.map((source) => [source, 0])) as Record<
    SourceName,
    number
  >;
  return { ...BRIDGE_DEFAULTS, port: 0, udpHost: '127.0.0.1', udpPorts, ...settings };
}

/** A bridge that ends with the test. */
export async function startTestBridge(
  settings: Partial<BridgeSettings> = {},
  more: Partial<BridgeOptions> = {},
): Promise<TestBridge> {
  const clock = new ManualClock();
  const lines: string[] = [];
  const log = (line: string): void => {
    lines.push(line);
  };
  const bridge = await Bridge.start({ settings: testSettings(settings), clock, log, ...more });
  onTestFinished(() => bridge.close());
  return { bridge, clock, lines };
}

/** A face that only opens its jaw. */
export function jawOpen(weight: number): number[] {
  return ARKIT_NAMES.map((name) => (name === 'jawOpen' ? weight : 0));
}

/** What comes, in its order, to whoever waits for it. */
class Inbox<T> {
  private readonly arrived: T[] = [];
  private readonly waiting: ((item: T) => void)[] = [];

  put(item: T): void {
    const taker = this.waiting.shift();
    if (taker === undefined) this.arrived.push(item);
    else taker(item);
  }

  next(): Promise<T> {
    const item = this.arrived.shift();
    return item === undefined ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(item);
  }

  get unread(): readonly T[] {
    return this.arrived;
  }
}

/** A phone or a program, as the bridge sees it: a UDP socket. */
export class FakePhone {
  private readonly inbox = new Inbox<string>();

  private constructor(
    private readonly socket: Socket,
    private readonly bridge: Bridge,
  ) {
    socket.on('message', (data) => {
      this.inbox.put(data.toString());
    });
  }

  /** One that ends with the test. */
  static async start(bridge: Bridge): Promise<FakePhone> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    onTestFinished(() => {
      socket.close();
    });
    return new FakePhone(socket, bridge);
  }

  get port(): number {
    return this.socket.address().port;
  }

  get address(): string {
    return `127.0.0.1:${String(this.port)}`;
  }

  /** Resolves when the system has taken the packet. */
  send(source: SourceName, packet: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.send(packet, this.bridge.udpPorts[source] ?? 0, '127.0.0.1', (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  /** What the bridge asked it, when it asks. */
  asked(): Promise<string> {
    return this.inbox.next();
  }

  get unread(): readonly string[] {
    return this.inbox.unread;
  }
}

/** What a connection hears: a message, or the bytes of a face. */
type Heard = FromBridge | ArkitData | { readonly type: 'packet'; readonly face: PlainFace };

/** A page or a program at the bridge. */
export class FakeClient {
  readonly closed: Promise<number>;
  private readonly inbox = new Inbox<Heard>();

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => {
      socket.on('close', resolve);
    });
    socket.on('message', (data: Buffer, isBinary) => {
      this.inbox.put(isBinary ? heardPacket(data) : (JSON.parse(data.toString()) as Heard));
    });
  }

  /** @throws when the bridge does not let it in: the message holds the HTTP status */
  static connect(bridge: Bridge, path = 'page', options: ClientOptions = {}): Promise<FakeClient> {
    const socket = new WebSocket(bridge.url + path, options);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      // Before `open`: what the bridge says at once may come in the same packet.
      const client = new FakeClient(socket);
      socket.once('open', () => {
        socket.off('error', reject);
        resolve(client);
      });
    });
  }

  send(message: unknown): void {
    this.socket.send(
      message instanceof Uint8Array || typeof message === 'string' ? message : JSON.stringify(message),
    );
  }

  /** The next message of a kind, when it comes; others are passed over. */
  async next<T extends Heard['type']>(type: T): Promise<Heard & { readonly type: T }> {
    for (;;) {
      const message = await this.inbox.next();
      if (message.type === type) return message as Heard & { readonly type: T };
    }
  }

  /** The next face that fits, as JSON. */
  async face(fits: (face: ArkitData) => boolean = () => true): Promise<ArkitData> {
    for (;;) {
      const face = await this.next('arkit_data');
      if (fits(face)) return face;
    }
  }

  /** Who is there, as soon as it is told so. */
  async subjects(fit: (subjects: Subjects['subjects']) => boolean): Promise<Subjects['subjects']> {
    for (;;) {
      const { subjects } = await this.next('subjects');
      if (fit(subjects)) return subjects;
    }
  }

  /** Resolves when the bridge has read everything that was sent before. */
  async settled(): Promise<void> {
    this.socket.ping();
    await once(this.socket, 'pong');
  }

  get unread(): readonly Heard[] {
    return this.inbox.unread;
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

function heardPacket(data: Buffer): Heard {
  const face = readPacket(data);
  if (face === null) throw new Error(`Not a face packet: ${data.toString('hex')}`);
  return { type: 'packet', face };
}
