import { SimroomError } from '../core/errors';
import type { FromRelay } from '../protocol/relay';
import { Attempt, type MakeConnection } from './attempt';
import type { Connection } from './connection';
import { RelaySocket } from './relay_socket';
import { connectionOf, newConnection } from './sealing';
import type {
  GuestSignaling,
  GuestSignalingOptions,
  HostSignaling,
  HostSignalingEvents,
  HostSignalingOptions,
  SignalingEvents,
} from './signaling';
import { loadSimplePeer } from './simple_peer';
import { Watch } from './watch';

/**
 * Signaling over our relay: every text is sealed, so that the relay learns the room's tag and nothing else.
 */

/** How long a room may have no host, ms: a host that reloads its page is back by then. */
const NOT_HOSTED_GRACE_MS = 5000;
/** Attempts at once that have not led to a connection: more is a flood. Those that connect are under a second each. */
const MAX_ATTEMPTS = 64;
/** Ids of connections that have been: a replay of their beginning must not make another. */
const MAX_FORMER = 4096;

/** The host's side. */
export class RelayHost implements HostSignaling {
  dropped = 0;
  private readonly socket: RelaySocket;
  private readonly guests = new Map<string, Guest>();
  private readonly former = new Set<string>();

  static async open(
    options: HostSignalingOptions,
    url: string,
    events: HostSignalingEvents,
  ): Promise<RelayHost> {
    return new RelayHost(options, url, events, await loadSimplePeer());
  }

  constructor(
    private readonly options: HostSignalingOptions,
    url: string,
    private readonly events: HostSignalingEvents,
    private readonly make: MakeConnection,
  ) {
    const { keys, token } = options;
    this.socket = new RelaySocket(
      url,
      { kind: 'host', room: keys.tag, token },
      {
        welcome: () => events.state('open', null),
        waiting: (reason) => events.state('waiting', reason),
        refused: (error) => events.refused(error),
        message: (message) => void this.hear(message),
      },
    );
  }

  close(): void {
    this.socket.close();
  }

  private async hear(message: FromRelay): Promise<void> {
    if (message.kind !== 'sealed' || message.peer === undefined) return;
    const { peer, sealed } = message;
    const id = connectionOf(sealed);
    const guest =
      id === null || this.former.has(id) ? null : (this.guests.get(id) ?? this.newGuest(id, peer));
    if (id === null || guest === null) {
      this.dropped++;
      return;
    }
    guest.opening++;
    const signals = await guest.attempt.open(sealed);
    guest.opening--;
    if (signals === null) this.dropped++;
    else {
      // After an outage the relay knows the guest by another name.
      guest.peer = peer;
      if (guest.attempt.connection === null && signals[0]?.type === 'offer') this.welcome(id, guest);
      guest.attempt.hear(signals);
    }
    if (guest.attempt.connection === null && guest.opening === 0) this.guests.delete(id);
  }

  private newGuest(id: string, peer: string): Guest | null {
    let trying = 0;
    for (const { settled } of this.guests.values()) if (!settled) trying++;
    if (trying >= MAX_ATTEMPTS) return null;
    const { keys, settings } = this.options;
    const guest: Guest = {
      peer,
      opening: 0,
      settled: false,
      attempt: new Attempt({
        key: keys.seal,
        tag: keys.tag,
        id,
        direction: 'to-guest',
        ice: settings.ice,
        make: this.make,
        post: (sealed) => this.socket.send({ kind: 'send', peer: guest.peer, sealed }),
      }),
    };
    this.guests.set(id, guest);
    return guest;
  }

  private welcome(id: string, guest: Guest): void {
    const connection = guest.attempt.connect();
    connection.onopened = () => {
      guest.settled = true;
    };
    connection.onended = () => {
      this.guests.delete(id);
      this.former.add(id);
      const [oldest] = this.former;
      if (this.former.size > MAX_FORMER && oldest !== undefined) this.former.delete(oldest);
    };
    this.events.connection(connection);
  }
}

interface Guest {
  readonly attempt: Attempt;
  /** What the relay calls it. */
  peer: string;
  /** Texts being opened. */
  opening: number;
  /** The connection stands. */
  settled: boolean;
}

/** The guest's side. */
export class RelayGuest implements GuestSignaling {
  private readonly socket: RelaySocket;
  private readonly watch = new Watch();
  private readonly attempts = new Map<string, Attempt>();
  private isHosted = false;
  private refusal: SimroomError | null = null;
  /** Runs while the room has no host; when it has run out, nobody has the room open. */
  private grace: ReturnType<typeof setTimeout> | undefined;
  private isMissing = false;

  static async open(
    options: GuestSignalingOptions,
    url: string,
    events: SignalingEvents,
  ): Promise<RelayGuest> {
    return new RelayGuest(options, url, events, await loadSimplePeer());
  }

  constructor(
    private readonly options: GuestSignalingOptions,
    url: string,
    events: SignalingEvents,
    private readonly make: MakeConnection,
  ) {
    this.socket = new RelaySocket(
      url,
      { kind: 'guest', room: options.keys.tag },
      {
        welcome: (hosted) => {
          this.learn(hosted);
          events.state('open', null);
        },
        waiting: (reason) => {
          this.learn(null);
          events.state('waiting', reason);
        },
        refused: (error) => {
          this.refusal = error;
          this.watch.check();
        },
        message: (message) => void this.hear(message),
      },
    );
  }

  async connect(stop?: AbortSignal): Promise<Connection> {
    await this.watch.until(() => {
      if (this.isMissing) throw notHosted();
      return this.here();
    }, stop);
    return this.attempt();
  }

  hosted(stop?: AbortSignal): Promise<void> {
    return this.watch.until(() => this.here(), stop);
  }

  close(): void {
    this.refusal ??= new SimroomError('not-in-room', 'The room was left.');
    clearTimeout(this.grace);
    this.socket.close();
    this.watch.check();
  }

  private here(): boolean {
    if (this.refusal !== null) throw this.refusal;
    return this.isHosted;
  }

  /** @param hosted null when nobody can tell */
  private learn(hosted: boolean | null): void {
    this.isHosted = hosted === true;
    if (hosted !== false) {
      clearTimeout(this.grace);
      this.grace = undefined;
      this.isMissing = false;
    } else {
      this.grace ??= setTimeout(() => {
        this.isMissing = true;
        this.watch.check();
      }, NOT_HOSTED_GRACE_MS);
    }
    this.watch.check();
  }

  private attempt(): Connection {
    const id = newConnection();
    const { keys, settings } = this.options;
    const attempt = new Attempt({
      key: keys.seal,
      tag: keys.tag,
      id,
      direction: 'to-host',
      ice: settings.ice,
      make: this.make,
      post: (sealed) => this.socket.send({ kind: 'send', sealed }),
    });
    const connection = attempt.connect();
    this.attempts.set(id, attempt);
    connection.onended = () => this.attempts.delete(id);
    return connection;
  }

  private async hear(message: FromRelay): Promise<void> {
    if (message.kind === 'hosted') this.learn(message.hosted);
    if (message.kind !== 'sealed') return;
    const attempt = this.attempts.get(connectionOf(message.sealed) ?? '');
    const signals = (await attempt?.open(message.sealed)) ?? null;
    if (signals !== null) attempt?.hear(signals);
  }
}

function notHosted(): SimroomError {
  return new SimroomError(
    'room-not-found',
    'Nobody has this room open just now. Ask whoever sent the link to open it again, then try again.',
  );
}
