import { afterEach, describe, expect, test } from 'vitest';
import type { ToRelay } from '../src/protocol/relay';
import type { RelaySettings } from './config';
import { Browser, hex32, metric, startRelay, type TestRelay } from './testing';

const ROOM = hex32(1);
const HOST = { kind: 'host', room: ROOM, token: hex32(2) } as const;
const GUEST = { kind: 'guest', room: ROOM } as const;
const BLOB = { kind: 'send', sealed: 'abc' } as const;

const relays: TestRelay[] = [];

afterEach(async () => {
  await Promise.all(relays.splice(0).map(({ server }) => server.close()));
});

async function start(settings: Partial<RelaySettings>): Promise<TestRelay> {
  const relay = await startRelay(settings);
  relays.push(relay);
  return relay;
}

async function guestOf({ url }: TestRelay, room = ROOM): Promise<Browser> {
  const guest = await Browser.enter(url, { kind: 'guest', room });
  await guest.nextOf('welcome');
  return guest;
}

async function hostOf({ url }: TestRelay): Promise<Browser> {
  const host = await Browser.enter(url, HOST);
  await host.nextOf('welcome');
  return host;
}

test('guests of a room', async () => {
  const relay = await start({ guestsPerRoom: 2 });
  await hostOf(relay);
  await guestOf(relay);
  const second = await guestOf(relay);
  const third = await Browser.enter(relay.url, GUEST);
  expect(await third.next()).toEqual({ kind: 'error', error: 'room-full' });
  expect((await third.closed).code).toBe(1013);
  await second.leave();
  await expect.poll(() => metric(relay, 'guests')).toBe(1);
  await guestOf(relay);
});

test('rooms, also those without a host', async () => {
  const relay = await start({ maxRooms: 2 });
  const first = await guestOf(relay, hex32(11));
  await guestOf(relay, hex32(12));
  for (const introduction of [HOST, GUEST]) {
    const late = await Browser.enter(relay.url, introduction);
    expect(await late.next()).toEqual({ kind: 'error', error: 'too-many-rooms' });
    await late.closed;
  }
  await guestOf(relay, hex32(12));
  await first.leave();
  await expect.poll(() => metric(relay, 'rooms')).toBe(1);
  await hostOf(relay);
});

test('connections of one address', async () => {
  const relay = await start({ connectionsPerAddress: 2, trustedProxies: 1 });
  const from = (address: string): Promise<Browser> =>
    Browser.connect(relay.url, { headers: { 'x-forwarded-for': address } });
  const first = await from('203.0.113.1');
  await from('203.0.113.1');
  const third = await from('203.0.113.1');
  expect(await third.next()).toEqual({ kind: 'error', error: 'too-many-connections' });
  expect(await third.closed).toEqual({ code: 1013, reason: 'too-many-connections' });
  const other = await from('203.0.113.2');
  await first.leave();
  await expect.poll(() => metric(relay, 'connections')).toBe(2);
  const again = await from('203.0.113.1');
  for (const browser of [other, again]) {
    browser.send(GUEST);
    expect(await browser.next()).toMatchObject({ kind: 'welcome' });
  }
});

test('new connections of one address a minute', async () => {
  const relay = await start({ connectsPerMinute: 3 });
  for (let i = 0; i < 3; i++) await (await guestOf(relay)).leave();
  await expect(Browser.connect(relay.url)).rejects.toThrow('429');
  expect(await metric(relay, 'refusals_total{reason="connects-too-fast"}')).toBe(1);
  relay.clock.pass(20_000);
  await guestOf(relay);
  await expect(Browser.connect(relay.url)).rejects.toThrow('429');
});

test('connections in all', async () => {
  const relay = await start({ maxConnections: 1 });
  await guestOf(relay);
  await expect(Browser.connect(relay.url)).rejects.toThrow('503');
  expect(await metric(relay, 'refusals_total{reason="full"}')).toBe(1);
});

test('pages of other origins', async () => {
  const origins = ['https://app.example'];
  const relay = await start({ origins });
  const from = (origin: string): Promise<Browser> => Browser.connect(relay.url, { origin });
  await from('https://app.example');
  await from(`http://127.0.0.1:${String(relay.server.port)}`);
  await expect(from('https://evil.example')).rejects.toThrow('403');
  await expect(from('null')).rejects.toThrow('403');
  expect(await metric(relay, 'refusals_total{reason="origin"}')).toBe(2);
});

test('messages of a guest; the limit comes back with time', async () => {
  const relay = await start({ messageBurst: 10, messagesPerSecond: 5 });
  const host = await hostOf(relay);
  const [first, second] = [await guestOf(relay), await guestOf(relay)];
  for (let i = 0; i < 10; i++) second.send(BLOB);
  for (let i = 0; i < 10; i++) await host.nextOf('sealed');
  relay.clock.pass(1000);
  for (let i = 0; i < 5; i++) second.send(BLOB);
  for (let i = 0; i < 5; i++) await host.nextOf('sealed');
  second.send(BLOB);
  expect(await second.next()).toEqual({ kind: 'error', error: 'too-fast' });
  expect((await second.closed).code).toBe(1008);
  expect(await host.next()).toMatchObject({ kind: 'left' });
  first.send(BLOB);
  expect(await host.next()).toMatchObject({ kind: 'sealed' });
});

test('long messages, which count as several', async () => {
  const relay = await start({ messageBurst: 10, messagesPerSecond: 1 });
  await hostOf(relay);
  const guest = await guestOf(relay);
  const long = { kind: 'send', sealed: 'x'.repeat(30_000) } as const;
  guest.send(long);
  guest.send(long);
  expect(await guest.next()).toEqual({ kind: 'error', error: 'too-fast' });
});

