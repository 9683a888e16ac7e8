import { WebSocket } from 'ws';
import type { Clock } from '../signaling/clock';
import type { FromBridge, Refused, Subjects } from '../src/face/sources/bridge_messages';
import type { Face } from './face_board';

/** Messages that may be on their way before the other end says what it has: what waits longer is replaced by newer. */
const WINDOW = 64;
/** It is asked what it has after so many. */
const ASK_EVERY = 16;
/** Bytes that may lie in this process for one receiver. */
const MAX_BUFFERED_BYTES = 64 << 10;
/** Who shows no sign of life for so long is gone, ms; it is asked for one three times meanwhile. */
const SILENT_MS = 30_000;
const PING_MS = 10_000;
/** Somebody who writes nonsense is told so this often, ms. */
const COMPLAIN_MS = 1000;
/** RFC 6455, section 7.4.1. */
const GOING_AWAY = 1001;

/** What a connection is for. */
export interface ClientOptions {
  /** A page shows the room's faces; a program does something else with faces. */
  readonly kind: 'page' | 'program';
  readonly format: 'json' | 'binary';
  /** Faces from outside (phones and programs), from the room, from both, or none. */
  readonly receive: 'outside' | 'room' | 'all' | 'none';
  /** What to call faces that come over it and do not say whose they are. */
  readonly subject: string | null;
  /** Names it among the others. */
  readonly id: string;
}

/**
 * One WebSocket.
 *
 * Of every face only the newest is sent, when there is room: who reads slowly gets fewer, not older ones. Room there is
 * while the other end confirms what it has got; its answers to pings, which every WebSocket gives by itself, do that.
 */
export class Client {
  private readonly waiting = new Set<Face>();
  private list: (() => Subjects) | null = null;
  private scheduled: NodeJS.Immediate | null = null;
  private sent = 0;
  private askedAt = 0;
  private confirmed = 0;
  private heardAt: number;
  private pingedAt: number;
  private complainedAt = Number.NEGATIVE_INFINITY;

  /** @param receive takes each message, with what it may say about it */
  constructor(
    readonly options: ClientOptions,
    private readonly socket: WebSocket,
    private readonly clock: Clock,
    receive: (client: Client, data: Buffer, isBinary: boolean) => void,
  ) {
    this.heardAt = clock.now();
    this.pingedAt = clock.now();
    socket.on('message', (data, isBinary) => {
      this.heardAt = clock.now();
      receive(this, data as Buffer, isBinary);
    });
    socket.on('pong', (data) => {
      this.heardAt = clock.now();
      if (data.length === 4)
        this.confirmed = Math.max(this.confirmed, Math.min(this.sent, data.readUInt32LE()));
      this.schedule();
    });
    // `close` follows, and says all there is to say.
    socket.on('error', () => undefined);
  }

  /** Whether it is meant to get a face. */
  wants(face: Face): boolean {
    const { receive, id } = this.options;
    if (face.owner.from === id || receive === 'none') return false;
    return receive === 'all' || (receive === 'room') === (face.owner.source === 'room');
  }

  /** Sends the newest of a face as soon as there is room. */
  offer(face: Face): void {
    this.waiting.add(face);
    this.schedule();
  }

  /** Sends who is there as soon as there is room. */
  offerList(list: () => Subjects): void {
    this.list = list;
    this.schedule();
  }

  forget(face: Face): void {
    this.waiting.delete(face);
  }

  say(message: FromBridge): void {
    this.write(JSON.stringify(message));
  }

  /** Says what is wrong with a message, now and then. */
  complain(message: Refused): void {
    const now = this.clock.now();
    if (now - this.complainedAt < COMPLAIN_MS || !this.hasRoom()) return;
    this.complainedAt = now;
    this.say(message);
  }

  /** Looks whether it is still there; to be called every second or so. */
  check(): void {
    const now = this.clock.now();
    if (now - this.heardAt >= SILENT_MS) this.socket.terminate();
    else if (now - this.pingedAt >= PING_MS) this.ask();
  }

  /** Says goodbye; resolves when the connection is closed. ws cuts it when there is no answer. */
  close(): Promise<void> {
    if (this.scheduled !== null) clearImmediate(this.scheduled);
    this.scheduled = null;
    this.list = null;
    this.waiting.clear();
    return new Promise((resolve) => {
      this.socket.once('close', () => {
        resolve();
      });
      this.socket.close(GOING_AWAY, 'shutting-down');
    });
  }

  /** After all packets that lie ready were read, so that of many only the newest is sent. */
  private schedule(): void {
    if (this.waiting.size === 0 && this.list === null) return;
    this.scheduled ??= setImmediate(() => {
      this.scheduled = null;
      this.flush();
    });
  }

  private flush(): void {
    if (this.list !== null && this.hasRoom()) {
      this.write(JSON.stringify(this.list()));
      this.list = null;
    }
    for (const face of this.waiting) {
      if (!this.hasRoom()) return;
      this.waiting.delete(face);
      this.write(this.options.format === 'binary' ? face.toPacket() : face.toText());
    }
  }

  private hasRoom(): boolean {
    return (
      this.socket.readyState === WebSocket.OPEN &&
      this.sent - this.confirmed < WINDOW &&
      this.socket.bufferedAmount < MAX_BUFFERED_BYTES
    );
  }

  private write(data: string | Uint8Array): void {
    this.sent++;
    this.socket.send(data, (error) => {
      if (!(error instanceof Error)) this.schedule();
    });
    if (this.sent - this.askedAt >= ASK_EVERY) this.ask();
  }

  private ask(): void {
    this.askedAt = this.sent;
    this.pingedAt = this.clock.now();
    const count = Buffer.alloc(4);
    count.writeUInt32LE(this.sent % 2 ** 32);
    this.socket.ping(count, undefined, () => undefined);
  }
}
