import { describe, expect, test } from 'vitest';
import { describeSettings, readConfig, RELAY_DEFAULTS } from './config';

test('needs nothing', () => {
  expect(readConfig({ PORT: '', RELAY_ROOMS: ' ' })).toEqual({
    server: { port: null, host: '', base: '/' },
    relay: RELAY_DEFAULTS,
  });
  expect(RELAY_DEFAULTS).toMatchObject({
    origins: [],
    guestsPerRoom: 63,
    trustedProxies: 0,
    heartbeatMs: 30_000,
  });
});

test('takes what is set', () => {
  const { server, relay } = readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    BASE: '/simroom/',
    RELAY_ORIGINS: ' https://a.example, http://localhost:5173,null ',
    RELAY_TRUST_PROXY: '2',
    RELAY_IDLE_SECONDS: '0.5',
  });
  expect(server).toEqual({ port: 0, host: '127.0.0.1', base: '/simroom/' });
  expect(relay.origins).toEqual(['https://a.example', 'http://localhost:5173', 'null']);
  expect(relay).toMatchObject({ trustedProxies: 2, idleMs: 500 });
  expect(readConfig({ RELAY_ORIGINS: '*' }).relay.origins).toBe('any');
});

describe('says what is wrong', () => {
  test.each([
    ['PORT', '80a', 'PORT is "80a": it must be a number from 0 to 65535'],
    ['PORT', '65536', 'from 0 to 65535'],
    ['BASE', 'simroom', 'begins and ends with a slash'],
    ['RELAY_ROOMS', '0', 'a whole number from 1 to 1000000'],
    ['RELAY_ROOMS', '1e3', 'a whole number'],
    ['RELAY_GUESTS_PER_ROOM', '64', 'from 1 to 63'],
    ['RELAY_IDLE_SECONDS', '-1', 'a number of seconds'],
    ['RELAY_IDLE_SECONDS', '0', 'more than 0'],
    ['RELAY_ORIGINS', 'example.org', 'such as https://example.org'],
    ['RELAY_ORIGINS', 'https://example.org/', 'such as https://example.org'],
    ['RELAY_TRUST_PROXY', 'yes', 'a whole number from 0 to 10'],
  ])('%s=%s', (name, value, words) => {
    expect(() => readConfig({ [name]: value })).toThrow(words);
  });

  test('all of it at once', () => {
    const read = (): unknown => readConfig({ PORT: 'x', RELAY_ROOMS: 'y' });
    expect(read).toThrow(/PORT is "x".*\nRELAY_ROOMS is "y"/);
    expect(read).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });
});

test('every variable is described with its default', () => {
  const text = describeSettings();
  expect(text).toMatch(/^ {2}RELAY_GUESTS_PER_ROOM +guests of one room \(63\)$/m);
  expect(text.split('\n')).toHaveLength(3 + Object.keys(RELAY_DEFAULTS).length);
});
