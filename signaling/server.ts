import { createServer, type Server as HttpServer } from 'node:http';
import { serveStatic } from './static';

/** How long requests in progress may take when the server is told to stop, ms; a large model over a slow line. */
const CLOSE_GRACE_MS = 3000;

export interface ServerOptions {
  /** The built app. */
  readonly folder: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Address to listen on; all of them when absent. */
  readonly host?: string;
  /** Path the app is served under, beginning and ending with a slash; `/` when absent. */
  readonly base?: string;
}

export interface Server {
  /** Where a browser on this machine finds the app. */
  readonly url: string;
  readonly port: number;
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
 * Starts the server: the app under `base`, and `/healthz` for whoever watches over it.
 *
 * @throws {PortError} when the port is taken or needs more rights
 */
export async function startServer({ folder, port, host, base = '/' }: ServerOptions): Promise<Server> {
  const serveApp = serveStatic(folder, base);
  const http = createServer((request, response) => {
    if (request.url === '/healthz') {
      response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
      response.end('ok');
      return;
    }
    serveApp(request, response);
  });
  const actualPort = await listen(http, port, host);
  const name = host === undefined || host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return {
    url: `http://${name.includes(':') ? `[${name}]` : name}:${String(actualPort)}${base}`,
    port: actualPort,
    close: () => close(http),
  };
}

function listen(http: HttpServer, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const at = `Port ${String(port)}`;
      if (error.code === 'EADDRINUSE') {
        reject(new PortError('port-taken', `${at} is taken. Choose another: PORT=8090 npm start`, error));
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
    const timer = setTimeout(() => {
      http.closeAllConnections();
    }, CLOSE_GRACE_MS);
    http.close((error) => {
      clearTimeout(timer);
      if (error === undefined) resolve();
      else reject(error);
    });
    http.closeIdleConnections();
  });
}
