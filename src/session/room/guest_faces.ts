import { ByteReader } from '../../core/bytes';
import { readDemand } from '../../face/report';
import { FaceSender } from '../../face/sender';
import { FACE_SECTION_BYTES } from '../../protocol/rt';
import type { RtLane } from '../link/rt_lane';
import { FLOW_MS } from './face_feed';
import { FaceInbox } from './face_inbox';
import { FaceReports, readReports } from './face_reports';

/** Messages are counted modulo this. */
export const STAMPS = 256;

/** A guest's part in the faces of a room: its own goes to the host, the others' come from there. */
export class GuestFaces {
  private readonly sender = new FaceSender();
  private readonly inbox = new FaceInbox();
  private readonly reports = new FaceReports();
  /** Whose faces are wanted. */
  private others: ReadonlySet<number> = new Set();
  private sentAt = -Infinity;
  private stamp = 0;

  constructor(private readonly clock: () => number) {}

  /** One's own face as it is now; null when there is none any more. */
  set(values: Float32Array | null): void {
    if (values === null) this.sender.end(this.clock());
    else this.sender.push(values, this.clock());
  }

  /** What the page says of how faces arrive. */
  report(bytes: Uint8Array): void {
    readReports(bytes, (seat, report) => {
      if (this.others.has(seat)) this.reports.set(seat, report);
    });
  }

  /** Everybody but oneself: who is not among them is forgotten, and what of them is still on its way. */
  keepOnly(others: ReadonlySet<number>): void {
    this.others = others;
    this.reports.keepOnly(others);
  }

  hear(seat: number, message: Uint8Array): void {
    if (this.others.has(seat)) this.inbox.add(seat, message);
  }

  /** What the host asks for. @returns false when it makes no sense */
  obey(bytes: Uint8Array): boolean {
    const input = new ByteReader(bytes);
    const demand = readDemand(input);
    if (demand === null || input.remaining > 0) return false;
    this.sender.obey(demand);
    return true;
  }

  /** Whether one's own face went with a datagram lately: others will follow. */
  flows(now: number): boolean {
    return now - this.sentAt < FLOW_MS;
  }

  /** When a datagram has to go, wall ms. */
  get due(): number {
    const late = this.flows(this.clock()) ? FLOW_MS : 0;
    return Math.min(this.sender.due, this.reports.due + late);
  }

  /** Adds to the datagram being written what waits. */
  write(now: number, lane: RtLane, seat: number): void {
    const message = this.sender.take(now);
    if (message.length > 0) {
      lane.reserve(FACE_SECTION_BYTES + message.length, now);
      lane.out.face(seat, this.stamp, message);
      this.stamp = (this.stamp + 1) % STAMPS;
      this.sentAt = now;
    }
    this.reports.write(now, lane);
  }

  /** When the page has to be told, wall ms. */
  get told(): number {
    return this.inbox.due;
  }

  /** What the page is to be told now. */
  take(): Uint8Array<ArrayBuffer> | null {
    return this.inbox.take(this.clock());
  }
}
