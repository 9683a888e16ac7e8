import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { ManualClock } from '../signaling/testing';
import { Door, isLoopback } from './door';

/** As much of a request as a door looks at. */
function from(
  remoteAddress: string,
  url = '/page',
  headers: IncomingMessage['headers'] = {},
): IncomingMessage {
  return { url, headers, socket: { remoteAddress } } as unknown as IncomingMessage;
}

test.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])('%s is this machine', (address) => {
  expect(isLoopback(address)).toBe(true);
});

test.each(['', '192.168.1.7', '::', '::ffff:192.168.1.7', '127.evil', '1.127.0.0.1'])(
  '%s is another one',
  (address) => {
    expect(isLoopback(address)).toBe(false);
  },
);

test('from another machine the code opens, in any case of its letters', () => {
  const door = new Door([], 'ABC234', new ManualClock());
  expect(door.refuse(from('192.168.1.7'))).toMatchObject({ status: 401 });
  expect(door.refuse(from('192.168.1.7', '/page?code='))).toMatchObject({ status: 401 });
  expect(door.refuse(from('192.168.1.7', '/page?code=ABC235'))).toMatchObject({ status: 401 });
  expect(door.refuse(from('192.168.1.7', '/page?code=abc234'))).toBeNull();
  expect(door.refuse(from('::ffff:192.168.1.7', '/page?format=json&code=ABC234'))).toBeNull();
});

test('the code does not make a page welcome that is not', () => {
  const door = new Door(['http://192.168.1.2:8080'], 'ABC234', new ManualClock());
  const page = (origin: string): IncomingMessage => from('192.168.1.7', '/page?code=ABC234', { origin });
  expect(door.refuse(page('https://evil.example'))).toMatchObject({
    status: 403,
    origin: 'https://evil.example',
  });
  expect(door.refuse(page('http://192.168.1.2:8080'))).toBeNull();
});

test('codes cannot be tried in great number, and nobody else waits for that', () => {
  const clock = new ManualClock();
  const door = new Door([], 'ABC234', clock);
  let tries = 0;
  while (door.refuse(from('10.0.0.1', `/page?code=${String(100_000 + tries)}`))?.status === 401) tries++;
  expect(tries).toBe(30);
  expect(door.refuse(from('10.0.0.1', '/page?code=ABC234'))).toMatchObject({ status: 429 });
  expect(door.refuse(from('127.0.0.1'))).toBeNull();
  clock.pass(60_000);
  expect(door.refuse(from('10.0.0.1', '/page?code=ABC234'))).toBeNull();
});
