import { type DataConnection, Peer, type PeerError, type PeerErrorType } from 'peerjs';
import { SimroomError } from '../core/errors';
import { toHex } from '../core/encoding';
import { type Connection, RtcConnection } from './connection';
import type { PeerJsSettings } from './ice';
import type {
  GuestSignaling,
  GuestSignalingOptions,
  HostSignaling,
  HostSignalingEvents,
  HostSignalingOptions,
  SignalingEvents,
} from './signaling';
import { Watch } from './watch';

/**
 * Signaling through a PeerServer, so that a static deployment needs no relay of its own.
 *
 * The server sees the descriptions and may alter them: the handshake, which is bound to the certificates, would notice.
 * Connections are PeerJS' own; they do not survive a change of network (it has no ICE restart).
 */

const ID_PREFIX = 'simroom-';
const RANDOM_ID_BYTES = 16;
/** A guest that only asks whether the host is there says so with its offer. */
const PROBE = 'probe';
/** An answer to an offer is there by then, ms: PeerServers give up after 5 s. */
const ANSWER_TIMEOUT_MS = 8000;
/** How often it is asked whether the host is back, ms. */
const PROBE_PAUSE_MS = 5000;
/** The first retry comes after this, ms; each later one after twice as long, up to the slowest. */
const FIRST_RETRY_MS = 500;
const SLOWEST_RETRY_MS = 20_000;
/** Connections at once that do not stand yet: more is a flood. */
const MAX_ATTEMPTS = 64;

interface BrokerEvents extends SignalingEvents {
  connection(connection: DataConnection): void;
  /** The host's id is not known to the server. */
  missing(): void;
  refused(error: SimroomError): void;
}

/** A place at the PeerServer, which comes back by itself. */
class Broker {
  isOpen = false;
  private peer: Peer;
  private failures = 0;
  private waiting = false;
  private closed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly id: string,
    private readonly token: string,
    private readonly settings: PeerJsSettings,
    private readonly ice: RTCConfiguration,
    private readonly events: BrokerEvents,
  ) {
    this.peer = this.open();
  }

  connect(to: string, metadata?: string): DataConnection {
    return this.peer.connect(to, { serialization: 'raw', reliable: true, metadata });
  }

  /** Connections stay: PeerJS ends them only when the whole peer is destroyed. */
  close(): void {
    this.closed = true;
    this.isOpen = false;
    clearTimeout(this.timer);
    this.peer.disconnect();
  }

  private open(): Peer {
    const { host, port, path, key, secure } = this.settings;
    const { ice: config, token } = this;
    const peer = new Peer(this.id, { host, port, path, key, secure, token, config, debug: 0 });
    peer.on('open', () => {
      this.failures = 0;
      this.waiting = false;
      this.isOpen = true;
      this.events.state('open', null);
    });
    peer.on('connection', (connection) => this.events.connection(connection));
    peer.on('error', (error) => this.fail(error));
    peer.on('disconnected', () => this.retryLater());
    return peer;
  }

  private fail(error: PeerError<`${PeerErrorType}`>): void {
    switch (error.type) {
      case 'peer-unavailable':
        this.events.missing();
        break;
      case 'unavailable-id':
        this.refuse(
          'rooms-unavailable',
          'This room is open already, in another tab or on another device. Close it there first.',
        );
        break;
      case 'browser-incompatible':
        this.refuse('rooms-unavailable', 'This browser has no WebRTC: open the page in another one.');
        break;
      case 'invalid-key':
        this.refuse('bad-argument', `The PeerServer at ${this.where} does not take the key given (peerKey).`);
        break;
      default:
        // Of a connection, which tells it itself; or of the network: `disconnected` follows.
        break;
    }
  }

  private refuse(code: 'rooms-unavailable' | 'bad-argument', message: string): void {
    this.close();
    this.events.refused(new SimroomError(code, message));
  }

  private retryLater(): void {
    this.isOpen = false;
    if (this.closed) return;
    const pause = Math.min(FIRST_RETRY_MS * 2 ** this.failures, SLOWEST_RETRY_MS);
    this.failures++;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        // One that never was open cannot come back.
        if (this.peer.destroyed) this.peer = this.open();
        else this.peer.reconnect();
      },
      pause * (0.5 + Math.random() / 2),
    );
    if (this.waiting) return;
    this.waiting = true;
    this.events.state(
      'waiting',
      new SimroomError(
        'relay-unreachable',
        `The PeerServer at ${this.where} cannot be reached, so nobody new can come in. It is tried again by itself.`,
      ),
    );
  }

  private get where(): string {
    const { host, port, path } = this.settings;
    return `${host}:${String(port)}${path}`;
  }
}

