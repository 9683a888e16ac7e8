import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SimroomError } from '../core/errors';
import { Random } from '../core/random';
import { fromBase64url, toBase64url, toHex } from '../core/encoding';
import type { RtcConnection } from './connection';
import { resolveNetworkSettings } from './ice';
import { type RoomKeys, deriveKeys, newSecret } from './keys';
import { RelayGuest, RelayHost } from './relay_signaling';
import type { Signal } from './signal';
import type { SimplePeerConnection, SimplePeerOptions } from './simple_peer';
import { FakeRelay } from '../testing/fake_relay';
import { eventually } from '../testing/eventually';

const TOKEN = 'ab'.repeat(16);
const URL_OF_RELAY = 'wss://relay.test/relay';
const settings = resolveNetworkSettings(new URL(`https://app.test/?signal=${URL_OF_RELAY}`), null, null);

/** A connection that signals without any network, and remembers what it hears. */
class FakeConnection {
  static all: FakeConnection[] = [];
  readonly heard: Signal[] = [];
  readonly failures: unknown[] = [];
  onended: (() => void) | null = null;
  onopened: (() => void) | null = null;
  private readonly options: SimplePeerOptions;

  constructor(options: SimplePeerOptions) {
    this.options = options;
    FakeConnection.all.push(this);
    if (options.initiator) for (const signal of GUEST_SIGNALS) options.send(signal);
  }

  get initiator(): boolean {
    return this.options.initiator;
  }

  signal(signal: Signal): void {
    this.heard.push(signal);
    if (signal.type === 'offer') for (const answer of HOST_SIGNALS) this.options.send(answer);
  }

  /** Signals later, as after a change of network. */
  send(signal: Signal): void {
    this.options.send(signal);
  }

  fail(error: unknown): void {
    this.failures.push(error);
  }
}

const candidate = (name: string): Signal => ({
  type: 'candidate',
  candidate: { candidate: `candidate:${name}`, sdpMid: '0', sdpMLineIndex: 0 },
});
const GUEST_SIGNALS: readonly Signal[] = [
  { type: 'offer', sdp: 'v=0 the offer' },
  ...['a', 'b', 'c'].map(candidate),
];
const HOST_SIGNALS: readonly Signal[] = [
  { type: 'answer', sdp: 'v=0 the answer' },
  ...['d', 'e'].map(candidate),
];

const make = (options: SimplePeerOptions): SimplePeerConnection => {
  const connection = new FakeConnection(options);
  return {
    connection: connection as unknown as RtcConnection,
    signal: (signal) => connection.signal(signal),
  };
};

let relay: FakeRelay;
let keys: RoomKeys;
let welcomed: FakeConnection[];
const open: { close(): void }[] = [];

beforeEach(async () => {
  relay = new FakeRelay();
  FakeConnection.all = [];
  welcomed = [];
  keys = await deriveKeys(newSecret());
});

afterEach(() => {
  for (const signaling of open.splice(0)) signaling.close();
  relay.dispose();
});

function openHost(of = keys): RelayHost {
  const host = new RelayHost(
    { settings, keys: of, token: TOKEN },
    URL_OF_RELAY,
    {
      connection: (connection) => welcomed.push(connection as unknown as FakeConnection),
      state: () => {},
      refused: () => {},
    },
    make,
  );
  open.push(host);
  return host;
}

function openGuest(of = keys): RelayGuest {
  const guest = new RelayGuest({ settings, keys: of }, URL_OF_RELAY, { state: () => {} }, make);
  open.push(guest);
  return guest;
}

async function connect(guest = openGuest()): Promise<FakeConnection> {
  return (await guest.connect()) as unknown as FakeConnection;
}

const whenHeard = (connection: FakeConnection, signals: readonly Signal[]): Promise<void> =>
  eventually(() => expect(connection.heard).toEqual(signals));

