import { type PlainError, SimroomError } from '../../core/errors';
import type { Manifest, Request, Role } from '../../protocol/ctl';
import type { Binding, Link } from '../../protocol/link';
import type { HostTrust, Versions } from '../../protocol/trust';
import type { Entry } from '../../tape/tape';
import type { Authority } from '../world/authority';
import { type Digest, sha256 } from './content';
import { Gate, asGateState } from '../trust/gate';
import { type HostHandshake, hostHandshakes } from '../trust/handshake';
import { HostGuest } from './host_guest';
import { perform } from './host_requests';
import { OpenRoom } from './open_room';
import type { Answered, LinkFigures, RoomEvent, RoomSession, Self } from '../room_messages';

/** Connections that may be at the door at a time: more are turned away unheard. */
const MAX_AT_DOOR = 16;

/** A room to open; plain data. */
export interface HostOptions {
  readonly trust: HostTrust;
  readonly versions: Versions;
  readonly self: Self;
  /** Of those who come by the plain link. */
  readonly defaultRole: Role;
  /** What the last `keep` event of this room told, or null. */
  readonly kept: unknown;
}

/** Who may enter, how they prove who they are, and how bytes are digested. */
export interface HostDoor {
  readonly gate: Gate;
  readonly handshake: (binding: Binding) => HostHandshake;
  readonly digest: Digest;
}

/** The door of a room, with real keys. */
function doorOf({ trust, versions, defaultRole, kept }: HostOptions): HostDoor {
  // Invitations expire across reloads of the page, so their clock counts from an epoch.
  const now = (): number => (performance.timeOrigin + performance.now()) / 1000;
  const { tag, hostKey } = trust;
  return {
    gate: new Gate({ tag, hostKey, now, defaultRole }, asGateState(kept)),
    handshake: hostHandshakes(trust, versions),
    digest: sha256,
  };
}

/**
 * The host's side of a room: who is in it, what they may do, and what they are told.
 *
 * Everything that guests send is checked; what is not to be taken is dropped, and counted.
 */
export class HostSession implements RoomSession {
  private readonly room: OpenRoom;
  private readonly door: HostDoor;
  private isOver = false;

  /**
   * @param clock wall clock, ms
   * @param door tests bring their own
   */
  constructor(
    options: HostOptions,
    private readonly clock: () => number,
    onEvent: (event: RoomEvent) => void,
    door: HostDoor = doorOf(options),
  ) {
    this.door = door;
    this.room = new OpenRoom(clock, door.gate, door.digest, options.self, (event) => {
      if (!this.isOver) onEvent(event);
    });
    onEvent(this.room.state());
  }

  /** A connection to somebody who wants to come in. */
  add(link: Link): void {
    const { room } = this;
    if (this.isOver || room.connected.filter((guest) => !guest.isIn).length >= MAX_AT_DOOR) {
      link.close();
      return;
    }
    room.connected = [...room.connected, new HostGuest(link, room, this.door.handshake(link.binding))];
  }

  /**
   * The room's world is this one from now on: guests are told, and begin when they have compiled it. What guests of an
   * earlier room hold in it is let go.
   */
  setWorld(authority: Authority, manifest: Manifest): void {
    this.room.setWorld(authority, manifest);
  }

  /** The world's authority has made an entry. */
  entered(entry: Entry): void {
    const { world } = this.room;
    // The next world's authority may be at work already.
    if (world !== null && world.authority.tape.entries.at(-1) === entry) world.entered(entry);
  }

  /** What became of a load that `loadRequested` asked for. */
  answerLoad(id: number, error: PlainError | null): void {
    this.room.loads.answer(id, error);
  }

  async request(request: Request): Promise<Answered> {
    if (request.kind === 'load') {
      throw new SimroomError(
        'bad-argument',
        'The host of a room loads models itself, and everybody gets them.',
      );
    }
    const outcome = await perform(this.room, { seat: 0, role: 'admin' }, request);
    if (outcome.kind === 'invited') return { token: outcome.token };
    return outcome.kind === 'invitations' ? { invitations: outcome.all } : {};
  }

  say(text: string): void {
    this.room.sayOwn(text);
  }

  present(person: Float32Array): void {
    this.room.own.set(person);
  }

  persons(into: Float32Array): number {
    return this.room.presences.write(into, 0);
  }

  face(values: Float32Array | null): void {
    this.room.faces.set(values);
  }

  faceReports(bytes: Uint8Array): void {
    this.room.faces.report(bytes);
  }

  takeFaces(): Uint8Array<ArrayBuffer> | null {
    return this.room.faces.taken();
  }

  want(hash: string): void {
    this.room.pull(hash);
  }

  provide(hash: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.room.store.provide(hash, bytes);
  }

  figures(): readonly LinkFigures[] {
    return this.room.guests().map((guest) => guest.figures);
  }

  /** @throws whatever a world threw whose wasm has aborted */
  flush(): void {
    if (this.room.crash !== null) throw this.room.crash;
    this.room.flush(this.clock());
  }

  get wait(): number {
    const now = this.clock();
    return Math.max(0, this.room.due(now) - now);
  }

  leave(): void {
    this.isOver = true;
    for (const guest of this.room.connected) guest.bye();
  }
}
