import { randomBytes } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import { parseToRelay, type FromRelay, type RelayError, type ToRelay } from '../src/protocol/relay';
import { Bucket } from './bucket';
import type { Clock } from './clock';
import type { RelaySettings } from './config';
import type { Metrics, Refusal } from './metrics';
import type { Member, Place, Rooms } from './rooms';

/** A message counts as one for each started part of this size, bytes. */
const BYTES_PER_TOKEN = 1024;
/** RFC 6455, section 7.4.1, and 1013 of its registry. */
const CLOSE = { goingAway: 1001, policy: 1008, tryLater: 1013 } as const;
/** What passes with time is worth another try. */
const CLOSE_CODES: Readonly<Partial<Record<RelayError, number>>> = {
  'shutting-down': CLOSE.goingAway,
  'room-full': CLOSE.tryLater,
  'too-many-rooms': CLOSE.tryLater,
  'too-many-connections': CLOSE.tryLater,
};

/** What all connections share. */
export interface Context {
  readonly settings: RelaySettings;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly rooms: Rooms;
}

/** One WebSocket: its introduction, its limits, its life signs. */
export class Connection implements Member {
  readonly id = randomBytes(8).toString('hex');
  private place: Place | null = null;
  /** It was refused, cut or closed: whatever still comes is not for us. */
  private ended = false;
  /** For what counts to no guest: pings, and blobs that are lost. */
  private readonly spare: Bucket;
  private readonly openedAt: number;
  /** A blob came or went. */
  private usedAt: number;
  private heardAt: number;
  private pingedAt: number;

  constructor(
    private readonly socket: WebSocket,
    private readonly context: Context,
  ) {
    const { clock, settings } = context;
    const now = clock.now();
    this.openedAt = now;
    this.usedAt = now;
    this.heardAt = now;
    this.pingedAt = now;
    this.spare = new Bucket(settings.messageBurst, settings.messagesPerSecond, now);

    socket.on('message', (data, isBinary) => {
      this.receive(data, isBinary);
    });
    socket.on('ping', () => {
      this.hear();
      if (!this.ended && !this.spare.take(1, clock.now())) this.refuse('too-fast');
    });
    socket.on('pong', () => {
      this.hear();
    });
    socket.on('error', (error: Error & { readonly code?: string }) => {
      // ws closes the connection itself. An error of the socket (a reset, say) is no fault of its owner's.
      if (this.ended || error.code?.startsWith('WS_ERR_') !== true) return;
      const tooLarge = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
      context.metrics.refused(tooLarge ? 'too-large' : 'bad-frame');
      this.end();
    });
    socket.on('close', () => {
      this.end();
    });
  }

  get isBehind(): boolean {
    return this.socket.bufferedAmount > this.context.settings.maxBufferedBytes / 2;
  }

  say(message: FromRelay): void {
    if (this.ended) return;
    if (this.socket.bufferedAmount > this.context.settings.maxBufferedBytes) {
      this.cut('too-slow');
      return;
    }
    const text = JSON.stringify(message);
    this.context.metrics.bytesOut += text.length;
    if (message.kind === 'sealed') this.usedAt = this.context.clock.now();
    this.socket.send(text);
  }

  refuse(error: RelayError): void {
    if (this.ended) return;
    this.context.metrics.refused(error);
    this.say({ kind: 'error', error });
    this.end();
    this.socket.close(CLOSE_CODES[error] ?? CLOSE.policy, error);
  }

  /** Looks after its times; to be called every second or so. */
  check(): void {
    if (this.ended) return;
    const { introduceMs, idleMs, heartbeatMs } = this.context.settings;
    const now = this.context.clock.now();
    const late = this.place === null && now - this.openedAt >= introduceMs;
    const idle = this.place?.role === 'guest' && now - this.usedAt >= idleMs;
    if (late || idle) {
      this.refuse('timed-out');
    } else if (now - this.pingedAt >= heartbeatMs) {
      if (this.heardAt < this.pingedAt) {
        this.cut('silent');
        return;
      }
      this.pingedAt = now;
      this.socket.ping();
    }
  }

  private receive(data: RawData, isBinary: boolean): void {
    if (this.ended) return;
    const { metrics, clock } = this.context;
    const bytes = data as Buffer;
    metrics.messages += 1;
    metrics.bytesIn += bytes.length;
    this.hear();
    const message = isBinary ? null : parseToRelay(bytes.toString('utf8'));
    if (message === null) {
      this.refuse('bad-message');
    } else if (this.place === null) {
      this.introduce(message);
    } else if (message.kind === 'send') {
      const cost = Math.ceil(bytes.length / BYTES_PER_TOKEN);
      this.usedAt = clock.now();
      const sent = this.place.send(message, cost);
      if (sent === 'lost') {
        metrics.lost += 1;
        if (!this.spare.take(cost, clock.now())) this.refuse('too-fast');
      } else if (sent !== 'passed') {
        this.refuse(sent);
      }
    } else {
      this.refuse('bad-message');
    }
  }

  private introduce(message: ToRelay): void {
    const { rooms } = this.context;
    let place: Place | RelayError = 'bad-message';
    if (message.kind === 'host') place = rooms.host(this, message.room, message.token);
    if (message.kind === 'guest') place = rooms.guest(this, message.room);
    if (typeof place === 'string') {
      this.refuse(place);
    } else if (this.ended) {
      // It was cut while it was being told who is there.
      place.leave();
    } else {
      this.place = place;
    }
  }

  private hear(): void {
    this.heardAt = this.context.clock.now();
  }

  /** Ends it without a goodbye, which would not be read. */
  private cut(reason: Refusal): void {
    this.context.metrics.refused(reason);
    this.end();
    this.socket.terminate();
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.place?.leave();
    this.place = null;
  }
}
