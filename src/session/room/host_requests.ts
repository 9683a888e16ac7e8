import { SimroomError } from '../../core/errors';
import type { FacePlace, Look, Outcome, Request, Role } from '../../protocol/ctl';
import { MAX_STEP_TICKS } from '../../sim/check_action';
import type { Gate } from '../trust/gate';
import type { HostGuest } from './host_guest';
import { requireRequest } from './permissions';
import type { SharedWorld } from './shared_world';

/** Who asks: a guest, or the host itself in seat 0. */
export interface Asker {
  readonly seat: number;
  readonly role: Role;
}

/** What requests are about. */
export interface RequestedRoom {
  readonly gate: Gate;
  readonly world: SharedWorld | null;
  /** Everybody who is in. */
  guests(): readonly HostGuest[];
  rename(seat: number, name: string, colour: number): void;
  gather(seat: number): void;
  /** Resolves when everybody can see it; rejects when their head's file does not come. */
  wear(seat: number, look: Look): Promise<void>;
  /** Somebody's face onto a body or site, or nobody's. */
  putFace(place: Omit<FacePlace, 'seat'>, seat: number | null): void;
  /** The list of people has changed. */
  changed(): void;
  /** Lock or default role have changed. */
  reopened(): void;
  /** What must survive a reload has changed. */
  keep(): void;
}

const DONE: Outcome = { kind: 'done' };

/**
 * Does what somebody asks of the room, if they may.
 *
 * @throws SimroomError `role-refused`, and what the deed itself may throw
 */
export function perform(
  room: RequestedRoom,
  asker: Asker,
  request: Exclude<Request, { kind: 'load' }>,
): Outcome | Promise<Outcome> {
  requireRequest(asker.role, request.kind);
  const { gate } = room;
  switch (request.kind) {
    case 'rename':
      room.rename(asker.seat, request.name, request.colour);
      break;
    case 'rewind':
      worldOf(room).authority.rewind(request.tick);
      break;
    case 'scrub':
      if (!Number.isInteger(request.ticks) || Math.abs(request.ticks) > MAX_STEP_TICKS) {
        throw new SimroomError(
          'bad-argument',
          `${request.ticks} ticks is not a way to go: use a whole number.`,
        );
      }
      worldOf(room).authority.scrub(request.ticks);
      break;
    case 'gather':
      room.gather(asker.seat);
      break;
    case 'wear':
      return room.wear(asker.seat, request.look).then(() => DONE);
    case 'putFace':
      room.putFace(request, request.seat);
      break;
    case 'setRole':
      setRole(room, request.seat, request.role);
      break;
    case 'remove':
      remove(room, request.seat);
      break;
    case 'lock':
      gate.locked = request.locked;
      room.reopened();
      break;
    case 'setDefaultRole':
      gate.defaultRole = request.role;
      room.reopened();
      break;
    case 'invite':
      return invite(room, request);
    case 'revoke':
      gate.revoke(request.id);
      room.keep();
      break;
    case 'invitations':
      return { kind: 'invitations', all: gate.invitations.list() };
  }
  return DONE;
}

function worldOf({ world }: RequestedRoom): SharedWorld {
  if (world === null) throw new SimroomError('no-model', 'The room has no world yet. Try again in a moment.');
  return world;
}

function guestOf(room: RequestedRoom, seat: number): HostGuest {
  if (seat === 0) {
    throw new SimroomError(
      'bad-argument',
      "The host's own browser holds the room: it stays an admin, and in it.",
    );
  }
  const guest = room.guests().find((one) => one.seat === seat);
  if (guest === undefined) {
    throw new SimroomError(
      'unknown-name',
      `Nobody is in seat ${seat} any more. Look at the list of people again.`,
    );
  }
  return guest;
}

/** A person's role, in all the tabs they are here with. */
function setRole(room: RequestedRoom, seat: number, role: Role): void {
  const { identity } = guestOf(room, seat);
  room.gate.setRole(identity, role);
  for (const guest of room.guests()) {
    if (guest.identity !== identity) continue;
    guest.role = role;
    if (role === 'viewer') room.world?.authority.letGo(guest.seat);
  }
  room.keep();
  room.changed();
}

function remove(room: RequestedRoom, seat: number): void {
  const { identity } = guestOf(room, seat);
  room.gate.remove(identity);
  for (const guest of room.guests()) {
    if (guest.identity !== identity) continue;
    guest.refuse({ code: 'removed', message: 'An admin has removed you from this room.' });
  }
  room.keep();
}

async function invite(room: RequestedRoom, request: Extract<Request, { kind: 'invite' }>): Promise<Outcome> {
  const { token } = await room.gate.invitations.create(request);
  room.keep();
  return { kind: 'invited', token };
}
