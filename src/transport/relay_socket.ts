import { SimroomError } from '../core/errors';
import { type FromRelay, type RelayError, type ToRelay, parseFromRelay } from '../protocol/relay';

/**
 * The WebSocket to our relay, which comes back by itself.
 */

/** The first retry comes after this, ms; each later one after twice as long. */
const FIRST_RETRY_MS = 500;
/** Retries come no slower than this, ms: people wait for them. */
const SLOWEST_RETRY_MS = 20_000;
/** A relay that has not let us in by then counts as unreachable, ms. */
const WELCOME_TIMEOUT_MS = 8_000;
/** Messages kept while the relay is away: those of a few attempts. */
const MAX_OUTBOX = 128;

export interface RelaySocketEvents {
  /** Let in, for the first time or again. */
  welcome(hosted: boolean): void;
  message(message: FromRelay): void;
  /** Not reachable just now; it keeps trying. Called once per outage. */
  waiting(reason: SimroomError): void;
  /** The relay will not have us: it does not try again. */
  refused(error: SimroomError): void;
}

export class RelaySocket {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private welcomed = false;
  private waiting = false;
  private closed = false;
  private outbox: string[] = [];
  /** The relay is about to close the connection for want of use. */
  private idle = false;
  /** Why the relay is about to close the connection. */
  private reason: SimroomError | null = null;

  /**
   * @param url `ws:` or `wss:`
   * @param greeting `host` or `guest`
   */
  constructor(
    private readonly url: string,
    private readonly greeting: ToRelay,
    private readonly events: RelaySocketEvents,
  ) {
    this.connect();
    globalThis.addEventListener('online', this.retryNow);
  }

  /** Sends, now or when the relay is back. */
  send(message: ToRelay): void {
    const text = JSON.stringify(message);
    if (this.welcomed) this.socket?.send(text);
    else {
      if (this.outbox.length >= MAX_OUTBOX) this.outbox.shift();
      this.outbox.push(text);
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.timer);
    globalThis.removeEventListener('online', this.retryNow);
    this.drop();
  }

  private connect(): void {
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.url);
    } catch (cause) {
      // No such scheme, or forbidden on this page: that will not change.
      this.refuse(unreachable(this.url, cause));
      return;
    }
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify(this.greeting));
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = typeof data === 'string' ? parseFromRelay(data) : null;
      if (message !== null) this.hear(message);
    };
    socket.onclose = () => this.retryLater();
    this.timer = setTimeout(() => this.retryLater(), WELCOME_TIMEOUT_MS);
  }

  private hear(message: FromRelay): void {
    if (message.kind === 'error') {
      this.fail(message.error);
      return;
    }
    if (message.kind !== 'welcome') {
      this.events.message(message);
      return;
    }
    clearTimeout(this.timer);
    this.welcomed = true;
    this.waiting = false;
    this.failures = 0;
    this.events.welcome(message.hosted);
    for (const text of this.outbox.splice(0)) this.socket?.send(text);
  }

  private fail(error: RelayError): void {
    switch (error) {
      case 'room-taken':
        this.refuse(
          new SimroomError(
            'rooms-unavailable',
            'This room is open already, in another tab or on another device. Close it there first.',
          ),
        );
        break;
      case 'room-full':
        this.refuse(new SimroomError('room-full', 'The room is full. Try again when somebody has left it.'));
        break;
      case 'bad-message':
        this.refuse(
          new SimroomError(
            'version-differs',
            `The relay at ${this.url} does not understand this version of the app. Reload the page; if that does not help, the relay needs an update.`,
          ),
        );
        break;
      case 'timed-out':
        // It lets nobody sit there who has nothing to say. That is no outage: one comes back when it closes.
        this.idle = true;
        break;
      case 'too-many-rooms':
      case 'too-many-connections':
      case 'too-fast':
        this.reason = new SimroomError(
          'relay-unreachable',
          `The relay at ${this.url} is busy (${error}). It is tried again by itself.`,
        );
        break;
      case 'shutting-down':
        this.reason = new SimroomError(
          'relay-unreachable',
          `The relay at ${this.url} is being restarted. It is tried again by itself.`,
        );
        break;
    }
  }

  private refuse(error: SimroomError): void {
    this.close();
    this.events.refused(error);
  }

  private readonly retryNow = (): void => {
    if (this.welcomed || this.socket !== null) return;
    clearTimeout(this.timer);
    this.connect();
  };

  private retryLater(): void {
    if (this.closed) return;
    this.drop();
    clearTimeout(this.timer);
    const pause = Math.min(FIRST_RETRY_MS * 2 ** this.failures, SLOWEST_RETRY_MS);
    this.failures++;
    // Those whom a restarted relay has lost do not all come back at once.
    this.timer = setTimeout(() => this.connect(), pause * (0.5 + Math.random() / 2));
    if (!this.waiting && !this.idle) {
      this.waiting = true;
      this.events.waiting(this.reason ?? unreachable(this.url));
    }
    this.idle = false;
    this.reason = null;
  }

  private drop(): void {
    const { socket } = this;
    this.socket = null;
    this.welcomed = false;
    if (socket === null) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }
}

function unreachable(url: string, cause?: unknown): SimroomError {
  return new SimroomError(
    'relay-unreachable',
    `The relay at ${url} cannot be reached, so nobody new can come in. It is tried again by itself.`,
    { cause },
  );
}
