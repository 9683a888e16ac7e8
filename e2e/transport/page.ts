import type { SimroomError } from '../../src/core/errors';
import type { Link } from '../../src/protocol/link';
import { openLink } from '../../src/transport/channels';
import type { Connection, ConnectionStats } from '../../src/transport/connection';
import { canTransferChannels } from '../../src/transport/forward';
import { resolveNetworkSettings } from '../../src/transport/ice';
import { deriveKeys, newSecret } from '../../src/transport/keys';
import type { Signal } from '../../src/transport/signal';
import {
  type GuestSignaling,
  type HostSignaling,
  createGuestSignaling,
  createHostSignaling,
} from '../../src/transport/signaling';
import { type SimplePeerConnection, loadSimplePeer } from '../../src/transport/simple_peer';
import type { Order, Report } from './worker';

/**
 * The transport without the app: both ends of a connection in one page, their links in a worker.
 *
 * The address chooses as in the app (`?signal=...`); `?forward` makes a browser of it that cannot transfer channels.
 */

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

if (new URLSearchParams(location.search).has('forward')) {
  const post = MessagePort.prototype.postMessage;
  const posting = function postMessage(this: MessagePort, message: unknown, transfer?: Transferable[]): void {
    if (transfer?.some((item) => item instanceof RTCDataChannel) === true) {
      throw new DOMException('RTCDataChannel', 'DataCloneError');
    }
    post.call(this, message, { transfer: transfer ?? [] });
  };
  Object.assign(MessagePort.prototype, { postMessage: posting });
}

const settings = resolveNetworkSettings(new URL(location.href), { stun: [] }, null);

interface Room {
  readonly host: HostSignaling;
  readonly guest: GuestSignaling;
  readonly states: string[];
  /** Both ends of a new connection. */
  connect(): Promise<[Connection, Connection]>;
  close(): void;
}

const TOKEN = '00112233445566778899aabbccddeeff';

async function openRoom(): Promise<Room> {
  const keys = await deriveKeys(newSecret());
  const arrived: ((connection: Connection) => void)[] = [];
  const states: string[] = [];
  let open: (() => void) | null = null;
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  const host = await createHostSignaling(
    { settings, keys, token: TOKEN },
    {
      connection: (connection) => arrived.shift()?.(connection),
      state: (state) => {
        states.push(`host ${state}`);
        if (state === 'open') open?.();
      },
      refused: (error) => states.push(`host ${error.code}`),
    },
  );
  await isOpen;
  const guest = await createGuestSignaling(
    { settings, keys },
    { state: (state) => states.push(`guest ${state}`) },
  );
  return {
    host,
    guest,
    states,
    async connect() {
      const theirs = new Promise<Connection>((resolve) => arrived.push(resolve));
      const ours = await guest.connect();
      return [await theirs, ours];
    },
    close() {
      host.close();
      guest.close();
    },
  };
}

/** Lets the worker do something with connections. */
function order(check: string, ports: readonly MessagePort[]): Promise<Report> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<Report>) => {
      port1.close();
      resolve(data);
    };
    worker.postMessage({ check, ports } satisfies Order, [port2, ...ports]);
  });
}

/** Two connections that signal each other directly, through `pass`. */
async function direct(
  pass: (signal: Signal, deliver: (signal: Signal) => void) => void,
): Promise<{ guest: SimplePeerConnection; host: SimplePeerConnection }> {
  const make = await loadSimplePeer();
  const { ice } = settings;
  const guest: SimplePeerConnection = make({
    initiator: true,
    ice,
    send: (signal) => pass(signal, (passed) => host.signal(passed)),
  });
  const host: SimplePeerConnection = make({
    initiator: false,
    ice,
    send: (signal) => pass(signal, (passed) => guest.signal(passed)),
  });
  return { guest, host };
}

/** A message there and back. */
async function echo(a: Link, b: Link): Promise<boolean> {
  const there = heard(b);
  a.ctl.send(Uint8Array.of(1));
  const back = heard(a);
  b.ctl.send(await there);
  return (await back)[0] === 1;
}

function heard(link: Link): Promise<Uint8Array> {
  return new Promise((resolve) => {
    link.ctl.onmessage = resolve;
  });
}

