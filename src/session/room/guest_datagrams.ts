import type { Channel } from '../../protocol/link';
import { type RtHandler, readRt } from '../../protocol/rt';
import { RtLane } from '../link/rt_lane';
import { GuestFaces } from './guest_faces';
import { OwnPresence, PRESENCE_LATE_MS, Presences } from './presence';
import type { TapeFollower } from './tape_follower';

/** What is due so soon goes with a datagram that leaves anyway, ms: a datagram costs more than what is in it. */
export const RIDE_MS = 40;

/** What a guest says and hears on `rt`: its actions, where it looks, its face, and the same of the others. */
export class GuestDatagrams {
  readonly lane: RtLane;
  readonly faces: GuestFaces;
  readonly presences = new Presences();
  readonly own = new OwnPresence();
  /** Of the world that is followed, once there is one. */
  follower: TapeFollower | null = null;

  /** @param malformed something in a datagram makes no sense */
  constructor(
    channel: Channel,
    private readonly clock: () => number,
    onDatagram: (datagram: Uint8Array) => void,
    private readonly malformed: () => void,
  ) {
    this.lane = new RtLane(channel, clock(), onDatagram);
    this.faces = new GuestFaces(clock);
  }

  /** Everybody but oneself: the rest is forgotten. */
  keepOnly(others: ReadonlySet<number>): void {
    this.presences.keepOnly(others);
    this.faces.keepOnly(others);
  }

  /** When {@link send} has something to do by itself, wall ms. */
  due(now: number): number {
    const { lane, faces, follower } = this;
    const acts = follower?.due(now, lane.pulse.roundTrip.timeout) ?? Infinity;
    return Math.min(acts, lane.pulse.due, this.presenceDue(now), faces.due);
  }

  /** Sends a datagram if one is due. @param seat one's own */
  send(now: number, seat: number): void {
    if (this.due(now) > now) return;
    const { lane, own, follower } = this;
    const { timeout } = lane.pulse.roundTrip;
    lane.out.begin();
    if (follower !== null && follower.due(now, timeout) <= now + RIDE_MS) follower.write(now, timeout);
    if (own.due <= now) {
      own.next(now);
      lane.out.presence(own.person, own.stamp);
    }
    this.faces.write(now, lane, seat);
    lane.send(now);
  }

  /**
   * Takes what a datagram says.
   *
   * @returns false when it is malformed
   * @throws SimroomError `tape-invalid`
   */
  read(datagram: Uint8Array): boolean {
    return readRt(datagram, this.reader);
  }

  private presenceDue(now: number): number {
    return this.own.due + (this.faces.flows(now) ? PRESENCE_LATE_MS : 0);
  }

  private readonly reader: RtHandler = {
    tape: (section) => {
      const { follower } = this;
      if (follower?.world === section.world && !follower.hear(section)) this.malformed();
    },
    hash: (world, tick, hash) => {
      if (this.follower?.world === world) this.follower.hash(tick, hash);
    },
    ping: (stamp) => this.lane.pulse.ping(stamp),
    pong: (stamp) => this.lane.pulse.roundTrip.pong(stamp, this.clock()),
    presence: (person, stamp) => this.presences.hear(person[0] ?? 0, person, stamp),
    face: (seat, _stamp, message) => this.faces.hear(seat, message),
    faceDemand: (demand) => {
      if (!this.faces.obey(demand)) this.malformed();
    },
    // Guests say these; nobody tells them to one.
    acts: () => this.malformed(),
    faceReport: () => this.malformed(),
  };
}
