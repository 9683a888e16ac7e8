import { SimroomError, fromPlainError, toPlainError } from '../core/errors';
import type { Frame } from '../core/frame';
import { toUtf8 } from '../core/utf8';
import type { Request } from '../protocol/ctl';
import { MAX_CHAT_BYTES } from '../protocol/limits';
import type { Resume } from '../session/engine_messages';
import type { LinkFigures, RoomEvent } from '../session/room_messages';
import type { CameraControl } from '../view/camera';
import type { Invitation, NetworkFigures, PeerFigures, Pick, Role, Simroom } from './api';
import type { LiveModel } from './engine_client';
import type { PlaceableModel } from './model_loader';
import { isRoomLink } from './room/address';
import { Presence } from './room/presence';
import { OwnPerson } from './room/person';
import { RoomState } from './room/room_state';
import type { RoomContext, Rooms } from './room/rooms';

/** What the rooms' part of the API needs of the app. */
export interface RoomApp extends Omit<RoomContext, 'ended' | 'state' | 'person' | 'memory'> {
  readonly camera: CameraControl;
  pick(ndcX: number, ndcY: number): Promise<Pick | null>;
  /** Opens a copy of the running world in a tab of its own. */
  forkInTab(): Promise<void>;
  /** The newest frame. */
  frame(): Frame | null;
}

/** The rooms' part of the API, and what else the app needs of it. */
export interface RoomPart {
  readonly room: Simroom['room'];
  readonly chat: Simroom['chat'];
  readonly state: RoomState;
  /** Puts a compiled model into the engine, and into the room if there is one. */
  place(model: PlaceableModel, resume: Resume | null): Promise<LiveModel>;
  hear(event: RoomEvent): void;
  engineDied(): void;
  engineBack(): void;
  /** Once per picture. */
  drawn(): void;
  figures(): Promise<NetworkFigures>;
  dispose(): void;
}

/** Fetches what rooms are made of. Called early for the link of a room, so that it comes while the page starts. */
export function fetchRooms(): Promise<typeof import('./room/rooms')> {
  return import('./room/rooms');
}

/**
 * Builds `simroom.room` and `simroom.chat`. What connects browsers is fetched when the first room is opened or entered.
 */
