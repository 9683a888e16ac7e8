import { afterEach, describe, expect, test } from 'vitest';
import { Browser, hex32, metric, startRelay, type TestRelay } from './testing';

const ROOM = hex32(1);
const TOKEN = hex32(2);
const HOST = { kind: 'host', room: ROOM, token: TOKEN } as const;
const GUEST = { kind: 'guest', room: ROOM } as const;

const relays: TestRelay[] = [];

afterEach(async () => {
  await Promise.all(relays.splice(0).map(({ server }) => server.close()));
});

async function start(...options: Parameters<typeof startRelay>): Promise<TestRelay> {
  const relay = await startRelay(...options);
  relays.push(relay);
  return relay;
}

async function enterRoom({ url }: TestRelay): Promise<{ host: Browser; guest: Browser; guestId: string }> {
  const host = await Browser.enter(url, HOST);
  await host.nextOf('welcome');
  const guest = await Browser.enter(url, GUEST);
  const { peer: guestId } = await guest.nextOf('welcome');
  await host.nextOf('joined');
  return { host, guest, guestId };
}

describe('introductions', () => {
  test('host and guests learn of each other, and pass blobs on in order', async () => {
    const { url } = await start();
    const host = await Browser.enter(url, HOST);
    expect(await host.next()).toMatchObject({ kind: 'welcome', hosted: true });
    const guests = [await Browser.enter(url, GUEST), await Browser.enter(url, GUEST)] as const;
    const ids: string[] = [];
    for (const guest of guests) {
      const welcome = await guest.nextOf('welcome');
      expect(welcome.hosted).toBe(true);
      ids.push(welcome.peer);
    }
    const joined = [await host.next(), await host.next()];
    expect(joined).toEqual(expect.arrayContaining(ids.map((peer) => ({ kind: 'joined', peer }))));

    guests[0].send({ kind: 'send', sealed: 'offer' });
    guests[0].send({ kind: 'send', sealed: 'candidate' });
    expect(await host.next()).toEqual({ kind: 'sealed', peer: ids[0], sealed: 'offer' });
    expect(await host.next()).toEqual({ kind: 'sealed', peer: ids[0], sealed: 'candidate' });
    host.send({ kind: 'send', peer: ids[1] ?? '', sealed: 'two' });
    host.send({ kind: 'send', peer: ids[0] ?? '', sealed: 'one' });
    expect(await guests[0].next()).toEqual({ kind: 'sealed', sealed: 'one' });
    expect(await guests[1].next()).toEqual({ kind: 'sealed', sealed: 'two' });

    await guests[0].leave();
    expect(await host.next()).toEqual({ kind: 'left', peer: ids[0] });
    await host.leave();
    expect(await guests[1].next()).toEqual({ kind: 'hosted', hosted: false });
  });

  test('guests may wait for the host, whoever it is by then', async () => {
    const relay = await start();
    const guest = await Browser.enter(relay.url, GUEST);
    const { peer, hosted } = await guest.nextOf('welcome');
    expect(hosted).toBe(false);
    guest.send({ kind: 'send', sealed: 'into-the-void' });
    const host = await Browser.enter(relay.url, HOST);
    await host.nextOf('welcome');
    expect(await host.next()).toEqual({ kind: 'joined', peer });
    expect(await guest.next()).toEqual({ kind: 'hosted', hosted: true });
    await host.leave();
    expect(await guest.next()).toEqual({ kind: 'hosted', hosted: false });
    const next = await Browser.enter(relay.url, { ...HOST, token: hex32(3) });
    await next.nextOf('welcome');
    expect(await guest.next()).toEqual({ kind: 'hosted', hosted: true });
    expect(host.unread).toEqual([]);
    expect(await metric(relay, 'lost_total')).toBe(1);
  });

  test('rooms know nothing of each other', async () => {
    const relay = await start();
    const { host, guest, guestId } = await enterRoom(relay);
    const other = await Browser.enter(relay.url, { kind: 'host', room: hex32(9), token: TOKEN });
    await other.nextOf('welcome');
    other.send({ kind: 'send', peer: guestId, sealed: 'from-the-wrong-host' });
    const stranger = await Browser.enter(relay.url, { kind: 'guest', room: hex32(9) });
    const { peer: strangerId } = await stranger.nextOf('welcome');
    other.send({ kind: 'send', peer: strangerId, sealed: 'welcome' });
    // It was sent after the other: so the other has been dealt with.
    expect(await stranger.next()).toEqual({ kind: 'sealed', sealed: 'welcome' });
    host.send({ kind: 'send', peer: guestId, sealed: 'mine' });
    expect(await guest.next()).toEqual({ kind: 'sealed', sealed: 'mine' });
  });

  test('a host with another token finds the room taken, one with the same takes over', async () => {
    const relay = await start();
    const { host, guest, guestId } = await enterRoom(relay);
    const thief = await Browser.enter(relay.url, { ...HOST, token: hex32(3) });
    expect(await thief.next()).toEqual({ kind: 'error', error: 'room-taken' });
    expect(await thief.closed).toEqual({ code: 1008, reason: 'room-taken' });

    const again = await Browser.enter(relay.url, HOST);
    await again.nextOf('welcome');
    expect(await again.next()).toEqual({ kind: 'joined', peer: guestId });
    expect(await host.next()).toEqual({ kind: 'error', error: 'room-taken' });
    await host.closed;
    expect(await guest.next()).toEqual({ kind: 'hosted', hosted: false });
    expect(await guest.next()).toEqual({ kind: 'hosted', hosted: true });
    guest.send({ kind: 'send', sealed: 'offer' });
    expect(await again.next()).toMatchObject({ kind: 'sealed', sealed: 'offer' });
    expect(await metric(relay, 'hosts')).toBe(1);
  });

  test('forgets a room with the last who leaves', async () => {
    const relay = await start();
    const { host, guest } = await enterRoom(relay);
    expect(await metric(relay, 'rooms')).toBe(1);
    await host.leave();
    await guest.leave();
    await expect.poll(() => metric(relay, 'connections')).toBe(0);
    expect(await metric(relay, 'rooms')).toBe(0);
    relay.clock.pass(60_000);
    expect(await metric(relay, 'callers')).toBe(0);
  });
});

