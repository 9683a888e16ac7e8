import { FLAG, MAX_RATE, MIN_RATE, UNSEEN_RATE } from './message';

/** Later than the least by more than this lowers the rate, by less than that raises it, ms. */
const LATE_MS = 50;
const PROMPT_MS = 10;
/** Loss beyond this lowers it, loss below that lets it rise, after what is told again is counted in. */
const LOSSY = 0.05;
const SOUND = 0.02;
/** The rate falls by this factor, and rises by so much, Hz, at each turn. */
const FALL = 0.7;
const RISE = 5;
/** Between two turns, ms: what the last one did must show first. */
const TURN_MS = 500;
/** Loss is a mean over about so many messages, 3 s of them. */
const LOSS_WINDOW = 100;
/** Messages that tell something about loss. */
const FEWEST = 8;
/** Loss from which a whole message is told again rather than one frame, and from which two are. */
const REPEAT_MESSAGE_FROM = 0.12;
const REPEAT_TWO_FROM = 0.2;
/** A face so high in the picture, pixels, is worth a rate, Hz. */
const WORTH = [
  [80, MAX_RATE],
  [32, 30],
  [0, MIN_RATE],
] as const;

/** Frames a second that a face is worth. @param pixels its height in the picture; 0 when it is out of view */
export function rateWorth(pixels: number): number {
  if (!(pixels > 0)) return UNSEEN_RATE;
  return WORTH.find(([least]) => pixels >= least)?.[1] ?? MIN_RATE;
}

/** Frames that each message should tell again at a loss: one always, as the first loss is not known beforehand. */
export function repeatFor(loss: number): number {
  if (loss < REPEAT_MESSAGE_FROM) return 1;
  return loss < REPEAT_TWO_FROM ? 2 : 4;
}

/** Share of frames that are lost although they were told again: each in two messages, or in three. */
function lostForGood(loss: number, repeat: number): number {
  if (repeat === 0) return loss;
  return loss ** (repeat < 4 ? 2 : 3);
}

/** Loss on the way to one receiver, from how many messages were sent and how many it says have come. */
export class LossMeter {
  private sent = 0;
  private lastReceived = -1;
  private mean = 0;

  /** Share of messages that did not come, 0 to 1. */
  get loss(): number {
    return this.mean;
  }

  /** One message leaves. */
  send(): void {
    this.sent++;
  }

  /** @param received messages that came, modulo 256 */
  report(received: number): void {
    if (this.lastReceived < 0) {
      this.lastReceived = received;
      this.sent = 0;
      return;
    }
    if (this.sent < FEWEST) return;
    const came = (received - this.lastReceived + 256) % 256;
    const share = Math.max(0, 1 - came / this.sent);
    this.mean += (share - this.mean) * Math.min(1, this.sent / LOSS_WINDOW);
    this.lastReceived = received;
    this.sent = 0;
  }
}

/** Loss on the way from a sender, from the numbers its messages bear. */
export class GapMeter {
  private last = -1;
  private expected = 0;
  private came = 0;
  private mean = 0;

  /** Share of messages that did not come, 0 to 1. */
  get loss(): number {
    return this.mean;
  }

  /** @param stamp counts the sender's messages, modulo 256 */
  hear(stamp: number): void {
    const ahead = this.last < 0 ? 1 : (stamp - this.last + 256) % 256;
    if (ahead === 0) return;
    this.came++;
    // One that was overtaken has been expected already.
    if (ahead >= 128) return;
    this.last = stamp;
    this.expected += ahead;
    if (this.expected < FEWEST) return;
    const share = Math.max(0, 1 - this.came / this.expected);
    this.mean += (share - this.mean) * Math.min(1, this.expected / LOSS_WINDOW);
    this.expected = 0;
    this.came = 0;
  }
}

/** The rate one receiver gets of one face: what it can use, as far as the way there carries it. */
export class RateControl {
  private carried = MAX_RATE;
  private turnedAt = -Infinity;

  /** Frames a second that the way carries, MIN_RATE to MAX_RATE. */
  get rate(): number {
    return this.carried;
  }

  /**
   * @param lateness how much later than the least messages come, ms
   * @param loss share of messages that do not come
   * @param repeat frames told again in each: what is lost once is then not lost
   */
  report(now: number, lateness: number, loss: number, repeat: number): void {
    if (now < this.turnedAt + TURN_MS) return;
    this.turnedAt = now;
    const lost = lostForGood(loss, repeat);
    if (lateness > LATE_MS || lost > LOSSY) this.carried = Math.max(MIN_RATE, this.carried * FALL);
    else if (lateness < PROMPT_MS && lost < SOUND) this.carried = Math.min(MAX_RATE, this.carried + RISE);
  }
}

/** Lets through as many of a sender's messages as a receiver is to get, without reading them. */
export class Thinner {
  private passedAt = -Infinity;

  /**
   * @param head as `peekMessage` gives it
   * @param rate frames a second
   */
  pass(now: number, head: number, rate: number): boolean {
    if (head < 0) return false;
    const sudden = (head & (FLAG.urgent | FLAG.resting)) !== 0 && rate >= MIN_RATE;
    // Messages mostly bring two frames; a quarter early is in time.
    if (!sudden && rate < MAX_RATE && now - this.passedAt < (0.75 * 2000) / rate) return false;
    this.passedAt = now;
    return true;
  }
}
