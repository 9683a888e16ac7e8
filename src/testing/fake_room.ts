import type {
  ChatMessage,
  EventMap,
  Invitation,
  JoinStep,
  Peer,
  RoomInfo,
  RoomSettings,
  Simroom,
} from '../app/api';
import { SimroomError } from '../core/errors';
import { peopleColour } from '../core/people';

/** How a test or a demonstration plays the others of a room. */
export interface FakeRoom {
  /** This browser is in a room with these others. */
  enter(others?: readonly Partial<Peer>[], info?: Partial<RoomInfo>): void;
  /** Something about the room changes. */
  change(info: Partial<RoomInfo>): void;
  /** Somebody comes, or changes. */
  put(peer: Partial<Peer>): void;
  go(id: string): void;
  say(id: string, text: string): void;
  /** Joining goes on; null when it has ended. */
  step(step: JoinStep | null, fraction?: number | null): void;
  /** The room ends against this browser's will. */
  end(code: 'room-closed' | 'removed' | 'connection-failed', message: string): void;
  /** What the next calls that need the room do instead of succeeding. */
  fail(error: SimroomError | null): void;
}

type Emit = <E extends keyof EventMap>(event: E, value: EventMap[E]) => void;
type Call = (name: string, ...args: unknown[]) => Promise<void>;

const LINK = 'https://simroom.example/#room=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gIQ';

/** People as they come: a person, then others by `name`. */
export function fakePeer(changes: Partial<Peer> = {}): Peer {
  return {
    id: changes.name ?? 'somebody',
    name: 'Somebody',
    colour: peopleColour(1),
    role: 'developer',
    self: false,
    host: false,
    mode: 'tape',
    link: 'p2p',
    rttMs: 24,
    dropped: 0,
    ...changes,
  };
}

export function createFakeRoom(
  emit: Emit,
  record: Call,
): { readonly room: Simroom['room']; readonly chat: Simroom['chat']; readonly others: FakeRoom } {
  let info: RoomInfo | null = null;
  let peers: readonly Peer[] = [];
  let messages: readonly ChatMessage[] = [];
  let invitations: readonly Invitation[] = [];
  let settings: RoomSettings = { name: 'Guest 7', colour: 0 };
  let left: string | null = null;
  let failure: SimroomError | null = null;
  let invited = 0;

  const act = async (name: string, ...args: unknown[]): Promise<void> => {
    await record(name, ...args);
    if (failure !== null) throw failure;
  };
  const setInfo = (next: RoomInfo | null): void => {
    info = next;
    emit('room', info);
  };
  const setPeers = (next: readonly Peer[]): void => {
    peers = next;
    emit('peer', peers);
  };
  const self = (): Peer =>
    fakePeer({
      id: 'self',
      name: settings.name,
      colour: peopleColour(settings.colour),
      self: true,
      role: info?.role ?? 'admin',
      host: info?.host ?? false,
      ...(info?.host === true ? { link: 'self' as const, rttMs: null } : {}),
    });
  const enter = (others: readonly Partial<Peer>[], changes: Partial<RoomInfo>): void => {
    setInfo({
      id: '0123456789abcdef',
      link: LINK,
      host: true,
      role: 'admin',
      locked: false,
      defaultRole: 'developer',
      state: 'open',
      ...changes,
    });
    left = null;
    setPeers([self(), ...others.map(fakePeer)]);
  };
  const quit = (): void => {
    left = info?.link ?? left;
    peers = [];
    setInfo(null);
    emit('peer', peers);
  };
  const say = (peer: Peer, text: string): void => {
    const { id, name, colour } = peer;
    const message = {
      id: messages.length + 1,
      peer: id,
      name,
      colour,
      self: peer.self,
      text,
      at: new Date(),
    };
    messages = [...messages, message];
    emit('chat', message);
  };

  const room: Simroom['room'] = {
    create: async (options) => {
      await act('room.create', options);
      enter([], { defaultRole: options?.role ?? 'developer' });
      return { link: LINK, id: '0123456789abcdef' };
    },
    join: async (link) => {
      await act('room.join', link);
      enter([{ id: 'host', name: 'Ana', host: true, role: 'admin' }], { host: false, role: 'developer' });
    },
    leave: async () => {
      await act('room.leave');
      quit();
    },
    info: () => info,
    peers: () => peers,
    invite: async (request) => {
      await act('room.invite', request);
      const id = `invitation ${++invited}`;
      const { role, uses = null, expiresIn = null } = request;
      invitations = [...invitations, { id, role, uses, expiresIn, used: 0 }];
      return `${LINK}&invite=${invited}`;
    },
    invitations: () => Promise.resolve(invitations),
    revoke: async (id) => {
      await act('room.revoke', id);
      invitations = invitations.filter((i) => i.id !== id);
    },
    setRole: async (id, role) => {
      await act('room.setRole', id, role);
      setPeers(peers.map((p) => (p.id === id ? { ...p, role } : p)));
    },
    remove: async (id) => {
      await act('room.remove', id);
      setPeers(peers.filter((p) => p.id !== id));
    },
    lock: async (locked) => {
      await act('room.lock', locked);
      if (info !== null) setInfo({ ...info, locked });
    },
    setDefaultRole: async (defaultRole) => {
      await act('room.setDefaultRole', defaultRole);
      if (info !== null) setInfo({ ...info, defaultRole });
    },
    settings: () => settings,
    setSettings: async (changes) => {
      await act('room.setSettings', changes);
      settings = { ...settings, ...changes };
      if (info !== null) setPeers(peers.map((p) => (p.self ? self() : p)));
    },
    fork: async () => {
      await act('room.fork');
      quit();
    },
    rejoin: async () => {
      await act('room.rejoin');
      enter([{ id: 'host', name: 'Ana', host: true, role: 'admin' }], { host: false, role: 'developer' });
    },
    left: () => left,
    lookAs: (id) => void record('room.lookAs', id),
    gather: () => act('room.gather'),
    point: (at) => void record('room.point', at),
  };
  const chat: Simroom['chat'] = {
    send: async (text) => {
      await act('chat.send', text);
      say(self(), text);
    },
    messages: () => messages,
  };
  const others: FakeRoom = {
    enter: (people = [], changes = {}) => enter(people, changes),
    change: (changes) => {
      if (info !== null) setInfo({ ...info, ...changes });
    },
    put: (peer) => {
      const whole = fakePeer(peer);
      const known = peers.some((p) => p.id === whole.id);
      setPeers(known ? peers.map((p) => (p.id === whole.id ? { ...p, ...peer } : p)) : [...peers, whole]);
    },
    go: (id) => setPeers(peers.filter((p) => p.id !== id)),
    say: (id, text) => {
      const peer = peers.find((p) => p.id === id);
      if (peer !== undefined) say(peer, text);
    },
    step: (step, fraction = null) => emit('joining', step === null ? null : { step, fraction }),
    end: (code, message) => {
      quit();
      emit('error', new SimroomError(code, message));
    },
    fail: (error) => {
      failure = error;
    },
  };
  return { room, chat, others };
}