describe('an honest relay', () => {
  it('carries signals both ways, in order, once', async () => {
    openHost();
    const guest = await connect();
    await whenHeard(guest, HOST_SIGNALS);
    expect(welcomed).toHaveLength(1);
    expect(welcomed[0]?.heard).toEqual(GUEST_SIGNALS);
  });

  it('carries later signals too, also when the guest has lost its place meanwhile', async () => {
    const host = openHost();
    const guest = await connect();
    await whenHeard(guest, HOST_SIGNALS);
    relay.drop('guest');
    const again = { type: 'offer', sdp: 'v=0 a restart' } as const;
    guest.send(again);
    await whenHeard(guest, [...HOST_SIGNALS, ...HOST_SIGNALS]);
    expect(welcomed[0]?.heard).toEqual([...GUEST_SIGNALS, again]);
    expect(welcomed).toHaveLength(1);
    expect(host.dropped).toBe(0);
  });

  it('keeps guests apart', async () => {
    openHost();
    const guests = await Promise.all([connect(), connect(), connect()]);
    for (const guest of guests) await whenHeard(guest, HOST_SIGNALS);
    expect(welcomed).toHaveLength(3);
    for (const connection of welcomed) expect(connection.heard).toEqual(GUEST_SIGNALS);
  });
});

describe('a guest', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const outcome = (promise: Promise<unknown>): { is: unknown } => {
    const seen: { is: unknown } = { is: 'waiting' };
    promise.then(
      () => (seen.is = 'done'),
      (error: unknown) => (seen.is = Reflect.get(Object(error), 'code')),
    );
    return seen;
  };
  const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

  it('waits a little for a host that comes back, then says that nobody is there', async () => {
    const seen = outcome(openGuest().connect());
    await pass(3000);
    expect(seen.is).toBe('waiting');
    openHost();
    await pass(0);
    expect(seen.is).toBe('done');

    relay.drop('host');
    open[1]?.close();
    relay.say('guest', { kind: 'hosted', hosted: false });
    const second = outcome((open[0] as RelayGuest).connect());
    await pass(6000);
    expect(second.is).toBe('room-not-found');
    const again = outcome((open[0] as RelayGuest).hosted());
    await pass(60_000);
    expect(again.is).toBe('waiting');
    relay.say('guest', { kind: 'hosted', hosted: true });
    await pass(0);
    expect(again.is).toBe('done');
  });

  it('waits for a relay that is away, until it is told to stop', async () => {
    relay.up = false;
    const stop = new AbortController();
    const seen = outcome(openGuest().connect(stop.signal));
    await pass(60_000);
    expect(seen.is).toBe('waiting');
    stop.abort(new SimroomError('load-cancelled', 'The visitor has changed their mind.'));
    await pass(0);
    expect(seen.is).toBe('load-cancelled');
  });

  it('is told that the room is full', async () => {
    const guest = openGuest();
    const seen = outcome(guest.connect());
    await pass(0);
    relay.say('guest', { kind: 'error', error: 'room-full' });
    await pass(0);
    expect(seen.is).toBe('room-full');
    await expect(guest.connect()).rejects.toMatchObject({ code: 'room-full' });
  });
});

