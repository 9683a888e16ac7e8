import { SimroomError } from '../../core/errors';
import { peopleColour } from '../../core/people';
import { CHAT_HISTORY } from '../../protocol/limits';
import type { Person } from '../../protocol/ctl';
import type { RoomEvent } from '../../session/room_messages';
import type { ChatMessage, EventMap, Peer, Role, RoomInfo } from '../api';
import type { Emitter } from '../emitter';

/** Messages kept on this side: what a newcomer gets to read, several times over. */
const MAX_MESSAGES = 5 * CHAT_HISTORY;

/** Two messages of the same words by the same person nearer than this are one, ms: clocks and turns differ a little. */
const ECHO_MS = 2000;

const HOST_SEAT = 0;

const RANKS: Readonly<Record<Role, number>> = { viewer: 0, developer: 1, admin: 2 };

/**
 * What is known of the room: who is there, in which role, what was said. A mirror: the host alone decides.
 */
export class RoomState {
  private room: RoomInfo | null = null;
  private seat = 0;
  private people: readonly Peer[] = [];
  private said: readonly ChatMessage[] = [];
  private lastMessage = 0;

  constructor(private readonly events: Emitter<EventMap>) {}

  /** Null outside any room. */
  get info(): RoomInfo | null {
    return this.room;
  }

  /** Everybody, oneself included; empty outside any room. */
  get peers(): readonly Peer[] {
    return this.people;
  }

  get messages(): readonly ChatMessage[] {
    return this.said;
  }

  /** One's own seat. */
  get self(): number {
    return this.seat;
  }

  /** A room has been entered or opened; what was said in another is forgotten. */
  enter(room: RoomInfo): void {
    if (this.room?.id !== room.id) this.said = [];
    // Guests are told theirs.
    if (room.host) this.seat = HOST_SEAT;
    this.set(room);
  }

  /** Something about the room has changed. */
  change(changes: Partial<RoomInfo>): void {
    const { room } = this;
    if (room === null) return;
    const next = { ...room, ...changes };
    if ((Object.keys(changes) as (keyof RoomInfo)[]).some((key) => room[key] !== next[key])) this.set(next);
  }

  /** The room is over, or was left. What was said can still be read. */
  leave(): void {
    if (this.room === null) return;
    this.people = [];
    this.set(null);
    this.events.emit('peer', this.people);
  }

  /** Hears what the session tells. */
  hear(event: RoomEvent): void {
    switch (event.kind) {
      case 'entered':
        this.seat = event.seat;
        break;
      case 'people':
        this.setPeople(event.people);
        break;
      case 'room':
        this.change({ locked: event.locked, defaultRole: event.defaultRole });
        break;
      case 'said':
        this.add(event);
        break;
      default:
        break;
    }
  }

  /** Name of somebody in the room, or of nobody any more. */
  nameOf(seat: number): string {
    return this.people.find(({ id }) => id === String(seat))?.name ?? 'Somebody';
  }

  /** Name of the host, or of nobody. */
  hostName(): string {
    return this.people.find(({ host }) => host)?.name ?? 'The host';
  }

  /** @throws SimroomError `not-in-room` */
  need(): RoomInfo {
    if (this.room === null) {
      throw new SimroomError(
        'not-in-room',
        'You are in no room: share this world, or open the link of another room.',
      );
    }
    return this.room;
  }

  /** Whether one may do what this role may; in a world of one's own everything. */
  may(role: Role): boolean {
    return this.room === null || RANKS[this.room.role] >= RANKS[role];
  }

  /**
   * Says at once what the host would say.
   *
   * @param what e.g. "change the world"
   * @throws SimroomError `role-refused`
   */
  require(role: Role, what: string): void {
    if (this.may(role)) return;
    const who = role === 'admin' ? 'Only admins' : 'Only developers and admins';
    throw new SimroomError(
      'role-refused',
      `${who} can ${what}; you are a ${this.need().role}. Ask an admin of this room for another role.`,
    );
  }

  private set(room: RoomInfo | null): void {
    this.room = room;
    this.events.emit('room', room);
  }

  private setPeople(people: readonly Person[]): void {
    if (this.room === null) return;
    this.people = people.map((person) => peerOf(person, this.seat));
    const self = this.people.find(({ self: mine }) => mine);
    if (self !== undefined) this.change({ role: self.role });
    this.events.emit('peer', this.people);
  }

  private add({ seat, name, colour, text, age }: Extract<RoomEvent, { kind: 'said' }>): void {
    const at = Date.now() - age;
    // Who comes back is told what was said before, most of which they have heard.
    const isEcho = (known: ChatMessage): boolean =>
      known.text === text && known.name === name && Math.abs(known.at.getTime() - at) < ECHO_MS;
    if (age > 0 && this.said.some(isEcho)) return;
    const message: ChatMessage = {
      id: ++this.lastMessage,
      peer: String(seat),
      name,
      colour: peopleColour(colour),
      self: seat === this.seat,
      text,
      at: new Date(at),
    };
    this.said = [...this.said, message].slice(-MAX_MESSAGES);
    this.events.emit('chat', message);
  }
}

function peerOf({ seat, name, colour, role, mode, route, rtt, dropped }: Person, self: number): Peer {
  const isHost = route === 'host';
  return {
    id: String(seat),
    name,
    colour: peopleColour(colour),
    role,
    self: seat === self,
    host: isHost,
    mode,
    link: isHost ? 'self' : route,
    rttMs: isHost || rtt === 0 ? null : rtt,
    dropped,
  };
}