test('messages of a host, for each guest', async () => {
  const relay = await start({ messageBurst: 10, messagesPerSecond: 1 });
  const host = await Browser.enter(relay.url, HOST);
  const guests = [await guestOf(relay), await guestOf(relay)];
  const ids = [(await host.nextOf('joined')).peer, (await host.nextOf('joined')).peer];
  for (const peer of ids) for (let i = 0; i < 10; i++) host.send({ ...BLOB, peer });
  for (const guest of guests) for (let i = 0; i < 10; i++) await guest.nextOf('sealed');
  host.send({ ...BLOB, peer: ids[0] ?? '' });
  expect(await host.next()).toEqual({ kind: 'error', error: 'too-fast' });
});

test('messages to nobody, and pings', async () => {
  const relay = await start({ messageBurst: 10, messagesPerSecond: 1 });
  const host = await hostOf(relay);
  for (let i = 0; i < 11; i++) host.send({ ...BLOB, peer: '0123456789abcdef' });
  expect(await host.next()).toEqual({ kind: 'error', error: 'too-fast' });
  const pinger = await Browser.connect(relay.url);
  for (let i = 0; i < 11; i++) pinger.socket.ping();
  expect(await pinger.next()).toEqual({ kind: 'error', error: 'too-fast' });
});

test('the time for an introduction', async () => {
  const relay = await start({ introduceMs: 1000 });
  const silent = await Browser.connect(relay.url);
  const guest = await guestOf(relay);
  relay.clock.pass(999);
  relay.clock.pass(1);
  expect(await silent.next()).toEqual({ kind: 'error', error: 'timed-out' });
  expect((await silent.closed).code).toBe(1008);
  expect(guest.socket.readyState).toBe(guest.socket.OPEN);
});

test('guests who do nothing', async () => {
  const relay = await start({ idleMs: 10_000, heartbeatMs: 1e9 });
  const host = await hostOf(relay);
  const [idle, writer, written] = [await guestOf(relay), await guestOf(relay), await guestOf(relay)];
  await host.nextOf('joined');
  await host.nextOf('joined');
  const { peer } = await host.nextOf('joined');
  relay.clock.pass(6000);
  writer.send(BLOB);
  await host.nextOf('sealed');
  host.send({ ...BLOB, peer });
  await written.nextOf('sealed');
  relay.clock.pass(6000);
  expect(await idle.next()).toEqual({ kind: 'error', error: 'timed-out' });
  await host.nextOf('left');
  expect(await metric(relay, 'guests')).toBe(2);
  relay.clock.pass(6000);
  for (const guest of [writer, written]) {
    expect(await guest.nextOf('error')).toEqual({ kind: 'error', error: 'timed-out' });
  }
  expect(await metric(relay, 'hosts')).toBe(1);
});

test('those who answer no pings', async () => {
  const relay = await start({ heartbeatMs: 1000 });
  const host = await hostOf(relay);
  const dead = await Browser.connect(relay.url, { autoPong: false });
  dead.send(GUEST);
  await dead.nextOf('welcome');
  const pinged = [host, dead].map(({ socket }) => new Promise((resolve) => socket.once('ping', resolve)));
  relay.clock.pass(1000);
  await Promise.all(pinged);
  // The host's pong is on its way: what it sends after it tells when it is there.
  host.send({ ...BLOB, peer: '0123456789abcdef' });
  await expect.poll(() => metric(relay, 'lost_total')).toBe(1);
  relay.clock.pass(1000);
  expect((await dead.closed).code).toBe(1006);
  await host.nextOf('left');
  expect(await metric(relay, 'refusals_total{reason="silent"}')).toBe(1);
  expect(host.socket.readyState).toBe(host.socket.OPEN);
});

describe('those who do not read', () => {
  const LIMITS = { messageBurst: 1e6, messagesPerSecond: 1e6, maxBufferedBytes: 64 << 10 };
  const LONG = { kind: 'send', sealed: 'x'.repeat(30_000) } as const;

  /** Writes on until `done`: the system's own buffers hold some megabytes before ours fill. */
  async function flood(writer: Browser, message: ToRelay, done: () => Promise<boolean>): Promise<void> {
    while (!(await done())) for (let i = 0; i < 50; i++) writer.send(message);
  }

  test('a guest is dropped', async () => {
    const relay = await start(LIMITS);
    const host = await hostOf(relay);
    const guest = await guestOf(relay);
    const { peer } = await host.nextOf('joined');
    guest.socket.pause();
    const slow = 'refusals_total{reason="too-slow"}';
    await flood(host, { ...LONG, peer }, async () => (await metric(relay, slow)) > 0);
    expect(await host.next()).toEqual({ kind: 'left', peer });
    expect(await metric(relay, 'guests')).toBe(0);
    guest.socket.resume();
    expect((await guest.closed).code).toBe(1006);
  });

  test('a host stays, and what more its guests write is lost', async () => {
    const relay = await start(LIMITS);
    const host = await hostOf(relay);
    const guest = await guestOf(relay);
    host.socket.pause();
    await flood(guest, LONG, async () => (await metric(relay, 'lost_total')) > 0);
    const another = await guestOf(relay);
    expect(await metric(relay, 'hosts')).toBe(1);
    host.socket.resume();
    await host.nextOf('joined');
    await host.nextOf('joined');
    another.send(BLOB);
    expect(await host.nextOf('sealed')).toMatchObject({ sealed: BLOB.sealed });
  });
});
