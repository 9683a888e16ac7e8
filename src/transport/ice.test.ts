import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadNetworkSettings, resolveNetworkSettings } from './ice';

const page = (query = '', base = 'https://app.test/some/path/'): URL => new URL(`${base}${query}`);

describe('network settings', () => {
  it('are the app own relay and public STUN servers by default', () => {
    const { signaling, ice } = resolveNetworkSettings(page('?model=arm#room=x'), null, null);
    expect(signaling).toEqual({ kind: 'relay', url: 'wss://app.test/some/path/relay' });
    expect(ice.iceServers).toHaveLength(1);
    for (const url of ice.iceServers?.[0]?.urls ?? []) expect(url).toMatch(/^stun:/);
  });

  it('find the relay where the page is served without TLS', () => {
    const { signaling } = resolveNetworkSettings(page('', 'http://localhost:8080/'), null, null);
    expect(signaling).toEqual({ kind: 'relay', url: 'ws://localhost:8080/relay' });
  });

  it('follow the address before what is stored, that before the file', () => {
    const file = { signal: 'wss://file.test/relay', stun: ['stun:file.test'], turn: [] };
    const stored = { signal: 'wss://stored.test/relay', stun: ['stun:stored.test'] };
    expect(resolveNetworkSettings(page(), null, file).signaling).toMatchObject({
      url: 'wss://file.test/relay',
    });
    expect(resolveNetworkSettings(page(), stored, file)).toEqual({
      signaling: { kind: 'relay', url: 'wss://stored.test/relay' },
      ice: { iceServers: [{ urls: ['stun:stored.test'] }] },
    });
    const query =
      '?signal=wss://here.test/x&stun=stun:a.test,stuns:b.test&turn=turn:c.test&turnUser=u&turnPassword=p';
    expect(resolveNetworkSettings(page(query), stored, file)).toEqual({
      signaling: { kind: 'relay', url: 'wss://here.test/x' },
      ice: {
        iceServers: [
          { urls: ['stun:a.test', 'stuns:b.test'] },
          { urls: 'turn:c.test', username: 'u', credential: 'p' },
        ],
      },
    });
  });

  it('may ask no STUN server', () => {
    expect(resolveNetworkSettings(page('?stun=none'), null, null).ice).toEqual({ iceServers: [] });
    expect(resolveNetworkSettings(page(), { stun: [] }, null).ice).toEqual({ iceServers: [] });
  });

  it('choose PeerJS: its public server, or a named one', () => {
    expect(resolveNetworkSettings(page('?signal=peerjs'), null, null).signaling).toEqual({
      kind: 'peerjs',
      host: '0.peerjs.com',
      port: 443,
      path: '/',
      key: 'peerjs',
      secure: true,
    });
    const local = page(
      '?signal=peerjs&peerHost=127.0.0.1&peerPort=9000&peerPath=/p&peerKey=k',
      'http://localhost/',
    );
    expect(resolveNetworkSettings(local, null, { peerjs: { key: 'other' } }).signaling).toEqual({
      kind: 'peerjs',
      host: '127.0.0.1',
      port: 9000,
      path: '/p',
      key: 'k',
      secure: false,
    });
  });

  it.each([
    ['?signal=nonsense', /the address, signal must be/],
    ['?signal=wss://', /signal must be/],
    ['?stun=turn:x', /stun must be/],
    ['?turn=turn:x', /turn user must be a name; it is missing/],
    ['?turn=http://x&turnUser=u&turnPassword=p', /turn must be/],
    ['?peerPort=x', /peerjs port must be/],
    ['?peerPort=70000', /peerjs port must be/],
    ['?peerHost=a/b', /peerjs host must be/],
  ])('%s is refused', (query, message) => {
    expect(() => resolveNetworkSettings(page(query), null, null)).toThrow(message);
  });

  it.each([
    [[]],
    ['text'],
    [{ stun: 'stun:x' }],
    [{ turn: {} }],
    [{ peerjs: { secure: 'yes' } }],
    [{ signal: 7 }],
  ])('the file %j is refused by name', (file) => {
    expect(() => resolveNetworkSettings(page(), null, file)).toThrow(/simroom\.config\.json/);
  });
});

describe('simroom.config.json', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const serve = (response: () => Response): ReturnType<typeof vi.fn> => {
    const fetching = vi.fn(() => Promise.resolve().then(response));
    vi.stubGlobal('fetch', fetching);
    return fetching;
  };

  it('is looked for beside the app', async () => {
    const fetching = serve(() => Response.json({ stun: ['stun:own.test'] }));
    const { ice } = await loadNetworkSettings(page('?x=1'), null);
    expect(ice.iceServers).toEqual([{ urls: ['stun:own.test'] }]);
    expect(String(fetching.mock.calls[0]?.[0])).toBe('https://app.test/some/path/simroom.config.json');
  });

  it.each([
    ['is not there', () => new Response('', { status: 404 })],
    [
      'is the start page',
      () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } }),
    ],
    [
      'cannot be fetched',
      () => {
        throw new TypeError('offline');
      },
    ],
    [
      'does not come to its end in time',
      () => {
        const start = new TextEncoder().encode('{"signal":');
        const body = new ReadableStream({
          start: (controller) => controller.enqueue(start),
          pull: (controller) => controller.error(new DOMException('signal timed out', 'TimeoutError')),
        });
        return new Response(body, { headers: { 'Content-Type': 'application/json' } });
      },
    ],
  ])('may be missing: %s', async (_, response) => {
    serve(response);
    expect((await loadNetworkSettings(page(), null)).signaling.kind).toBe('relay');
  });

  it('is refused when it is damaged', async () => {
    serve(() => new Response('{', { headers: { 'Content-Type': 'application/json' } }));
    await expect(loadNetworkSettings(page(), null)).rejects.toMatchObject({ code: 'bad-argument' });
  });
});
