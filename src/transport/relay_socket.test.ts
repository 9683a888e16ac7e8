import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SimroomError } from '../core/errors';
import type { FromRelay } from '../protocol/relay';
import { RelaySocket } from './relay_socket';
import { FakeRelay } from '../testing/fake_relay';

const HOST = { kind: 'host', room: '0'.repeat(32), token: '1'.repeat(32) } as const;
const GUEST = { kind: 'guest', room: '0'.repeat(32) } as const;

let relay: FakeRelay;
let told: string[];
let reason: SimroomError | null;
let messages: FromRelay[];
let socket: RelaySocket | null;

beforeEach(() => {
  vi.useFakeTimers();
  relay = new FakeRelay();
  told = [];
  messages = [];
  reason = null;
  socket = null;
});

afterEach(() => {
  socket?.close();
  relay.dispose();
  vi.useRealTimers();
});

function open(greeting: typeof HOST | typeof GUEST = HOST): RelaySocket {
  socket = new RelaySocket('wss://relay.test/relay', greeting, {
    welcome: (hosted) => told.push(hosted ? 'welcome hosted' : 'welcome'),
    message: (message) => messages.push(message),
    waiting: (why) => {
      reason = why;
      told.push('waiting');
    },
    refused: ({ code }) => told.push(code),
  });
  return socket;
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('the socket to the relay', () => {
  it('is let in', async () => {
    open();
    await pass(0);
    expect(told).toEqual(['welcome hosted']);
  });

  it('says once that the relay is away, tries ever more slowly, and says when it is back', async () => {
    relay.up = false;
    open();
    await pass(60_000);
    expect(told).toEqual(['waiting']);
    expect(reason).toMatchObject({ code: 'relay-unreachable' });
    expect(relay.tried).toBeGreaterThan(5);
    expect(relay.tried).toBeLessThan(15);
    relay.up = true;
    await pass(20_000);
    expect(told).toEqual(['waiting', 'welcome hosted']);
  });

  it('tries at once when the browser is online again', async () => {
    relay.up = false;
    open();
    await pass(60_000);
    relay.up = true;
    relay.online();
    await pass(0);
    expect(told.at(-1)).toBe('welcome hosted');
  });

  it('gives up on a relay that does not answer, and tries again', async () => {
    vi.spyOn(relay as unknown as { hear: () => void }, 'hear').mockImplementation(() => {});
    open();
    await pass(20_000);
    expect(told).toEqual(['waiting']);
    expect(relay.tried).toBeGreaterThan(1);
  });

  it('keeps what is sent meanwhile, within limits', async () => {
    open();
    await pass(0);
    relay.drop('host');
    for (let i = 0; i < 500; i++) {
      socket?.send({ kind: 'send', peer: 'a'.repeat(16), sealed: `message${i}` });
    }
    await pass(1000);
    expect(relay.passed.at(-1)).toBe('message499');
    expect(relay.passed).toHaveLength(128);
    expect(told).toEqual(['welcome hosted', 'waiting', 'welcome hosted']);
  });

  it('comes back with the same words', async () => {
    open(GUEST);
    await pass(0);
    relay.drop('guest');
    await pass(1000);
    expect(told).toEqual(['welcome', 'waiting', 'welcome']);
  });

  it.each([
    ['room-taken', 'rooms-unavailable'],
    ['room-full', 'room-full'],
    ['bad-message', 'version-differs'],
  ] as const)('takes %s for an answer', async (error, code) => {
    open();
    await pass(0);
    relay.say('host', { kind: 'error', error });
    await pass(60_000);
    expect(told).toEqual(['welcome hosted', code]);
    expect(relay.tried).toBe(1);
  });

  it.each(['too-many-rooms', 'too-many-connections', 'too-fast', 'shutting-down'] as const)(
    'tries again after %s, and says why it waits',
    async (error) => {
      open();
      await pass(0);
      relay.say('host', { kind: 'error', error });
      relay.drop('host');
      expect(reason).toMatchObject({ code: 'relay-unreachable' });
      expect(reason?.message).toMatch(/busy|restarted/);
      await pass(1000);
      expect(told).toEqual(['welcome hosted', 'waiting', 'welcome hosted']);
    },
  );

  it('makes no fuss of being cut for want of use', async () => {
    open(GUEST);
    await pass(0);
    relay.say('guest', { kind: 'error', error: 'timed-out' });
    relay.drop('guest');
    await pass(1000);
    expect(told).toEqual(['welcome', 'welcome']);
  });

  it('passes on what the relay says, and drops what no relay says', async () => {
    open();
    await pass(0);
    relay.say('host', { kind: 'joined', peer: 'a'.repeat(16) });
    relay.say('host', { kind: 'joined', peer: 'nonsense' });
    expect(messages).toEqual([{ kind: 'joined', peer: 'a'.repeat(16) }]);
  });

  it('is silent once closed', async () => {
    relay.up = false;
    open().close();
    await pass(60_000);
    expect(told).toEqual([]);
    expect(relay.tried).toBe(1);
  });
});
