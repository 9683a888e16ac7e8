import { expose } from 'comlink';
import { type CtlMessage, ctl } from '../../src/protocol/ctl';
import { RtWriter, encodedAction } from '../../src/protocol/rt';
import { encode } from '../../src/protocol/schema';
import { type GuestOptions, GuestSession } from '../../src/session/room/guest_session';
import type { RoomEvent } from '../../src/session/room_messages';
import type { Action } from '../../src/tape/action';
import { type OpenLink, openLink } from '../../src/transport/channels';

/**
 * A tampered guest: comes in with the app's own session, then says what it likes.
 */

/** How often the honest half says what is due, ms. */
const FLUSH_MS = 50;

interface Inside {
  readonly link: OpenLink;
  readonly world: number;
}

let inside: Inside | null = null;
let ended: string | null = null;

function here(): Inside {
  if (inside === null) throw new Error('not in a room');
  return inside;
}

const intruder = {
  /** Comes in, and claims to have the room's world, so that its actions are listened to. */
  async enter(options: GuestOptions, port: MessagePort): Promise<void> {
    inside = null;
    ended = null;
    const link = await openLink(port);
    const world = await new Promise<RoomEvent & { kind: 'world' }>((resolve, reject) => {
      const hear = (event: RoomEvent): void => {
        if (event.kind === 'world') resolve(event);
        if (event.kind !== 'ended') return;
        ended = event.code;
        clearInterval(timer);
        reject(new Error(event.message));
      };
      const session = new GuestSession(link, options, () => performance.now(), hear);
      const timer = setInterval(() => session.flush(), FLUSH_MS);
    });
    const { world: number, compiled } = world.manifest;
    inside = { link, world: number };
    intruder.say({ kind: 'ready', world: number, compiled });
  },

  /** Why the host has hung up, or null. */
  ended: (): string | null => ended,

  /** Says anything on `ctl`. */
  say(message: CtlMessage): void {
    here().link.ctl.send(encode(ctl, message));
  },

  /**
   * Says that it has done something, whether it may or not.
   *
   * @param first number of the first action; the host takes each number once
   */
  act(first: number, actions: readonly Action[]): void {
    const { link, world } = here();
    const out = new RtWriter();
    out.begin();
    out.acts(world, 0, first, actions.map(encodedAction));
    link.rt.send(out.datagram());
  },

  /** Sends bytes as they are. */
  send(lane: 'ctl' | 'rt' | 'bulk', bytes: Uint8Array): void {
    here().link[lane].send(bytes);
  },
};

export type Intruder = typeof intruder;

expose(intruder);
