import { describeSettings, readConfig } from '../signaling/config';
import { startServer } from '../signaling/server';
import { untilStopped } from './lib/until_stopped';

/** Used when PORT is not set. */
const DEFAULT_PORT = 8090;

/** Serves the relay alone until Ctrl+C. */
export async function relay(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) {
    console.log(`npm run relay, and the relay of npm start, read these environment variables:\n`);
    console.log(describeSettings());
    return;
  }
  const config = readConfig(process.env);
  const { port, host, base } = config.server;
  const server = await startServer({
    folder: null,
    port: port ?? DEFAULT_PORT,
    base,
    relay: config.relay,
    ...(host === '' ? {} : { host }),
  });
  console.log(
    `\n  The relay runs at ${server.relayUrl ?? ''}\n\n  ${who(config.relay.origins)}\n  Ctrl+C stops it.`,
  );
  untilStopped(server);
}

/** The setting that a relay of its own most likely needs. */
function who(origins: readonly string[] | 'any'): string {
  if (origins === 'any') return 'Pages of any origin may use it.';
  if (origins.length > 0) return `Pages of ${origins.join(', ')} may use it.`;
  return 'Only pages of its own host and port may use it: name others in RELAY_ORIGINS, such as https://example.org.';
}
