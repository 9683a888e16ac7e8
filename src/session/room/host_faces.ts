import { ByteReader } from '../../core/bytes';
import { FaceRelay } from '../../face/relay';
import { type FaceDemand, type FaceReport, readReport } from '../../face/report';
import { FaceSender } from '../../face/sender';
import { FaceFeed } from './face_feed';
import { FaceInbox } from './face_inbox';
import { readReports } from './face_reports';
import { STAMPS } from './guest_faces';

/** The host's own seat. */
const HOST = 0;
/** Who has sent nothing for so long has no face, ms: one that rests says so each second at least. */
const FACELESS_MS = 2500;
/** What is asked of a sender is looked at anew so often, ms: somebody may have fallen silent. */
const LOOK_MS = 500;

/** One person's face on its way to all others. */
interface Source {
  readonly relay: FaceRelay;
  demand: FaceDemand;
  heardAt: number;
  /** What is asked may have changed; and when it was last looked at, ms. */
  stale: boolean;
  lookedAt: number;
}

/**
 * All faces of a room, at its host: passes them on and reads none of them. Its own page is a sender and a receiver as any
 * other.
 */
export class HostFaces {
  private readonly sender = new FaceSender();
  private stamp = 0;
  private readonly inbox = new FaceInbox();
  private readonly sources = new Map<number, Source>();
  private readonly feeds = new Map<number, FaceFeed>();

  constructor(private readonly clock: () => number) {}

  /** Somebody has come in. */
  enter(seat: number): FaceFeed {
    const now = this.clock();
    const feed = new FaceFeed(seat, () => this.demandOf(seat));
    this.feeds.set(seat, feed);
    for (const source of this.sources.values()) {
      source.relay.join(seat, now);
      source.stale = true;
    }
    return feed;
  }

  /** Somebody has left: their face goes, and nobody waits for them. */
  leave(seat: number): void {
    this.feeds.delete(seat);
    this.sources.delete(seat);
    for (const source of this.sources.values()) {
      source.relay.leave(seat);
      source.stale = true;
    }
  }

  /** The face of the host's own person; null when there is none any more. */
  set(values: Float32Array | null): void {
    const now = this.clock();
    if (values === null) this.sender.end(now);
    else this.sender.push(values, now);
  }

  /** What the host's own page says of how faces arrive. */
  report(bytes: Uint8Array): void {
    readReports(bytes, (seat, report) => this.take(HOST, seat, report));
  }

  /**
   * What a guest says of how somebody's face arrives there.
   *
   * @returns false when it makes no sense
   */
  hearReport(from: number, seat: number, bytes: Uint8Array): boolean {
    const input = new ByteReader(bytes);
    const report = readReport(input);
    if (report === null || input.remaining > 0) return false;
    this.take(from, seat, report);
    return true;
  }

  /** A message of somebody's face: passes it on to whom it is of use. @param stamp counts its messages, modulo 256 */
  hear(seat: number, stamp: number, message: Uint8Array): void {
    const now = this.clock();
    const source = this.sourceOf(seat, now);
    source.heardAt = now;
    source.relay.hear(stamp);
    if (seat !== HOST && source.relay.pass(now, HOST, message)) this.inbox.add(seat, message);
    for (const feed of this.feeds.values()) {
      if (feed.seat !== seat && source.relay.pass(now, feed.seat, message)) feed.add(seat, stamp, message);
    }
  }

  /** When {@link flush} or {@link taken} has something to do, wall ms. */
  get due(): number {
    return Math.min(this.sender.due, this.inbox.due);
  }

  /** Passes on what the host's own person does. To be called before the guests' datagrams are written. */
  flush(now: number): void {
    if (this.sender.due > now) return;
    this.instruct();
    const message = this.sender.take(now);
    if (message.length === 0) return;
    this.hear(HOST, this.stamp, message);
    this.stamp = (this.stamp + 1) % STAMPS;
  }

  /** What the host's page is to be told now. */
  taken(): Uint8Array<ArrayBuffer> | null {
    return this.inbox.take(this.clock());
  }

  private take(from: number, seat: number, report: FaceReport): void {
    const source = this.sources.get(seat);
    if (source === undefined || from === seat) return;
    source.relay.report(this.clock(), from, report);
    source.stale = true;
    // Who is seen by nobody sends once in a while only: whoever begins to look is not to wait for that.
    if (seat === HOST) this.instruct();
  }

  /** Tells the host's own sender what is asked of it. */
  private instruct(): void {
    const demand = this.demandOf(HOST);
    if (demand !== null) this.sender.obey(demand);
  }

  private sourceOf(seat: number, now: number): Source {
    const known = this.sources.get(seat);
    if (known !== undefined) return known;
    const relay = new FaceRelay();
    if (seat !== HOST) relay.join(HOST, now);
    for (const receiver of this.feeds.keys()) if (receiver !== seat) relay.join(receiver, now);
    const source = { relay, demand: relay.demand, heardAt: now, stale: false, lookedAt: now };
    this.sources.set(seat, source);
    return source;
  }

  /** What is asked of a sender; null of one that has no face. */
  private demandOf(seat: number): FaceDemand | null {
    const source = this.sources.get(seat);
    const now = this.clock();
    if (source === undefined || now - source.heardAt > FACELESS_MS) return null;
    if (source.stale || now - source.lookedAt > LOOK_MS) {
      source.demand = source.relay.demand;
      source.stale = false;
      source.lookedAt = now;
    }
    return source.demand;
  }
}
