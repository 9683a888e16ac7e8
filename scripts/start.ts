import { readConfig, type Config } from '../signaling/config';
import { PortError, startServer, type Server } from '../signaling/server';
import { buildIfStale } from './lib/build';
import { DIST } from './lib/paths.mjs';
import { untilStopped } from './lib/until_stopped';

/** Used when PORT is not set. */
const DEFAULT_PORT = 8080;
/** How many ports after the default one are tried when it is taken. */
const PORTS_TRIED = 20;

/** Builds if needed, serves the app and the relay until Ctrl+C. `signaling/config.ts` lists the variables. */
export async function start(): Promise<void> {
  const config = readConfig(process.env);
  await buildIfStale();
  const server = await listen(config);
  console.log(`\n  Simroom runs at ${server.url}\n\n  Ctrl+C stops it.`);
  untilStopped(server);
}

async function listen({ server: { port: asked, host, base }, relay }: Config): Promise<Server> {
  const options = { folder: DIST, base, relay, ...(host === '' ? {} : { host }) };
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
