import type { Link } from '../../protocol/link';
import { type RtHandler, readRt } from '../../protocol/rt';
import type { Action } from '../../tape/action';
import { RtLane } from '../link/rt_lane';
import type { FaceFeed } from './face_feed';
import { RIDE_MS } from './guest_datagrams';
import type { GuestLimits } from './guest_limits';
import type { HostFaces } from './host_faces';
import { PRESENCE_LATE_MS, PresenceFeed, type Presences } from './presence';
import type { TapeFeed } from './tape_feed';

/** Whose datagrams they are. */
export interface Speaker {
  /** -1 until it is in. */
  readonly seat: number;
  readonly limits: GuestLimits;
  readonly feed: TapeFeed;
  /** Whether what is said of a world is said of the one that this guest is in. */
  isHere(world: number): boolean;
  /** Deals with an action, if it is the next one. */
  act(number: number, action: Action): void;
  /** What came was not to be taken. */
  drop(): void;
  /** No app of ours would have sent it. */
  malformed(): void;
}

/** What everybody in a room sees of everybody. */
export interface Company {
  readonly clock: () => number;
  readonly presences: Presences;
  readonly faces: HostFaces;
}

/** What the host tells one guest on `rt`, and hears from it there. */
export class HostDatagrams {
  readonly lane: RtLane;
  private presence: PresenceFeed | null = null;
  private faces: FaceFeed | null = null;

  constructor(
    link: Link,
    private readonly room: Company,
    private readonly guest: Speaker,
    onDatagram: (datagram: Uint8Array) => void,
  ) {
    this.lane = new RtLane(link.rt, room.clock(), onDatagram);
  }

  /** The guest has a seat: it is told of the others from now on. */
  enter(seat: number): void {
    this.presence = new PresenceFeed(this.room.presences, seat, this.lane.out);
    this.faces = this.room.faces.enter(seat);
  }

  /** When {@link send} has something to do by itself, wall ms. */
  due(now: number): number {
    const { lane, faces } = this;
    const feed = this.guest.feed.due(now, lane.pulse.roundTrip.timeout);
    return Math.min(feed, lane.pulse.due, this.presenceDue(now), faces?.due ?? Infinity);
  }

  /** Sends a datagram if one is due. */
  send(now: number): void {
    if (this.due(now) > now) return;
    const { lane, presence, guest } = this;
    const { timeout } = lane.pulse.roundTrip;
    lane.out.begin();
    if (guest.feed.due(now, timeout) <= now + RIDE_MS) guest.feed.write(now, timeout);
    if (presence !== null && presence.due <= now) presence.write(now);
    this.faces?.write(now, lane);
    lane.send(now);
  }

  /** Takes what a datagram says. @returns false when it is malformed */
  read(datagram: Uint8Array): boolean {
    return readRt(datagram, this.reader);
  }

  private presenceDue(now: number): number {
    const due = this.presence?.due ?? Infinity;
    return this.faces?.flows(now) === true ? due + PRESENCE_LATE_MS : due;
  }

  private readonly reader: RtHandler = {
    acts: ({ world, nextSeq, first, actions }) => {
      const { guest } = this;
      if (!guest.isHere(world)) return;
      if (!guest.feed.expects(nextSeq, this.room.clock())) guest.malformed();
      for (const [i, action] of actions.entries()) guest.act(first + i, action);
    },
    ping: (stamp) => this.lane.pulse.ping(stamp),
    pong: (stamp) => this.lane.pulse.roundTrip.pong(stamp, this.room.clock()),
    presence: (person, stamp) => this.room.presences.hear(this.guest.seat, person, stamp),
    face: (seat, stamp, message) => {
      const { guest, room } = this;
      const now = room.clock();
      if (seat !== guest.seat) guest.malformed();
      else if (!guest.limits.faces.take(now) || !guest.limits.faceBytes.take(now, message.length))
        guest.drop();
      else room.faces.hear(seat, stamp, message);
    },
    faceReport: (seat, report) => {
      const { guest, room } = this;
      if (!guest.limits.faceReports.take(room.clock())) guest.drop();
      else if (!room.faces.hearReport(guest.seat, seat, report)) guest.malformed();
    },
    // A host says these; nobody tells them to it.
    tape: () => this.guest.malformed(),
    hash: () => this.guest.malformed(),
    faceDemand: () => this.guest.malformed(),
  };
}
