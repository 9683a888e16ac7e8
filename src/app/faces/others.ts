import { ByteReader, ByteWriter } from '../../core/bytes';
import { CHANNELS } from '../../face/frame';
import { MAX_RATE, UNSEEN_RATE } from '../../face/message';
import { rateWorth } from '../../face/rate';
import { FaceReceiver } from '../../face/receiver';
import { writeReport } from '../../face/report';
import { FACE_REPORTS_PER_SECOND } from '../../protocol/limits';
import type { FaceFigures } from './api';

/** A receiver says so often how it goes, ms. */
const REPORT_MS = 250;
/** What it holds is told sooner, so that baselines stay young; so much later than the last report, ms, for many to share. */
const NEWS_MS = 30;
/** Of a face from which nothing comes, ms: below the relay's patience. */
const QUIET_REPORT_MS = 500;
/** All reports together stay below what the host takes from one guest. */
const REPORTS_SHARE = 0.75;
/** A face has to be worth less for so long before less is asked for, ms. */
const LESS_AFTER_MS = 1000;
/** Code that asked for somebody's face looks at it for so long, ms. */
const ASKED_MS = 5000;

interface Other {
  receiver: FaceReceiver;
  /** What is shown; the same array for as long as they are there. */
  readonly face: Float32Array;
  wanted: number;
  /** When it was last worth what is asked for, ms. */
  worthAt: number;
  askedAt: number;
  reportedAt: number;
  /** What was said then: the baseline that is held, and what is wanted. */
  told: { held: number | null; wanted: number };
  /** Whether a message came since the last report. */
  came: boolean;
}

/** Everybody else's faces: takes messages, plays them, says how they arrive. */
export class Others {
  private readonly all = new Map<number, Other>();
  private readonly out = new ByteWriter();
  private toldAt = -Infinity;

  /**
   * @param report hears what goes to the host: repeated `seat varint | report`
   * @param came hears of every message that could be read
   */
  constructor(
    private readonly report: (bytes: Uint8Array<ArrayBuffer>) => void,
    private readonly came: (seat: number, face: Float32Array) => void,
  ) {}

  /** Who is there, besides oneself. */
  setSeats(seats: readonly number[]): void {
    for (const seat of this.all.keys()) if (!seats.includes(seat)) this.all.delete(seat);
    for (const seat of seats) {
      if (this.all.has(seat)) continue;
      this.all.set(seat, {
        receiver: new FaceReceiver(seat + 1),
        face: new Float32Array(CHANNELS),
        wanted: MAX_RATE,
        worthAt: -Infinity,
        askedAt: -Infinity,
        reportedAt: -Infinity,
        told: { held: null, wanted: MAX_RATE },
        came: true,
      });
    }
  }

  /**
   * Whoever sends has begun anew, as another engine has: what comes from now on has nothing to do with what came before,
   * neither its numbers nor its clock.
   */
  restart(): void {
    for (const [seat, other] of this.all) {
      other.receiver = new FaceReceiver(seat + 1);
      other.came = true;
    }
  }

  /** The live array of somebody's face; null for somebody who is not there. */
  liveFace(seat: number): Float32Array | null {
    return this.all.get(seat)?.face ?? null;
  }

  /** The same, as of now, for somebody who looks at it without a picture. */
  faceAt(seat: number, now: number): Float32Array | null {
    const other = this.all.get(seat);
    if (other === undefined) return null;
    other.askedAt = now;
    other.receiver.sample(now, other.face);
    return other.face;
  }

  /** Takes what the engine brings: repeated `seat varint | length varint | message`. */
  receive(bytes: Uint8Array, now: number): void {
    const input = new ByteReader(bytes);
    while (input.ok && input.remaining > 0) {
      const seat = input.varint();
      const length = input.varint();
      const { position } = input;
      input.skip(length);
      if (!input.ok) return;
      const other = this.all.get(seat);
      if (other === undefined) continue;
      other.came = true;
      if (other.receiver.receive(bytes.subarray(position, position + length), now)) {
        this.came(seat, other.face);
      }
    }
  }

  /** Puts everybody's face as it is now into their arrays. */
  sample(now: number): void {
    for (const { receiver, face } of this.all.values()) receiver.sample(now, face);
  }

  /**
   * Says how faces arrive, where it is time.
   *
   * @param pixels how high somebody's head is at present
   * @param all somebody needs all faces as they are, whoever looks
   */
  tell(now: number, pixels: (seat: number) => number, all: boolean): void {
    const { out } = this;
    const fewest = (1000 * this.all.size) / (REPORTS_SHARE * FACE_REPORTS_PER_SECOND);
    for (const [seat, other] of this.all) {
      const isLookedAt = all || now - other.askedAt < ASKED_MS;
      const worth = isLookedAt ? MAX_RATE : rateWorth(pixels(seat));
      want(other, worth, now);
      const { told, wanted } = other;
      const { held } = other.receiver;
      const isNews = held !== told.held || wanted !== told.wanted;
      const wait = isNews && now - this.toldAt >= NEWS_MS ? 0 : other.came ? REPORT_MS : QUIET_REPORT_MS;
      if (now - other.reportedAt < Math.max(wait, fewest)) continue;
      other.reportedAt = now;
      told.held = held;
      told.wanted = wanted;
      other.came = false;
      out.varint(seat);
      writeReport(out, other.receiver.report(wanted));
    }
    if (out.length === 0) return;
    this.toldAt = now;
    this.report(out.finish());
    out.clear();
  }

  figures(now: number): readonly FaceFigures[] {
    return [...this.all].map(([seat, { receiver, wanted }]) => {
      const { rate, bytesPerSecond, lost, lateness, delay } = receiver.figures(now);
      return {
        peer: String(seat),
        rate,
        bytesPerSecond,
        lost,
        jitterMs: lateness,
        delayMs: delay,
        wanted: wanted <= UNSEEN_RATE ? 0 : wanted,
      };
    });
  }
}

/** More is asked for at once, less only after a while. */
function want(other: Other, worth: number, now: number): void {
  if (worth >= other.wanted) {
    other.wanted = worth;
    other.worthAt = now;
  } else if (now - other.worthAt > LESS_AFTER_MS) {
    other.wanted = worth;
  }
}
