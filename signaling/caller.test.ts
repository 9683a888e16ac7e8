import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { callerOf, isOriginAllowed } from './caller';

function request(headers: IncomingHttpHeaders, remoteAddress = '10.0.0.1'): IncomingMessage {
  return { headers, socket: { remoteAddress } } as IncomingMessage;
}

describe('whose limits count', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:0:12::1', '2001:db8:0:12'],
    ['2001:0DB8:0000:0012:ffff:ffff:ffff:ffff', '2001:db8:0:12'],
    ['2001:db8::', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
  ])('%s is of %s', (address, block) => {
    expect(callerOf(request({}, address), 0)).toBe(block);
  });

  test('what anybody may write into X-Forwarded-For does not', () => {
    const forged = request({ 'x-forwarded-for': '198.51.100.7, 192.0.2.1, 10.0.0.2' });
    expect(callerOf(forged, 0)).toBe('10.0.0.1');
    expect(callerOf(forged, 1)).toBe('10.0.0.2');
    expect(callerOf(forged, 2)).toBe('192.0.2.1');
    expect(callerOf(forged, 9)).toBe('10.0.0.1');
    expect(callerOf(request({ 'x-forwarded-for': 'unknown' }), 1)).toBe('10.0.0.1');
    expect(callerOf(request({}), 1)).toBe('10.0.0.1');
  });

  test('a port behind the address is left out', () => {
    expect(callerOf(request({ 'x-forwarded-for': '192.0.2.1:5678' }), 1)).toBe('192.0.2.1');
    expect(callerOf(request({ 'x-forwarded-for': '[2001:db8::1]:5678' }), 1)).toBe('2001:db8:0:0');
  });
});

describe('which pages may come', () => {
  test.each([
    ['the same host', { origin: 'http://app.example:8080', host: 'app.example:8080' }, true],
    ['TLS ended by a proxy', { origin: 'https://app.example', host: 'app.example' }, true],
    ['the default port written out', { origin: 'https://app.example', host: 'app.example:443' }, true],
    [
      'a proxy that puts its own host',
      { origin: 'https://a.example', host: 'b:1', 'x-forwarded-host': 'a.example' },
      true,
    ],
    ['no page at all', { host: 'app.example' }, true],
    ['another host', { origin: 'https://evil.example', host: 'app.example' }, false],
    ['another port', { origin: 'http://app.example:81', host: 'app.example' }, false],
    ['a host that only begins alike', { origin: 'https://app.example.evil', host: 'app.example' }, false],
    ['a sandboxed frame', { origin: 'null', host: 'app.example' }, false],
    ['nonsense', { origin: '::', host: '::' }, false],
    ['no host', { origin: 'https://app.example' }, false],
  ])('%s: %o', (_what, headers, expected) => {
    expect(isOriginAllowed(request(headers), [])).toBe(expected);
    expect(isOriginAllowed(request(headers), 'any')).toBe(true);
  });

  test('those that are named', () => {
    const headers = { origin: 'https://evil.example', host: 'app.example' };
    expect(isOriginAllowed(request(headers), ['https://evil.example'])).toBe(true);
    expect(isOriginAllowed(request({ ...headers, origin: 'null' }), ['null'])).toBe(true);
    expect(isOriginAllowed(request(headers), ['http://evil.example'])).toBe(false);
  });
});