/** The room's connection on one of PeerJS'. To be made as soon as there is one. */
function connectionOn(data: DataConnection): RtcConnection {
  const connection = new RtcConnection(data.peerConnection, () => data.close());
  data.on('close', () => connection.close());
  return connection;
}

/** The host's side. */
export class PeerJsHost implements HostSignaling {
  dropped = 0;
  private readonly broker: Broker;
  private trying = 0;

  static open(
    options: HostSignalingOptions,
    settings: PeerJsSettings,
    events: HostSignalingEvents,
  ): PeerJsHost {
    return new PeerJsHost(options, settings, events);
  }

  private constructor(
    { keys, token, settings: { ice } }: HostSignalingOptions,
    settings: PeerJsSettings,
    private readonly events: HostSignalingEvents,
  ) {
    this.broker = new Broker(ID_PREFIX + keys.tag, token, settings, ice, {
      ...events,
      connection: (data) => this.welcome(data),
      missing: () => {},
    });
  }

  close(): void {
    this.broker.close();
  }

  private welcome(data: DataConnection): void {
    if (data.metadata === PROBE) {
      // The answer is all it wants.
      setTimeout(() => data.close(), ANSWER_TIMEOUT_MS);
      return;
    }
    if (this.trying >= MAX_ATTEMPTS) {
      this.dropped++;
      data.close();
      return;
    }
    const connection = connectionOn(data);
    let trying = true;
    this.trying++;
    connection.onopened = connection.onended = () => {
      if (trying) this.trying--;
      trying = false;
    };
    this.events.connection(connection);
  }
}

/** The guest's side. */
export class PeerJsGuest implements GuestSignaling {
  private readonly host: string;
  private readonly broker: Broker;
  private readonly watch = new Watch();
  private refusal: SimroomError | null = null;
  /** How often the server has said that the host is not there. */
  private misses = 0;

  static open(
    options: GuestSignalingOptions,
    settings: PeerJsSettings,
    events: SignalingEvents,
  ): PeerJsGuest {
    return new PeerJsGuest(options, settings, events);
  }

  private constructor(
    { keys, settings: { ice } }: GuestSignalingOptions,
    settings: PeerJsSettings,
    events: SignalingEvents,
  ) {
    this.host = ID_PREFIX + keys.tag;
    this.broker = new Broker(ID_PREFIX + randomId(), randomId(), settings, ice, {
      state: (state, reason) => {
        events.state(state, reason);
        this.watch.check();
      },
      connection: (data) => data.close(),
      missing: () => {
        this.misses++;
        this.watch.check();
      },
      refused: (error) => {
        this.refusal = error;
        this.watch.check();
      },
    });
  }

  async connect(stop?: AbortSignal): Promise<Connection> {
    await this.reachable(stop);
    const data = this.broker.connect(this.host);
    const connection = connectionOn(data);
    let answered = false;
    try {
      answered = await this.answered(data, stop);
    } finally {
      if (!answered) connection.close();
    }
    if (answered) return connection;
    throw new SimroomError(
      'room-not-found',
      'Nobody has this room open just now. Ask whoever sent the link to open it again, then try again.',
    );
  }

  async hosted(stop?: AbortSignal): Promise<void> {
    for (;;) {
      await this.reachable(stop);
      const data = this.broker.connect(this.host, PROBE);
      try {
        if (await this.answered(data, stop)) return;
      } finally {
        data.close();
      }
      await this.wait(PROBE_PAUSE_MS, () => false, stop);
    }
  }

  close(): void {
    this.refusal ??= new SimroomError('not-in-room', 'The room was left.');
    this.broker.close();
    this.watch.check();
  }

  private reachable(stop: AbortSignal | undefined): Promise<void> {
    return this.watch.until(() => {
      if (this.refusal !== null) throw this.refusal;
      return this.broker.isOpen;
    }, stop);
  }

  /** Whether the host answers an offer. */
  private async answered({ peerConnection: pc }: DataConnection, stop?: AbortSignal): Promise<boolean> {
    const { misses } = this;
    const isAnswered = (): boolean => pc.remoteDescription !== null;
    const look = (): void => this.watch.check();
    pc.addEventListener('signalingstatechange', look);
    await this.wait(ANSWER_TIMEOUT_MS, () => isAnswered() || this.misses > misses, stop).finally(() =>
      pc.removeEventListener('signalingstatechange', look),
    );
    return isAnswered();
  }

  /** Waits until the time is over, or `enough` is true. */
  private async wait(ms: number, enough: () => boolean, stop?: AbortSignal): Promise<void> {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      this.watch.check();
    }, ms);
    await this.watch
      .until(() => {
        if (this.refusal !== null) throw this.refusal;
        return over || enough();
      }, stop)
      .finally(() => clearTimeout(timer));
  }
}

function randomId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(RANDOM_ID_BYTES)));
}
