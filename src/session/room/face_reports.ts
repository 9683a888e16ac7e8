import { ByteReader, ByteWriter } from '../../core/bytes';
import { type FaceReport, readReport, writeReport } from '../../face/report';
import { MAX_FACE_WORDS_SECTION_BYTES } from '../../protocol/rt';
import type { RtLane } from '../link/rt_lane';

/**
 * What is news gets a datagram of its own so long after the last report of the same face, ms, and rides on others sooner:
 * the sooner a sender knows what everybody has, the less it has to tell.
 */
const NEWS_MS = 100;
const NEWS_RIDES_MS = 50;
/** The same for what is no news, ms. */
const REPEAT_MS = 500;
const REPEAT_RIDES_MS = 250;

interface Told {
  readonly seat: number;
  report: FaceReport;
  /** Something has come from the page that was not told yet. */
  fresh: boolean;
  held: number | null;
  rate: number;
  at: number;
}

/** Calls back with every report of what a page has written. @returns false when the bytes make no sense */
export function readReports(bytes: Uint8Array, visit: (seat: number, report: FaceReport) => void): boolean {
  const input = new ByteReader(bytes);
  while (input.remaining > 0) {
    const seat = input.varint();
    const report = readReport(input);
    if (report === null) return false;
    visit(seat, report);
  }
  return true;
}

/** What a guest says of how the others' faces arrive: the newest of each, as often as it is worth it. */
export class FaceReports {
  private readonly bySeat = new Map<number, Told>();
  private readonly body = new ByteWriter();
  /** Kept for {@link due}: it is asked in every turn. */
  private next = Infinity;

  set(seat: number, report: FaceReport): void {
    const told = this.bySeat.get(seat);
    if (told === undefined) {
      this.bySeat.set(seat, { seat, report, fresh: true, held: null, rate: -1, at: -Infinity });
    } else {
      told.report = report;
      told.fresh = true;
    }
    this.look();
  }

  keepOnly(seats: ReadonlySet<number>): void {
    for (const seat of this.bySeat.keys()) if (!seats.has(seat)) this.bySeat.delete(seat);
    this.look();
  }

  /** When a datagram has to go for a report, wall ms. */
  get due(): number {
    return this.next;
  }

  /** Adds to the datagram being written what is worth telling now that one goes. */
  write(now: number, lane: RtLane): void {
    const { body } = this;
    for (const told of this.bySeat.values()) {
      if (!told.fresh || now < told.at + (isNews(told) ? NEWS_RIDES_MS : REPEAT_RIDES_MS)) continue;
      body.clear();
      writeReport(body, told.report);
      lane.reserve(MAX_FACE_WORDS_SECTION_BYTES, now);
      lane.out.faceReport(told.seat, body.written());
      told.fresh = false;
      told.held = told.report.held;
      told.rate = told.report.rate;
      told.at = now;
    }
    this.look();
  }

  private look(): void {
    this.next = Infinity;
    for (const told of this.bySeat.values()) {
      if (told.fresh) this.next = Math.min(this.next, told.at + (isNews(told) ? NEWS_MS : REPEAT_MS));
    }
  }
}

function isNews({ report, held, rate }: Told): boolean {
  return report.held !== held || report.rate !== rate;
}
