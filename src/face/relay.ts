import { CommonAck } from './common_ack';
import { MAX_RATE, MIN_RATE, UNSEEN_RATE, peekMessage } from './message';
import { GapMeter, LossMeter, RateControl, Thinner, repeatFor } from './rate';
import type { FaceDemand, FaceReport } from './report';

/** A receiver that has not reported for so long holds up nobody any more, ms. */
const SILENT_MS = 2000;

interface Receiver {
  readonly control: RateControl;
  readonly loss: LossMeter;
  readonly thinner: Thinner;
  /** Frames a second it can use. */
  wanted: number;
  reportedAt: number;
}

/**
 * Passes one sender's face on to its receivers: each gets as much as it can use and its way carries. Reads no frames.
 *
 * Who does not look gets nothing and is not waited for; once it looks again, it is told everything anew.
 */
export class FaceRelay {
  private readonly receivers = new Map<number, Receiver>();
  private readonly acks = new CommonAck();
  /** On the way from the sender. */
  private readonly gaps = new GapMeter();

  /** @param receiver any number of its own */
  join(receiver: number, now: number): void {
    this.receivers.set(receiver, {
      control: new RateControl(),
      loss: new LossMeter(),
      thinner: new Thinner(),
      wanted: MAX_RATE,
      reportedAt: now,
    });
    this.acks.set(receiver, null);
  }

  leave(receiver: number): void {
    this.receivers.delete(receiver);
    this.acks.delete(receiver);
  }

  /** A message has come from the sender. @param stamp counts its messages, modulo 256 */
  hear(stamp: number): void {
    this.gaps.hear(stamp);
  }

  /** Whether a message is to be passed on to a receiver now; it counts as sent then. */
  pass(now: number, receiver: number, message: Uint8Array): boolean {
    const one = this.receivers.get(receiver);
    if (one === undefined) return false;
    if (now - one.reportedAt > SILENT_MS) {
      one.wanted = UNSEEN_RATE;
      this.acks.delete(receiver);
    }
    if (one.wanted < MIN_RATE) return false;
    if (!one.thinner.pass(now, peekMessage(message), rateOf(one))) return false;
    one.loss.send();
    return true;
  }

  /** Takes what a receiver says. */
  report(now: number, receiver: number, report: FaceReport): void {
    const one = this.receivers.get(receiver);
    if (one === undefined) return;
    one.reportedAt = now;
    one.wanted = report.rate;
    one.loss.report(report.received);
    if (report.rate < MIN_RATE) {
      this.acks.delete(receiver);
      return;
    }
    this.acks.set(receiver, report.held);
    const loss = this.lossTo(one);
    one.control.report(now, report.lateness, loss, repeatFor(loss));
  }

  /** What the sender is to be told, some times a second. */
  get demand(): FaceDemand {
    let rate = UNSEEN_RATE;
    let repeat = repeatFor(0);
    for (const one of this.receivers.values()) {
      if (one.wanted < MIN_RATE) continue;
      rate = Math.max(rate, rateOf(one));
      repeat = Math.max(repeat, repeatFor(this.lossTo(one)));
    }
    return { held: this.acks.common, rate, repeat };
  }

  /** How it goes on the way to a receiver: frames a second it gets at most, and the share of messages lost. */
  figures(receiver: number): { readonly rate: number; readonly loss: number } | null {
    const one = this.receivers.get(receiver);
    return one === undefined ? null : { rate: rateOf(one), loss: this.lossTo(one) };
  }

  /** Share of messages that do not come from the sender all the way to a receiver. */
  private lossTo({ loss }: Receiver): number {
    return 1 - (1 - this.gaps.loss) * (1 - loss.loss);
  }
}

function rateOf({ wanted, control }: Receiver): number {
  return Math.min(wanted, control.rate);
}
