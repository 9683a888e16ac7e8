import { expect, test } from 'vitest';
import { BRIDGE_DEFAULTS, describeCommand, parsePhone, readCommand } from './config';

test('without a word it is for this machine, on the ports that apps know', () => {
  expect(readCommand([], { FACE_BRIDGE_PORT: ' ' })).toEqual({
    settings: BRIDGE_DEFAULTS,
    help: false,
    record: null,
    play: null,
    loop: false,
  });
  expect(BRIDGE_DEFAULTS.host).toBe('127.0.0.1');
  expect(BRIDGE_DEFAULTS.udpPorts).toEqual({
    livelink: 11111,
    ifacialmocap: 49983,
    vtubestudio: 21412,
    vmc: 39539,
  });
});

test('every variable is read', () => {
  const { settings } = readCommand([], {
    FACE_BRIDGE_PORT: '5310',
    FACE_BRIDGE_HOST: '::',
    FACE_BRIDGE_ORIGINS: 'https://example.org, http://192.168.1.2:8080',
    FACE_BRIDGE_CODE: 'abc123',
    FACE_BRIDGE_UDP_HOST: '127.0.0.1',
    FACE_BRIDGE_LIVE_LINK_PORT: '11121',
    FACE_BRIDGE_VMC_PORT: 'off',
    FACE_BRIDGE_IFACIALMOCAP_PHONES: '192.168.1.7,192.168.1.8:5000',
    FACE_BRIDGE_VTUBE_STUDIO_PHONES: '[fe80::7]:21413',
  });
  expect(settings).toEqual({
    port: 5310,
    host: '::',
    origins: ['https://example.org', 'http://192.168.1.2:8080'],
    code: 'abc123',
    udpHost: '127.0.0.1',
    udpPorts: { livelink: 11121, ifacialmocap: 49983, vtubestudio: 21412, vmc: null },
    phones: [
      { source: 'ifacialmocap', address: '192.168.1.7', port: 49983 },
      { source: 'ifacialmocap', address: '192.168.1.8', port: 5000 },
      { source: 'vtubestudio', address: 'fe80::7', port: 21413 },
    ],
  });
});

test('every option is read', () => {
  const command = readCommand(['--lan', '--record', 'out.bin', '--play', 'in.bin', '--loop'], {});
  expect(command).toMatchObject({
    record: 'out.bin',
    play: 'in.bin',
    loop: true,
    settings: { host: '0.0.0.0' },
  });
  // The variable says it more exactly.
  expect(readCommand(['--lan'], { FACE_BRIDGE_HOST: '10.0.0.1' }).settings.host).toBe('10.0.0.1');
  expect(readCommand(['--help'], {}).help).toBe(true);
});

test('all that is wrong is said at once', () => {
  const env = {
    FACE_BRIDGE_PORT: '70000',
    FACE_BRIDGE_HOST: 'my-machine',
    FACE_BRIDGE_ORIGINS: 'example.org',
    FACE_BRIDGE_CODE: '123',
    FACE_BRIDGE_VMC_PORT: 'none',
    FACE_BRIDGE_IFACIALMOCAP_PHONES: '192.168.1.7,phone',
  };
  const args = ['--fast', '--record', '--loop'];
  const words = [...Object.keys(env), '"--fast"', '--record needs', '--loop goes'];
  for (const word of words) expect(() => readCommand(args, env)).toThrow(word);
});

test('help lists every variable and option', () => {
  const help = describeCommand();
  for (const word of ['--lan', '--record FILE', '--play FILE', '--loop']) expect(help).toContain(word);
  for (const name of [
    'PORT',
    'HOST',
    'ORIGINS',
    'CODE',
    'UDP_HOST',
    'LIVE_LINK_PORT',
    'VTUBE_STUDIO_PHONES',
  ]) {
    expect(help).toContain(`FACE_BRIDGE_${name}`);
  }
});

test.each(['', 'phone', '192.168.1', '192.168.1.7:0', '192.168.1.7:99999', '[192.168.1.7', '1.2.3.4:x'])(
  'no phone is at "%s"',
  (text) => {
    expect(parsePhone('ifacialmocap', text)).toBeUndefined();
  },
);

test('a phone may have an IPv6 address', () => {
  expect(parsePhone('vtubestudio', 'fe80::7')).toEqual({
    source: 'vtubestudio',
    address: 'fe80::7',
    port: 21412,
  });
});
