import type { AddressInfo } from 'node:net';
import { PeerServer } from 'peer';

/** A PeerServer on a free port of this machine, until it is closed. */
export function startPeerServer(): Promise<{ port: number; close: () => void }> {
  return new Promise((resolve) => {
    PeerServer({ host: '127.0.0.1', port: 0, path: '/' }, (server) => {
      const { port } = server.address() as AddressInfo;
      resolve({
        port,
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}