export function createRoomPart(app: RoomApp): RoomPart {
  const { engine, events, camera } = app;
  const state = new RoomState(events);
  const person = new OwnPerson();
  const presence = new Presence(engine, camera, app.pick);
  const listening = new AbortController();
  let rooms: Rooms | null = null;
  let loading: Promise<Rooms> | null = null;

  const load = (): Promise<Rooms> => {
    loading ??= fetchRooms().then(
      (module) => {
        rooms = new module.Rooms({ ...app, state, person });
        return rooms;
      },
      (cause: unknown) => {
        loading = null;
        throw new SimroomError(
          'rooms-unavailable',
          'The part of the app that opens rooms could not be fetched. Check the network and try again.',
          { cause },
        );
      },
    );
    return loading;
  };
  /** Entering a room: a failure is an event too. */
  const entering = async (enter: (rooms: Rooms) => Promise<void>): Promise<void> => {
    events.emit('joining', { step: 'signaling', fraction: null });
    try {
      await enter(await load());
    } catch (thrown) {
      const error = fromPlainError(toPlainError(thrown, 'connection-failed'));
      if (error.code !== 'load-cancelled') events.emit('error', error);
      throw error;
    } finally {
      events.emit('joining', null);
    }
  };
  const ask = async (role: Role, what: string, request: Request) => {
    state.need();
    state.require(role, what);
    return engine.ask((service) => service.request(request));
  };
  const seatOf = (peer: string): number => {
    const found = state.peers.find(({ id }) => id === peer);
    if (found === undefined)
      throw new SimroomError('unknown-name', `Nobody in this room has the id "${peer}".`);
    return Number(found.id);
  };
  const lookAs = (seat: number): void => {
    const frame = app.frame();
    if (frame !== null) presence.lookAs(seat, frame);
  };
  const join = (link: string): Promise<void> => entering((all) => all.join(link));

  const room: Simroom['room'] = {
    create: async ({ role = 'developer' } = {}) => (await load()).create(role),
    join,
    leave: async () => {
      await (await loading)?.leave();
    },
    info: () => state.info,
    peers: () => state.peers,
    invite: async ({ role, expiresIn = 0, uses = 0 }) => {
      const { token } = await ask('admin', 'invite people', { kind: 'invite', role, expiresIn, uses });
      if (token === undefined) throw new SimroomError('not-in-room', 'The room was closed meanwhile.');
      return (await load()).invitationLink(token);
    },
    invitations: async () => {
      const { invitations = [] } = await ask('admin', 'look at invitations', { kind: 'invitations' });
      return invitations.map(({ id, role, expiresIn, uses, used }): Invitation => ({
        id,
        role,
        expiresIn: expiresIn === 0 ? null : expiresIn,
        uses: uses === 0 ? null : uses,
        used,
      }));
    },
    revoke: async (id) => {
      await ask('admin', 'revoke invitations', { kind: 'revoke', id });
    },
    setRole: async (peer, role) => {
      await ask('admin', 'change roles', { kind: 'setRole', seat: seatOf(peer), role });
    },
    remove: async (peer) => {
      await ask('admin', 'remove people', { kind: 'remove', seat: seatOf(peer) });
    },
    lock: async (locked) => {
      await ask('admin', 'lock the room', { kind: 'lock', locked });
    },
    setDefaultRole: async (role) => {
      await ask('admin', 'choose the role of newcomers', { kind: 'setDefaultRole', role });
    },
    settings: () => person.settings,
    setSettings: async (changes) => {
      person.change(changes);
      if (state.info !== null) await ask('viewer', 'rename yourself', { kind: 'rename', ...person.settings });
    },
    fork: async () => {
      // The others need this one.
      if (state.need().host) await app.forkInTab();
      else await rooms?.leave();
    },
    rejoin: () => entering((all) => all.rejoin()),
    left: () => rooms?.left ?? null,
    lookAs: (peer) => lookAs(seatOf(peer)),
    gather: async () => {
      await ask('developer', "move everybody's camera", { kind: 'gather' });
    },
    point: (at) => presence.point(at),
  };

  const chat: Simroom['chat'] = {
    send: async (text) => {
      state.need();
      const bytes = toUtf8(text).length;
      if (text.trim() === '' || bytes > MAX_CHAT_BYTES) {
        throw new SimroomError(
          'bad-argument',
          `A message has 1 to ${MAX_CHAT_BYTES} bytes; this one has ${bytes}.`,
        );
      }
      await engine.ask((service) => service.say(text));
    },
    messages: () => state.messages,
  };

  const { signal } = listening;
  events.on('room', (info) => presence.setInRoom(info !== null));
  window.addEventListener('pagehide', () => rooms?.bye(), { signal });
  window.addEventListener(
    'hashchange',
    () => {
      const here = window.location.href;
      const present = state.info?.link;
      if (!isRoomLink(here) || (present !== undefined && new URL(present).hash === new URL(here).hash))
        return;
      // A failure is an event that the interface shows.
      join(here).catch(() => {});
    },
    { signal },
  );
  return {
    room,
    chat,
    state,
    place: (model, resume) => (rooms === null ? engine.load(model, { resume }) : rooms.place(model, resume)),
    hear: (event) => {
      rooms?.hear(event);
      if (event.kind === 'gather' && event.seat !== state.self) lookAs(event.seat);
    },
    engineDied: () => rooms?.engineDied(),
    engineBack: () => {
      rooms?.engineBack().catch((thrown: unknown) => {
        events.emit('error', fromPlainError(toPlainError(thrown, 'engine-failed')));
      });
    },
    drawn: () => presence.drawn(),
    figures: async () => {
      const none: readonly LinkFigures[] = [];
      const [links, wire] = await Promise.all([
        state.info === null ? none : engine.ask((service) => service.links()),
        rooms?.stats() ?? [],
      ]);
      const sum = (pick: (one: (typeof wire)[number]) => number): number =>
        wire.reduce((total, one) => total + pick(one), 0);
      return {
        peers: links.map(peerFigures),
        wire: {
          bytesSent: sum(({ bytesSent }) => bytesSent),
          bytesReceived: sum(({ bytesReceived }) => bytesReceived),
          packetsSent: sum(({ packetsSent }) => packetsSent),
          packetsReceived: sum(({ packetsReceived }) => packetsReceived),
        },
      };
    },
    dispose() {
      listening.abort();
      presence.dispose();
      rooms?.bye();
    },
  };
}

function peerFigures(link: LinkFigures): PeerFigures {
  const { seat, rtt, rtBytesOut, rtBytesIn, rtOut, rtIn, rollbacks, repairs } = link;
  const rttMs = rtt === 0 ? null : rtt;
  return { id: String(seat), rttMs, rtBytesOut, rtBytesIn, rtOut, rtIn, rollbacks, repairs };
}
