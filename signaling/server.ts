import { createServer, type Server as HttpServer } from 'node:http';
import { RELAY_PATH } from '../src/protocol/relay';
import type { Clock } from './clock';
import { RELAY_DEFAULTS, type RelaySettings } from './config';
import { endUpgrade, Relay } from './relay';
import { answer, serveStatic, type Handler } from './static';

/** How long requests in progress may take when the server is told to stop, ms; a large model over a slow line. */
const CLOSE_GRACE_MS = 3000;
/** How often meanwhile is looked for connections that have become idle, ms. */
const IDLE_CHECK_MS = 50;
const NOT_KEPT = { 'Cache-Control': 'no-store' };
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface ServerOptions {
  /** The built app; null serves the relay alone. */
  readonly folder: string | null;
  /** 0 picks a free one. */
  readonly port: number;
  /** Address to listen on; all of them when absent. */
  readonly host?: string;
  /** Path the app is served under, beginning and ending with a slash; `/` when absent. */
  readonly base?: string;
  /** What the relay allows; null serves the app alone, the defaults when absent. */
  readonly relay?: RelaySettings | null;
  /** The time that the relay's limits are measured in. */
  readonly clock?: Clock;
}

export interface Server {
  /** Where a browser on this machine finds the app. */
  readonly url: string;
  readonly port: number;
  /** The relay's WebSocket, as a browser on this machine finds it; null without a relay. */
  readonly relayUrl: string | null;
  /** Stops listening and ends the connections; resolves when the port is free again. May be called twice. */
  close(): Promise<void>;
}

/** The port cannot be had; `code` says why. */
export class PortError extends Error {
  readonly code: 'port-taken' | 'port-denied';

  constructor(code: PortError['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'PortError';
    this.code = code;
  }
}

/**
 * Starts the server: the app under `base`, the relay beside it at {@link RELAY_PATH}; and at the root, where a reverse
 * proxy that passes on `base` alone does not show them to the world, `/healthz` and the relay's `/metrics`.
 *
 * @throws {PortError} when the port is taken or needs more rights
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { folder, port, host, base = '/', relay: settings = RELAY_DEFAULTS, clock } = options;
  const relay = settings === null ? null : new Relay(settings, clock);
  const http = createServer(route(folder, base, relay));
  if (relay !== null) {
    http.on('upgrade', (request, socket, head) => {
      if (pathOf(request.url) === base + RELAY_PATH) relay.handleUpgrade(request, socket, head);
      else endUpgrade(socket, 404, 'Not found.');
    });
  }
  let actualPort: number;
  try {
    actualPort = await listen(http, port, host);
  } catch (error) {
    await relay?.close();
    throw error;
  }
  const name = host === undefined || host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const at = `${name.includes(':') ? `[${name}]` : name}:${String(actualPort)}${base}`;
  return {
    url: `http://${at}`,
    port: actualPort,
    relayUrl: relay === null ? null : `ws://${at}${RELAY_PATH}`,
    async close() {
      // First, as HTTP's own close waits for every socket that was upgraded.
      await relay?.close();
      await close(http);
    },
  };
}

function route(folder: string | null, base: string, relay: Relay | null): Handler {
  const serveApp = folder === null ? null : serveStatic(folder, base);
  return (request, response) => {
    const path = pathOf(request.url);
    if (path === '/healthz') {
      const well = relay?.isClosing !== true;
      answer(response, well ? 200 : 503, well ? 'ok' : 'shutting down', NOT_KEPT);
    } else if (path === '/metrics' && relay !== null) {
      answer(response, 200, relay.metrics(), { ...NOT_KEPT, 'Content-Type': METRICS_TYPE });
    } else if (path === base + RELAY_PATH && relay !== null) {
      answer(response, 426, 'This is the relay: it speaks WebSocket.', { Upgrade: 'websocket' });
    } else if (serveApp !== null) {
      serveApp(request, response);
    } else {
      answer(response, 404, 'Not found. This server is a relay, without the app.');
    }
  };
}

function pathOf(url = '/'): string {
  return url.split('?', 1)[0] ?? '/';
}

function listen(http: HttpServer, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const at = `Port ${String(port)}`;
      if (error.code === 'EADDRINUSE') {
        reject(
          new PortError(
            'port-taken',
            `${at} is taken. Choose another with the variable PORT, such as PORT=8091.`,
            error,
          ),
        );
      } else if (error.code === 'EACCES') {
        reject(new PortError('port-denied', `${at} needs more rights. Choose one above 1023.`, error));
      } else {
        reject(error);
      }
    });
    http.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      const address = http.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(http: HttpServer): Promise<void> {
  if (!http.listening) return Promise.resolve();
  return new Promise((resolve, reject) => {
    // A browser keeps its connection open after the request in progress has been answered.
    const idle = setInterval(() => {
      http.closeIdleConnections();
    }, IDLE_CHECK_MS);
    const timer = setTimeout(() => {
      http.closeAllConnections();
    }, CLOSE_GRACE_MS);
    http.close((error) => {
      clearInterval(idle);
      clearTimeout(timer);
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}
