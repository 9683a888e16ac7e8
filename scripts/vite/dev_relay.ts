import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Plugin } from 'vite';
import { RELAY_DEFAULTS } from '../../signaling/config.ts';
import { Relay } from '../../signaling/relay.ts';
import { RELAY_PATH } from '../../src/protocol/relay.ts';

/** The relay beside `npm run dev`, so that rooms work there too. */
export function devRelay(): Plugin {
  return {
    name: 'simroom:dev-relay',
    apply: 'serve',
    configureServer({ httpServer }) {
      if (httpServer === null) return;
      const relay = new Relay(RELAY_DEFAULTS);
      httpServer.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        // Vite answers the rest itself.
        if (request.url === `/${RELAY_PATH}`) relay.handleUpgrade(request, socket, head);
      });
      httpServer.once('close', () => void relay.close());
    },
  };
}
