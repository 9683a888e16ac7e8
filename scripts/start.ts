import { PortError, startServer, type Server } from '../signaling/server';
import { buildIfStale } from './lib/build';
import { DIST } from './lib/paths.mjs';

/** Used when PORT is not set. */
const DEFAULT_PORT = 8080;
/** How many ports after the default one are tried when it is taken. */
const PORTS_TRIED = 20;

/** Builds if needed, serves until Ctrl+C. `PORT` chooses the port, `HOST` the address to listen on. */
export async function start(): Promise<void> {
  await buildIfStale();
  const server = await listen();
  console.log(`\n  Simroom runs at ${server.url}\n\n  Ctrl+C stops it.`);

  const stop = (): void => {
    console.log('\nStopping...');
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

async function listen(): Promise<Server> {
  const options = { folder: DIST, ...(process.env.HOST ? { host: process.env.HOST } : {}) };
  const asked = askedPort();
  if (asked !== null) return startServer({ ...options, port: asked });
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + PORTS_TRIED; port++) {
    try {
      return await startServer({ ...options, port });
    } catch (error) {
      if (!(error instanceof PortError && error.code === 'port-taken')) throw error;
    }
  }
  return startServer({ ...options, port: 0 });
}

function askedPort(): number | null {
  const text = process.env.PORT;
  if (text === undefined || text === '') return null;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65536) return port;
  throw new Error(`PORT is "${text}": it must be a number from 0 to 65535 (0 picks a free one).`);
}
