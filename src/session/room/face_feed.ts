import { ByteWriter } from '../../core/bytes';
import { FLAG, MIN_RATE } from '../../face/message';
import { type FaceDemand, writeDemand } from '../../face/report';
import { FACE_SECTION_BYTES, MAX_FACE_WORDS_SECTION_BYTES } from '../../protocol/rt';
import type { RtLane } from '../link/rt_lane';

/** Faces of several people share a datagram: it waits so long after the last one, ms. What is sudden does not wait. */
const BATCH_MS = 16;
/** What a sender is asked for rides on other datagrams so long after the last time, ms: when it has changed, and not. */
const NEWS_RIDES_MS = 50;
const REPEAT_RIDES_MS = 200;
/** It gets one of its own after so long, ms: when a face would stay away otherwise, when it has changed, and not. */
const URGENT_MS = 50;
const NEWS_MS = 120;
const REPEAT_MS = 500;
/** A face that moves says something at least so often, ms. */
export const FLOW_MS = 50;

/** What is asked of somebody who has a face; null of who has none. */
export type Demanded = () => FaceDemand | null;

/** What one guest is told of faces: those of the others, and what is asked of its own. */
export class FaceFeed {
  /** Messages that wait, one after the other, where each ends, whose it is, and their numbers. */
  private readonly waiting = new ByteWriter();
  private readonly ends: number[] = [];
  private readonly seats: number[] = [];
  private readonly stamps: number[] = [];
  private urgent = false;
  private sentAt = -Infinity;
  private told: FaceDemand | null = null;
  private toldAt = -Infinity;
  private readonly body = new ByteWriter();

  constructor(
    readonly seat: number,
    private readonly demanded: Demanded,
  ) {}

  add(seat: number, stamp: number, message: Uint8Array): void {
    this.waiting.raw(message);
    this.ends.push(this.waiting.length);
    this.seats.push(seat);
    this.stamps.push(stamp);
    if (((message[0] ?? 0) & FLAG.urgent) !== 0) this.urgent = true;
  }

  /** Whether a face went with a datagram lately: others will follow. */
  flows(now: number): boolean {
    return now - this.sentAt < FLOW_MS;
  }

  /** When a datagram has to go, wall ms. */
  get due(): number {
    return Math.min(this.facesDue, this.demandDue);
  }

  /** Adds to the datagram being written what waits; what does not fit goes with further ones at once. */
  write(now: number, lane: RtLane): void {
    this.ask(now, lane);
    const { ends, seats, stamps } = this;
    if (ends.length === 0) return;
    const bytes = this.waiting.written();
    let start = 0;
    for (let i = 0; i < ends.length; i++) {
      const end = ends[i] ?? start;
      lane.reserve(FACE_SECTION_BYTES + end - start, now);
      lane.out.face(seats[i] ?? 0, stamps[i] ?? 0, bytes.subarray(start, end));
      start = end;
    }
    this.waiting.clear();
    ends.length = 0;
    seats.length = 0;
    stamps.length = 0;
    this.urgent = false;
    this.sentAt = now;
  }

  private get facesDue(): number {
    if (this.ends.length === 0) return Infinity;
    return this.urgent ? -Infinity : this.sentAt + BATCH_MS;
  }

  private get demandDue(): number {
    const demand = this.demanded();
    if (demand === null) return Infinity;
    if (!isNews(demand, this.told)) return this.toldAt + REPEAT_MS;
    return this.toldAt + (isUrgent(demand, this.told) ? URGENT_MS : NEWS_MS);
  }

  private ask(now: number, lane: RtLane): void {
    const demand = this.demanded();
    if (demand === null) return;
    if (now < this.toldAt + (isNews(demand, this.told) ? NEWS_RIDES_MS : REPEAT_RIDES_MS)) return;
    this.body.clear();
    writeDemand(this.body, demand);
    lane.reserve(MAX_FACE_WORDS_SECTION_BYTES, now);
    lane.out.faceDemand(this.body.written());
    this.told = demand;
    this.toldAt = now;
  }
}

/** Somebody is here who has nothing to go by, or begins to look. */
function isUrgent({ held, rate }: FaceDemand, told: FaceDemand | null): boolean {
  return told === null || (held === null && told.held !== null) || (rate >= MIN_RATE && told.rate < MIN_RATE);
}

function isNews(demand: FaceDemand, told: FaceDemand | null): boolean {
  if (demand === told) return false;
  return demand.held !== told?.held || demand.rate !== told.rate || demand.repeat !== told.repeat;
}