describe('what is no message', () => {
  const cases: readonly (readonly [string, string | Buffer, string | Buffer | null])[] = [
    ['no JSON', 'hello', null],
    ['a blob before the introduction', '{"kind":"send","sealed":"abc"}', null],
    ['a tag that is none', '{"kind":"guest","room":"lobby"}', null],
    ['bytes', Buffer.from(JSON.stringify(GUEST)), null],
    ['a second introduction', JSON.stringify(GUEST), JSON.stringify(GUEST)],
    [
      'a blob of a guest to a guest',
      JSON.stringify(GUEST),
      `{"kind":"send","peer":"${'0'.repeat(16)}","sealed":"a"}`,
    ],
    ['a blob of a host to nobody in particular', JSON.stringify(HOST), '{"kind":"send","sealed":"abc"}'],
    ['a blob that is not sealed', JSON.stringify(GUEST), '{"kind":"send","sealed":"v=0 o=- 1"}'],
  ];

  test.each(cases)('ends the connection: %s', async (_what, first, second) => {
    const relay = await start();
    const browser = await Browser.connect(relay.url);
    browser.send(first);
    if (second !== null) browser.send(second);
    browser.send(JSON.stringify(HOST));
    expect(await browser.nextOf('error')).toEqual({ kind: 'error', error: 'bad-message' });
    expect(await browser.closed).toEqual({ code: 1008, reason: 'bad-message' });
    expect(await metric(relay, 'refusals_total{reason="bad-message"}')).toBe(1);
    expect(await metric(relay, 'messages_total')).toBe(second === null ? 1 : 2);
    expect(await metric(relay, 'rooms')).toBe(0);
  });

  test('a message that is too long is not even read', async () => {
    const relay = await start();
    const browser = await Browser.enter(relay.url, GUEST);
    browser.send('x'.repeat(1 << 20));
    expect((await browser.closed).code).toBe(1009);
    expect(await metric(relay, 'refusals_total{reason="too-large"}')).toBe(1);
    expect(await metric(relay, 'received_bytes_total')).toBeLessThan(1000);
  });
});

test("a message in a hundred pieces is no browser's", async () => {
  const relay = await start();
  const { socket, closed } = await Browser.connect(relay.url);
  for (let i = 0; i < 100; i++) socket.send(' ', { fin: i === 99 });
  expect((await closed).code).toBe(1008);
  expect(await metric(relay, 'refusals_total{reason="bad-frame"}')).toBe(1);
});

describe('going', () => {
  test('says goodbye to all, and gives the port back', async () => {
    const relay = await start();
    const { host, guest } = await enterRoom(relay);
    const silent = await Browser.connect(relay.url);
    const closed = relay.server.close();
    for (const browser of [host, guest, silent]) {
      expect(await browser.nextOf('error')).toEqual({ kind: 'error', error: 'shutting-down' });
      expect(await browser.closed).toEqual({ code: 1001, reason: 'shutting-down' });
    }
    await closed;
    await expect(Browser.connect(relay.url)).rejects.toThrow('ECONNREFUSED');
    await expect(relay.server.close()).resolves.toBeUndefined();
  });

  test('cuts those who do not answer, and lets nobody new in meanwhile', async () => {
    const relay = await start({ closeMs: 300 });
    const deaf = await Browser.enter(relay.url, GUEST);
    await deaf.nextOf('welcome');
    deaf.socket.pause();
    const closed = relay.server.close();
    await expect(Browser.connect(relay.url)).rejects.toThrow('503');
    expect((await fetch(new URL('/healthz', relay.server.url))).status).toBe(503);
    await closed;
    deaf.socket.resume();
    await deaf.closed;
  });
});

test('lies beside the app, also under a path', async () => {
  const relay = await start({}, '/some/path/');
  expect(relay.url).toBe(`ws://127.0.0.1:${String(relay.server.port)}/some/path/relay`);
  await enterRoom({ ...relay, url: `${relay.url}?v=1` });
  await expect(Browser.connect(relay.url.replace('/some/path', ''))).rejects.toThrow('404');
  expect((await fetch(relay.url.replace('ws:', 'http:'))).status).toBe(426);
  expect((await fetch(relay.server.url)).status).toBe(404);
  expect(await (await fetch(new URL('/healthz', relay.server.url))).text()).toBe('ok');
});
