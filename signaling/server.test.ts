import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServer, type Server } from './server';

let folder = '';
const servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'simroom-server-'));
  await mkdir(path.join(folder, 'dist', 'assets'), { recursive: true });
  const files = {
    'dist/index.html': '<!doctype html>',
    'dist/assets/mujoco-0SWBHI0h.wasm': 'plain',
    'dist/assets/mujoco-0SWBHI0h.wasm.br': 'brotli',
    'dist/assets/mujoco-0SWBHI0h.wasm.gz': 'gzip',
    'dist/manifest.webmanifest': '{}',
    'dist/scene.xml': '<mujoco/>',
    'secret.txt': 'outside',
  };
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(folder, file), text);
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true });
});

async function serve(base?: string, port = 0): Promise<Server> {
  const options = { folder: path.join(folder, 'dist'), port, host: '127.0.0.1' };
  const server = await startServer(base === undefined ? options : { ...options, base });
  servers.push(server);
  return server;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A request as it is, where fetch() would tidy up the path and undo the compression. */
function get(server: Server, target: string, headers = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, path: target, headers, method };
    request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, text });
      });
    })
      .on('error', reject)
      .end();
  });
}

test('sends the best copy the browser takes, as wasm, to be kept for good', async () => {
  const server = await serve();
  const wasm = '/assets/mujoco-0SWBHI0h.wasm';
  const best = await get(server, wasm, { 'accept-encoding': 'gzip, deflate, br' });
  expect(best).toMatchObject({ status: 200, text: 'brotli' });
  expect(best.headers).toMatchObject({
    'content-type': 'application/wasm',
    'content-encoding': 'br',
    vary: 'Accept-Encoding',
    'cache-control': 'public, max-age=31536000, immutable',
    'access-control-allow-origin': '*',
  });
  expect((await get(server, wasm, { 'accept-encoding': 'gzip' })).text).toBe('gzip');
  expect((await get(server, wasm)).text).toBe('plain');
});

test('has the page and the models asked for again, and answers 304 while they are the same', async () => {
  const server = await serve();
  for (const [target, type] of [
    ['/', 'text/html'],
    ['/?model=humanoid', 'text/html'],
    ['/scene.xml', 'text/xml'],
    ['/manifest.webmanifest', 'application/manifest+json'],
  ] as const) {
    const { status, headers } = await get(server, target);
    expect(status).toBe(200);
    expect(headers['content-type']).toContain(type);
    expect(headers['cache-control']).toBe('no-cache');
    expect((await get(server, target, { 'if-none-match': headers.etag })).status).toBe(304);
  }
});

test('keeps to its folder, and to reading', async () => {
  const server = await serve();
  for (const target of [
    '/nothing',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '//secret.txt',
  ]) {
    expect((await get(server, target)).status, target).toBe(404);
  }
  expect((await get(server, '/', {}, 'POST')).status).toBe(405);
});

test('serves under a path, to which it leads when the slash is missing', async () => {
  const server = await serve('/some/path/');
  expect(server.url).toBe(`http://127.0.0.1:${String(server.port)}/some/path/`);
  expect((await get(server, '/some/path/scene.xml')).text).toBe('<mujoco/>');
  expect((await get(server, '/some/path?embed')).headers.location).toBe('/some/path/?embed');
  expect((await get(server, '/scene.xml')).status).toBe(404);
  expect((await get(server, '/healthz')).text).toBe('ok');
});

test('says that a port is taken, and gives it back when closed', async () => {
  const first = await serve();
  await expect(serve('/', first.port)).rejects.toMatchObject({ code: 'port-taken' });
  await first.close();
  await expect(serve('/', first.port)).resolves.toMatchObject({ port: first.port });
});
