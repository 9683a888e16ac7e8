import { ByteWriter } from '../../core/bytes';
import { FLAG } from '../../face/message';
import { type FaceDemand, writeDemand } from '../../face/report';
import { FACE_SECTION_BYTES, MAX_FACE_WORDS_SECTION_BYTES } from '../../protocol/rt';
import type { RtLane } from '../link/rt_lane';

/** Faces of several people share a datagram: it waits so long after the last one, ms. What is sudden does not wait. */
const BATCH_MS = 16;
/** What a sender is asked for goes so soon after the last time when it has changed, ms. */
const NEWS_MS = 50;
/** And again, as datagrams get lost: with another one, and by itself, ms. */
const RIDE_MS = 200;
const REPEAT_MS = 500;

/** What is asked of somebody who has a face; null of who has none. */
export type Demanded = () => FaceDemand | null;

/** What one guest is told of faces: those of the others, and what is asked of its own. */
export class FaceFeed {
  /** Messages that wait, one after the other, and where each ends and whose it is. */
  private readonly waiting = new ByteWriter();
  private readonly ends: number[] = [];
  private readonly seats: number[] = [];
  private urgent = false;
  private sentAt = -Infinity;
  private told: FaceDemand | null = null;
  private toldAt = -Infinity;
  private readonly body = new ByteWriter();

  constructor(private readonly demanded: Demanded) {}

  add(seat: number, message: Uint8Array): void {
    this.waiting.raw(message);
    this.ends.push(this.waiting.length);
    this.seats.push(seat);
    if (((message[0] ?? 0) & FLAG.urgent) !== 0) this.urgent = true;
  }

  /** When a datagram has to go, wall ms. */
  get due(): number {
    return Math.min(this.facesDue, this.demandDue(REPEAT_MS));
  }

  /** Adds to the datagram being written what waits; what does not fit goes with further ones at once. */
  write(now: number, lane: RtLane): void {
    if (this.demandDue(RIDE_MS) <= now) this.ask(now, lane);
    const { ends, seats } = this;
    if (ends.length === 0) return;
    const bytes = this.waiting.written();
    let start = 0;
    for (let i = 0; i < ends.length; i++) {
      const end = ends[i] ?? start;
      lane.reserve(FACE_SECTION_BYTES + end - start, now);
      lane.out.face(seats[i] ?? 0, bytes.subarray(start, end));
      start = end;
    }
    this.waiting.clear();
    ends.length = 0;
    seats.length = 0;
    this.urgent = false;
    this.sentAt = now;
  }

  private get facesDue(): number {
    if (this.ends.length === 0) return Infinity;
    return this.urgent ? -Infinity : this.sentAt + BATCH_MS;
  }

  private demandDue(repeat: number): number {
    const demand = this.demanded();
    if (demand === null) return Infinity;
    return this.toldAt + (isNews(demand, this.told) ? NEWS_MS : repeat);
  }

  private ask(now: number, lane: RtLane): void {
    const demand = this.demanded();
    if (demand === null) return;
    this.body.clear();
    writeDemand(this.body, demand);
    lane.reserve(MAX_FACE_WORDS_SECTION_BYTES, now);
    lane.out.faceDemand(this.body.written());
    this.told = demand;
    this.toldAt = now;
  }
}

function isNews(demand: FaceDemand, told: FaceDemand | null): boolean {
  if (demand === told) return false;
  return demand.held !== told?.held || demand.rate !== told.rate || demand.repeat !== told.repeat;
}