/** Lets everything else have its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}

async function statsWhenMeasured(connection: Connection): Promise<ConnectionStats> {
  for (;;) {
    const stats = await connection.stats();
    if (stats !== null && stats.rttMs !== null && stats.bytesReceived > 0) return stats;
    await turn();
  }
}

const transport = {
  canTransferChannels,

  /** Runs one check of the contract on a new connection; null when it holds. */
  async check(name: string): Promise<string | null> {
    const room = await openRoom();
    const [host, guest] = await room.connect();
    const ended = Promise.all(
      [host, guest].map(
        (connection) =>
          new Promise<SimroomError | null>((resolve) => {
            connection.onclose = resolve;
          }),
      ),
    );
    const report = await order(name, [host.port, guest.port]);
    // The worker has closed the links: that ends the page's half too.
    const errors = await ended;
    room.close();
    if ('error' in report) return report.error;
    return errors.map((error) => error?.message).find((message) => message !== undefined) ?? null;
  },

  /** A guest that waits for its host, who comes later: what happened, in order. */
  async waiting(): Promise<readonly string[]> {
    const keys = await deriveKeys(newSecret());
    const told: string[] = [];
    const guest = await createGuestSignaling({ settings, keys }, { state: () => {} });
    const hosted = guest.hosted().then(() => told.push('hosted'));
    told.push(String(await codeOf(guest.connect())));
    const host = await createHostSignaling(
      { settings, keys, token: TOKEN },
      { connection: (connection) => connection.close(), state: () => {}, refused: () => {} },
    );
    await hosted;
    host.close();
    guest.close();
    return told;
  },

  async stats(): Promise<ConnectionStats> {
    const room = await openRoom();
    const [host, guest] = await room.connect();
    const stats = await statsWhenMeasured(guest);
    host.close();
    guest.close();
    room.close();
    return stats;
  },

  /** A second room under the same name and another token: what its host is told. */
  async taken(): Promise<readonly string[]> {
    const keys = await deriveKeys(newSecret());
    const told: string[] = [];
    const open = (token: string): Promise<HostSignaling> =>
      new Promise((resolve) => {
        const made: Promise<HostSignaling> = createHostSignaling(
          { settings, keys, token },
          {
            connection: () => {},
            state: (state) => {
              told.push(state);
              resolve(made);
            },
            refused: ({ code }) => {
              told.push(code);
              resolve(made);
            },
          },
        );
      });
    const first = await open(TOKEN);
    const second = await open(TOKEN.replaceAll('0', 'f'));
    first.close();
    second.close();
    return told;
  },

  /** Restarts ICE on an open connection: messages still come through, and nothing was lost. */
  async restart(): Promise<boolean> {
    let offers = 0;
    const { guest, host } = await direct((signal, deliver) => {
      if (signal.type === 'offer') offers++;
      deliver(signal);
    });
    const [a, b] = await Promise.all([openLink(guest.connection.port), openLink(host.connection.port)]);
    guest.connection.ondisconnected?.();
    const meanwhile = await echo(a, b);
    while (offers < 2) await turn();
    const through = meanwhile && (await echo(a, b));
    a.close();
    return through;
  },

  /**
   * Somebody else's offer for a connection that stands, as a guest together with the relay could seal one; then an
   * honest restart.
   *
   * @returns how many offers the host has answered, and whether the honest ones still talk
   */
  async takeover(): Promise<{ answers: number; through: boolean }> {
    let answers = 0;
    const { guest, host } = await direct((signal, deliver) => {
      if (signal.type === 'answer') answers++;
      deliver(signal);
    });
    const [a, b] = await Promise.all([openLink(guest.connection.port), openLink(host.connection.port)]);
    const thief = new RTCPeerConnection(settings.ice);
    thief.createDataChannel('ctl', { negotiated: true, id: 1 });
    const offer = await thief.createOffer();
    host.signal({ type: 'offer', sdp: offer.sdp ?? '' });
    guest.signal({ type: 'answer', sdp: (offer.sdp ?? '').replace('a=setup:actpass', 'a=setup:active') });
    // A message there and back: by then an answer to the thief would have been made.
    await echo(a, b);
    guest.connection.ondisconnected?.();
    while (answers < 2) await turn();
    const through = await echo(a, b);
    thief.close();
    a.close();
    return { answers, through };
  },

  /**
   * An offer that promises two certificates, as somebody in between could write it, and then the honest one.
   *
   * @returns whether the honest one alone has counted
   */
  async twoCertificates(): Promise<boolean> {
    const theirs = await foreignFingerprint();
    const { guest, host } = await direct((signal, deliver) => {
      if (signal.type === 'offer') {
        // The last one is what Chromium goes by.
        deliver({ ...signal, sdp: signal.sdp.replace(/a=fingerprint:.*\r\n/, `$&${theirs}`) });
      }
      deliver(signal);
    });
    const [a, b] = await Promise.all([openLink(guest.connection.port), openLink(host.connection.port)]);
    const same = a.binding.local.join() === b.binding.remote.join();
    a.close();
    return same;
  },

  /** Begins a connection that will find no way. */
  async loseWay(): Promise<void> {
    const { guest } = await direct((signal, deliver) => {
      if (signal.type !== 'candidate') deliver(signal);
    });
    lost = codeOf(openLink(guest.connection.port));
  },

  /** The code that the worker sees of it. */
  lostWay: (): Promise<unknown> => lost,
};

/** Of {@link transport.loseWay}. */
let lost: Promise<unknown> = Promise.resolve(null);

function codeOf(failing: Promise<unknown>): Promise<unknown> {
  return failing.then(
    () => null,
    (error: unknown) => Reflect.get(Object(error), 'code'),
  );
}

/** The line by which somebody else would promise their certificate. */
async function foreignFingerprint(): Promise<string> {
  const other = new RTCPeerConnection();
  other.createDataChannel('other');
  const { sdp = '' } = await other.createOffer();
  other.close();
  return /a=fingerprint:.*\r\n/.exec(sdp)?.[0] ?? '';
}

export type Transport = typeof transport;

Object.assign(window, { transport });