describe('a relay that', () => {
  it('reads learns nothing of the descriptions', async () => {
    openHost();
    await whenHeard(await connect(), HOST_SIGNALS);
    expect(relay.passed.length).toBeGreaterThan(1);
    for (const sealed of relay.passed) {
      const text = String.fromCharCode(...(fromBase64url(sealed) ?? []));
      for (const word of ['v=0', 'candidate', 'offer', 'answer', 'signals']) expect(text).not.toContain(word);
    }
  });

  it('alters gets nothing through', async () => {
    const host = openHost();
    relay.pass = (sealed, deliver) => {
      const bytes = fromBase64url(sealed) ?? new Uint8Array();
      // Connection id, sequence number, nonce, content, tag.
      for (const at of [0, 16, 19, 20, 33, bytes.length >> 1, bytes.length - 1]) {
        const altered = bytes.slice();
        altered[at] = (altered[at] ?? 0) ^ 1;
        deliver(toBase64url(altered));
      }
      deliver(sealed.slice(0, -4));
      deliver(sealed.slice(0, 20));
    };
    const guest = await connect();
    await eventually(() => expect(host.dropped).toBeGreaterThanOrEqual(9));
    expect(welcomed).toHaveLength(0);
    expect(guest.heard).toEqual([]);

    relay.pass = null;
    await whenHeard(await connect(), HOST_SIGNALS);
    expect(welcomed).toHaveLength(1);
  });

  it('replays changes nothing', async () => {
    const host = openHost();
    relay.pass = (sealed, deliver) => {
      deliver(sealed);
      for (const old of relay.passed) deliver(old);
    };
    const guest = await connect();
    await whenHeard(guest, HOST_SIGNALS);
    expect(welcomed).toHaveLength(1);
    expect(welcomed[0]?.heard).toEqual(GUEST_SIGNALS);

    // Nor does it when the connection has been and gone.
    relay.pass = null;
    welcomed[0]?.onended?.();
    const before = host.dropped;
    const count = relay.replay('host');
    await eventually(() => expect(host.dropped).toBe(before + count));
    expect(welcomed).toHaveLength(1);
  });

  it('reorders makes no signal count twice or too late', async () => {
    openHost();
    const kept: (() => void)[] = [];
    relay.pass = (sealed, deliver) => {
      kept.push(() => deliver(sealed));
    };
    const guest = await connect();
    guest.send(candidate('late'));
    await eventually(() => expect(kept.length).toBeGreaterThan(1));
    relay.pass = null;
    for (const deliver of kept.reverse()) deliver();
    // The last one came first: what it overtook is stale, and without an offer there is no connection.
    await whenHeard(await connect(), HOST_SIGNALS);
    expect(welcomed).toHaveLength(1);
    expect(guest.heard).toEqual([]);
  });

  it('injects gets nobody in, and disturbs nobody', async () => {
    const host = openHost();
    const random = new Random(7);
    const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.below(256));
    // Another room's, sealed well, but not for this one.
    const elsewhere = new FakeRelay();
    const others = await deriveKeys(newSecret());
    openHost(others);
    await whenHeard(await connect(openGuest(others)), HOST_SIGNALS);
    const foreign = [...elsewhere.passed];
    elsewhere.dispose();
    relay.adopt();
    welcomed.length = 0;

    const injected = [
      ...foreign,
      ...Array.from({ length: 40 }, () => toBase64url(noise(48 + random.below(500)))),
    ];
    for (const sealed of injected) relay.inject('host', sealed, toHex(noise(8)));
    await eventually(() => expect(host.dropped).toBe(injected.length));
    expect(welcomed).toHaveLength(0);
    await whenHeard(await connect(), HOST_SIGNALS);
    expect(welcomed).toHaveLength(1);
  });

  it('redirects leads nobody to the wrong one', async () => {
    openHost();
    const guests = [await connect(), await connect()];
    for (const guest of guests) await whenHeard(guest, HOST_SIGNALS);
    const before = welcomed.map(({ heard }) => heard.length);
    // Everybody gets what everybody has ever said; the host gets its own words too.
    for (const sealed of relay.passed) {
      relay.inject('guest', sealed);
      relay.inject('host', sealed, 'ab'.repeat(8));
    }
    const third = await connect();
    await whenHeard(third, HOST_SIGNALS);
    for (const guest of guests) expect(guest.heard).toEqual(HOST_SIGNALS);
    expect(welcomed.slice(0, 2).map(({ heard }) => heard.length)).toEqual(before);
    expect(welcomed).toHaveLength(3);
  });

  it('floods cannot keep attempts open', async () => {
    const host = openHost();
    await whenHeard(await connect(), HOST_SIGNALS);
    const random = new Random(11);
    const flood = 500;
    for (let i = 0; i < flood; i++) {
      const noise = Uint8Array.from({ length: 64 }, () => random.below(256));
      relay.inject('host', toBase64url(noise), 'cd'.repeat(8));
    }
    await eventually(() => expect(host.dropped).toBe(flood));
    await whenHeard(await connect(), HOST_SIGNALS);
  });
});
