import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Random } from '../src/core/random';
import type { FromRelay } from '../src/protocol/relay';
import { Hostile } from './hostile';
import { Browser, hex32, metric, startRelay, type TestRelay } from './testing';

const MESSAGES = 100_000;
/** Attackers who are there at the same time, and what each of them says. */
const ATTACKERS = 16;
const MESSAGES_EACH = 300;
/** Then it is somebody else's turn. */
const MESSAGES_AT_ONCE = 20;
/** And those of each wave who do not even speak WebSocket. */
const GARBLERS = 4;
/** How often the honest ones write to each other while a wave goes over them. */
const HONEST_TURNS = 6;
/** The first waves let functions be compiled and buffers grow. */
const WARM_WAVES = 10;
/** What the other waves may leave behind: 50 bytes for each message would be more. */
const MAX_HEAP_GROWTH_BYTES = 4 << 20;
/** It takes a tenth of this. */
const TIMEOUT_MS = 60_000;

/** So that so few attackers meet every limit. */
const TIGHT = {
  trustedProxies: 1,
  maxRooms: 5,
  guestsPerRoom: 3,
  connectionsPerAddress: 2,
  connectsPerMinute: 60,
};
const ROOM = hex32(0x600d);
const TOKEN = hex32(0x7e57);

/** The defences that such attackers run into. */
const EXPECTED = [
  'room-taken',
  'room-full',
  'too-many-connections',
  'too-many-rooms',
  'too-fast',
  'bad-message',
  'bad-frame',
  'too-large',
  'connects-too-fast',
];

test(
  `${String(MESSAGES)} random and hostile messages disturb no honest room, and nothing of them stays`,
  async () => {
    const relay = await startRelay(TIGHT);
    const host = await come(relay, '192.0.2.1');
    host.send({ kind: 'host', room: ROOM, token: TOKEN });
    await host.nextOf('welcome');
    const guest = await come(relay, '192.0.2.2');
    guest.send({ kind: 'guest', room: ROOM });
    const { peer } = await guest.nextOf('welcome');

    let sent = 0;
    let heap = 0;
    for (let wave = 0; sent < MESSAGES; wave++) {
      if (wave === WARM_WAVES) heap = heapUsed();
      const attacks: Promise<number>[] = [];
      for (let i = 0; i < ATTACKERS; i++) attacks.push(attack(relay, hostile(wave, i, peer)));
      const garble = Array.from({ length: GARBLERS }, (_, i) =>
        send(relay, hostile(wave, ATTACKERS + i, peer)),
      );
      for (let i = 0; i < HONEST_TURNS; i++)
        await converse(host, guest, peer, `${String(wave)}-${String(i)}`);
      for (const count of await Promise.all(attacks)) sent += count;
      await Promise.all(garble);
      relay.clock.pass(1000);
    }
    host.discard();
    expect(heapUsed() - heap).toBeLessThan(MAX_HEAP_GROWTH_BYTES);

    // It was an attack: the messages came as far as they could, and every defence was needed.
    expect(await metric(relay, 'messages_total')).toBeGreaterThan(MESSAGES / 2);
    for (const reason of EXPECTED) {
      expect(await metric(relay, `refusals_total{reason="${reason}"}`), reason).toBeGreaterThan(0);
    }

    expect(guest.unread).toEqual([]);
    await host.leave();
    await guest.leave();
    for (const gauge of ['connections', 'rooms', 'hosts', 'guests']) {
      await expect.poll(() => metric(relay, gauge), { message: gauge }).toBe(0);
    }
    relay.clock.pass(60_000);
    expect(await metric(relay, 'callers')).toBe(0);
    await relay.server.close();
  },
  TIMEOUT_MS,
);

/** Each has random numbers of its own: so what is said does not depend on who is served first. */
function hostile(wave: number, index: number, peer: string): Hostile {
  return new Hostile(new Random(wave * 1000 + index), ROOM, peer);
}

/** Host and guest write to each other; what they read must be that, in its order, and for the guest nothing else. */
async function converse(host: Browser, guest: Browser, peer: string, topic: string): Promise<void> {
  const blobs = ['a', 'b', 'c'].map((part) => `${topic}-${part}`);
  for (const sealed of blobs) {
    guest.send({ kind: 'send', sealed });
    host.send({ kind: 'send', peer, sealed });
  }
  for (const sealed of blobs) {
    expect(await nextFrom(host, peer)).toEqual({ kind: 'sealed', peer, sealed });
    expect(await guest.next()).toEqual({ kind: 'sealed', sealed });
  }
}

function come(relay: TestRelay, address: string): Promise<Browser> {
  return Browser.connect(relay.url, { headers: { 'x-forwarded-for': address } });
}

/** The next blob of one peer, past what others do. */
async function nextFrom(host: Browser, peer: string): Promise<FromRelay> {
  for (;;) {
    const message = await host.nextOf('sealed');
    if (message.peer === peer) return message;
  }
}

/** Says all it has, many messages at a time. Resolves, when it is gone, to how many it could send. */
async function attack(relay: TestRelay, attacker: Hostile): Promise<number> {
  const headers = { 'x-forwarded-for': attacker.address() };
  const tcp = connect(relay.server.port, '127.0.0.1');
  let browser: Browser;
  try {
    browser = await Browser.connect(relay.url, { headers, createConnection: () => tcp });
  } catch (error) {
    if (!String(error).includes('429')) throw error;
    return 0;
  }
  const { socket, closed } = browser;
  let sent = 0;
  while (sent < MESSAGES_EACH && socket.readyState === socket.OPEN) {
    // They arrive as one piece, and are cheaper to send.
    tcp.cork();
    for (let i = 0; i < MESSAGES_AT_ONCE; i++, sent++) browser.send(attacker.message());
    tcp.uncork();
    await setImmediate();
  }
  if (attacker.isRude) socket.terminate();
  else socket.close();
  await closed;
  return sent;
}

async function send(relay: TestRelay, attacker: Hostile): Promise<void> {
  const socket = connect(relay.server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  socket.end(attacker.garbage('/relay'));
  await once(socket, 'close');
}

/** Bytes, after everything that nobody holds is gone. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
