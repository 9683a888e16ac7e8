import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Plugin } from 'vite';
import { RELAY_PATH } from '../../src/protocol/relay.ts';

/** The relay beside `npm run dev`, so that rooms work there too. */
export function devRelay(): Plugin {
  return {
    name: 'simroom:dev-relay',
    apply: 'serve',
    async configureServer(server) {
      const { httpServer } = server;
      if (httpServer === null) return;
      // Loaded by Vite itself: builds need none of it, and its own loader of this configuration no file extensions.
      const load = (path: string): Promise<unknown> => server.ssrLoadModule(path);
      const { Relay } = (await load('/signaling/relay.ts')) as typeof import('../../signaling/relay.ts');
      const { RELAY_DEFAULTS } = (await load(
        '/signaling/config.ts',
      )) as typeof import('../../signaling/config.ts');
      const relay = new Relay(RELAY_DEFAULTS);
      httpServer.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        // Vite answers the rest itself.
        if (request.url === `/${RELAY_PATH}`) relay.handleUpgrade(request, socket, head);
      });
      httpServer.once('close', () => void relay.close());
    },
  };
}
