import { transfer, wrap } from 'comlink';
import { versions } from '../../src/app/room/hosting';
import { resolveNetworkSettings } from '../../src/transport/ice';
import { deriveKeys, newKeyPair, openRoomLink } from '../../src/transport/keys';
import { createGuestSignaling } from '../../src/transport/signaling';
import type { Intruder } from './worker';

/** The page of a tampered guest; what it does is in its worker. */

const inside = wrap<Intruder>(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }));

const intruder = {
  inside,
  /** Comes into the room of a link, each time as somebody new. */
  async enter(link: string, name: string): Promise<void> {
    const { secret, hostKeyHash, invitation } = await openRoomLink(link);
    const keys = await deriveKeys(secret);
    const settings = resolveNetworkSettings(new URL(link), { stun: [] }, null);
    const signaling = await createGuestSignaling({ settings, keys }, { state: () => {} });
    const { port } = await signaling.connect();
    const trust = { tag: keys.tag, bind: keys.bind, hostKeyHash, identity: await newKeyPair() };
    const options = { trust, versions: versions(), self: { name, colour: 0 }, invitation };
    await inside.enter(options, transfer(port, [port]));
  },
};

export type IntruderPage = typeof intruder;

Object.assign(window, { intruder });
