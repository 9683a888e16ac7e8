import type { FromRelay, RelayError, ToRelay } from '../src/protocol/relay';
import { Bucket } from './bucket';
import type { Clock } from './clock';
import type { RelaySettings } from './config';

/** Someone connected, as rooms see them. */
export interface Member {
  readonly id: string;
  /** Much of what it was sent has not left yet. */
  readonly isBehind: boolean;
  say(message: FromRelay): void;
  /** Says why, then ends the connection. */
  refuse(error: RelayError): void;
}

type Send = Extract<ToRelay, { kind: 'send' }>;
/** What became of a blob: `lost` as nobody was there to take it, or its sender may not send it. */
export type Sent = 'passed' | 'lost' | Extract<RelayError, 'bad-message' | 'too-fast'>;

/** Where a member is. */
export interface Place {
  readonly role: 'host' | 'guest';
  /** @param cost in messages, for the limits */
  send(message: Send, cost: number): Sent;
  /** Gives the place up; may be called when it has been taken already. */
  leave(): void;
}

/** Each way between a guest and the host has its own limit: a full room's host writes as much as all its guests. */
interface Guest {
  readonly member: Member;
  readonly toHost: Bucket;
  readonly fromHost: Bucket;
}

interface Room {
  readonly tag: string;
  host: Member | null;
  token: string;
  readonly guests: Map<string, Guest>;
}

/** Who is in which room, and who may write to whom. A room is there while anybody is in it. */
export class Rooms {
  private readonly rooms = new Map<string, Room>();

  constructor(
    private readonly settings: RelaySettings,
    private readonly clock: Clock,
  ) {}

  /** Counted when asked: so it cannot drift from what is there. */
  census(): { readonly rooms: number; readonly hosts: number; readonly guests: number } {
    let hosts = 0;
    let guests = 0;
    for (const room of this.rooms.values()) {
      hosts += room.host === null ? 0 : 1;
      guests += room.guests.size;
    }
    return { rooms: this.rooms.size, hosts, guests };
  }

  /** Makes `member` the host: of a room without one, or instead of one with the same token. */
  host(member: Member, tag: string, token: string): Place | RelayError {
    const room = this.open(tag);
    if (room === null) return 'too-many-rooms';
    const before = room.host;
    if (before !== null && room.token !== token) return 'room-taken';
    room.host = member;
    room.token = token;
    member.say({ kind: 'welcome', peer: member.id, hosted: true });
    for (const id of room.guests.keys()) member.say({ kind: 'joined', peer: id });
    if (before !== null) {
      before.refuse('room-taken');
      // What was on its way to the one before is lost: guests are to begin anew.
      tellGuests(room, false);
    }
    tellGuests(room, true);
    return {
      role: 'host',
      send: (message, cost) => this.toGuest(room, message, cost),
      leave: () => {
        if (room.host !== member) return;
        room.host = null;
        tellGuests(room, false);
        this.closeIfEmpty(room);
      },
    };
  }

  /** Lets `member` in as a guest, also when the host is not there yet. */
  guest(member: Member, tag: string): Place | RelayError {
    const room = this.open(tag);
    if (room === null) return 'too-many-rooms';
    if (room.guests.size >= this.settings.guestsPerRoom) return 'room-full';
    const guest = { member, toHost: this.bucket(), fromHost: this.bucket() };
    room.guests.set(member.id, guest);
    member.say({ kind: 'welcome', peer: member.id, hosted: room.host !== null });
    room.host?.say({ kind: 'joined', peer: member.id });
    return {
      role: 'guest',
      send: ({ peer, sealed }, cost) => {
        if (peer !== undefined) return 'bad-message';
        if (!guest.toHost.take(cost, this.clock.now())) return 'too-fast';
        // Guests together could write faster than any host reads: they must not bring it down.
        if (room.host === null || room.host.isBehind) return 'lost';
        room.host.say({ kind: 'sealed', peer: member.id, sealed });
        return 'passed';
      },
      leave: () => {
        if (!room.guests.delete(member.id)) return;
        room.host?.say({ kind: 'left', peer: member.id });
        this.closeIfEmpty(room);
      },
    };
  }

  private toGuest(room: Room, { peer, sealed }: Send, cost: number): Sent {
    if (peer === undefined) return 'bad-message';
    const guest = room.guests.get(peer);
    // It may have just left.
    if (guest === undefined) return 'lost';
    if (!guest.fromHost.take(cost, this.clock.now())) return 'too-fast';
    guest.member.say({ kind: 'sealed', sealed });
    return 'passed';
  }

  private bucket(): Bucket {
    const { messageBurst, messagesPerSecond } = this.settings;
    return new Bucket(messageBurst, messagesPerSecond, this.clock.now());
  }

  private open(tag: string): Room | null {
    const known = this.rooms.get(tag);
    if (known !== undefined) return known;
    if (this.rooms.size >= this.settings.maxRooms) return null;
    const room: Room = { tag, host: null, token: '', guests: new Map() };
    this.rooms.set(tag, room);
    return room;
  }

  private closeIfEmpty(room: Room): void {
    if (room.host === null && room.guests.size === 0) this.rooms.delete(room.tag);
  }
}

function tellGuests(room: Room, hosted: boolean): void {
  for (const { member } of room.guests.values()) member.say({ kind: 'hosted', hosted });
}
