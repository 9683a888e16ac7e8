import { WritingDecider } from './deciders';
import { CHANNELS, quantise } from './frame';
import { FAR, NEAR, codeFrame, codeGap } from './frame_coder';
import { History, NEUTRAL } from './history';
import { FLAG, HEAD_BYTES, KEPT_FRAMES, MAX_FRAMES, MAX_MESSAGE_BYTES, MAX_WAITING, ahead } from './message';

const NUMBERS = 2 ** 16;
/** Steps by which a frame may be off the line between its neighbours without being told again by that. */
const BENT_STEPS = 6;
/** From here on it is told again twice: nothing else in a face is as quick as a blink, or missed as much. */
const MUCH_BENT_STEPS = 20;
/** Only frames that follow each other so quickly, ms: what is slower is less true anyway. */
const BENT_GAP_MS = 25;
/** Frames that are told again for being bent, at most. */
const MORE_AGAIN = 4;
/**
 * Two proposals are so far apart, ms: whoever has one says so at once, in a datagram that costs more than a baseline a
 * tenth of a second younger saves.
 */
const PROPOSE_MS = 200;
/** A candidate that not everybody has after so long is sent again with every message, ms. */
const REPEAT_CANDIDATE_MS = 200;
/** One that somebody still does not have after so long gives way to a newer one, ms. */
const DROP_CANDIDATE_MS = 1500;

export interface MessageOptions {
  /** Frames of messages before that are told again, against loss. */
  readonly repeat: number;
  readonly urgent: boolean;
  readonly resting: boolean;
}

/**
 * The sender's end of the codec.
 *
 * Frames are told by a baseline: one that all receivers have acknowledged, so that every message can be read by itself.
 * The next baseline is proposed in every message until everybody has it, and taken then.
 */
export class FaceEncoder {
  private readonly history = new History();
  private readonly decider = new WritingDecider();
  private readonly bytes = new Uint8Array(MAX_MESSAGE_BYTES);
  private readonly quantised = new Int16Array(CHANNELS);
  private readonly moved = new Int16Array(CHANNELS);
  private newest = NUMBERS - 1;
  private total = 0;
  private waitingCount = 0;
  private base = -1;
  private candidate = -1;
  private candidateAt = -Infinity;

  /** Frames that were added and not yet sent. */
  get waiting(): number {
    return this.waitingCount;
  }

  /** The newest frame as receivers will have it. */
  get last(): Int16Array {
    return this.quantised;
  }

  /**
   * Adds a frame to the next message.
   *
   * @param values as {@link quantise} takes them
   * @param stamp when it was taken, the sender's clock, ms
   */
  add(values: Float32Array, stamp: number): void {
    quantise(values, this.quantised);
    this.append(stamp);
  }

  /** Adds the last frame once more: the face was still like that at `stamp`. */
  addSame(stamp: number): void {
    this.append(stamp);
  }

  /**
   * Tells which frame all receivers have.
   *
   * @param number as they report it; null when one of them has nothing to go by: it has joined, or lost track
   */
  acknowledge(number: number | null): void {
    if (number === null) {
      // A candidate from before is unknown to a newcomer too; one from since is on its way there.
      if (this.base >= 0) this.candidate = -1;
      this.base = -1;
    } else if (number === this.candidate) {
      this.base = number;
      this.candidate = -1;
    }
  }

  /** A message with all frames that wait, valid until the next call; empty when there are none. */
  write(now: number, options: MessageOptions): Uint8Array {
    if (this.waitingCount === 0) return this.bytes.subarray(0, 0);
    this.expire(now);
    const told = this.toldAgain(options.repeat);
    const again = this.candidate >= 0 && now - this.candidateAt > REPEAT_CANDIDATE_MS;
    // Without a baseline there is nothing to wait for.
    if (this.candidate < 0 && (this.base < 0 || now - this.candidateAt >= PROPOSE_MS)) {
      this.candidate = this.newest;
      this.candidateAt = now;
    }
    const flags = (options.urgent ? FLAG.urgent : 0) | (options.resting ? FLAG.resting : 0);
    let end = this.tryWrite(this.waitingCount + told, again, flags);
    // Wild input only: half the frames say nearly as much.
    for (let count = this.waitingCount; end < 0 && count > 0; count >>= 1)
      end = this.tryWrite(count, false, flags);
    this.waitingCount = 0;
    return this.bytes.subarray(0, Math.max(0, end));
  }

  /** How many frames of earlier messages to tell again: more where interpolation would miss what they did. */
  private toldAgain(repeat: number): number {
    const most = Math.min(MAX_FRAMES, this.total) - this.waitingCount;
    let told = Math.max(0, Math.min(repeat, most));
    if (told === 0) return 0;
    for (let count = told + 1; count <= Math.min(repeat + MORE_AGAIN, most - 1); count++) {
      const bend = this.bend(back(this.newest, this.waitingCount + count - 1));
      if (bend > (count === repeat + 1 ? BENT_STEPS : MUCH_BENT_STEPS)) told = count;
    }
    return told;
  }

  /** How far a frame is from the line between the one before it and the one after it, steps. */
  private bend(number: number): number {
    const { history } = this;
    // At low rates everything is bent.
    const gap = (history.stamp(number) - history.stamp(back(number, 1)) + NUMBERS) % NUMBERS;
    if (gap > BENT_GAP_MS) return 0;
    const before = history.frame(back(number, 1));
    const at = history.frame(number);
    const after = history.frame((number + 1) % NUMBERS);
    let twice = 0;
    for (let i = 0; i < CHANNELS; i++) {
      twice = Math.max(twice, Math.abs(2 * (at[i] ?? 0) - (before[i] ?? 0) - (after[i] ?? 0)));
    }
    return twice / 2;
  }

  private append(stamp: number): void {
    this.newest = (this.newest + 1) % NUMBERS;
    this.history.keep(this.newest, Math.round(stamp) & (NUMBERS - 1), this.quantised);
    this.waitingCount = Math.min(this.waitingCount + 1, MAX_WAITING);
    this.total = Math.min(this.total + 1, KEPT_FRAMES);
  }

  /** Gives up what receivers may keep no longer. */
  private expire(now: number): void {
    const tooOld = KEPT_FRAMES - MAX_FRAMES;
    if (this.base >= 0 && ahead(this.newest, this.base) >= tooOld) this.base = -1;
    if (this.candidate < 0) return;
    if (ahead(this.newest, this.candidate) >= tooOld || now - this.candidateAt > DROP_CANDIDATE_MS)
      this.candidate = -1;
  }

  /** Writes the newest `count` frames; returns where the message ends, -1 when it is too long. */
  private tryWrite(count: number, again: boolean, flags: number): number {
    const { bytes, history, newest, base, candidate, decider, moved } = this;
    bytes[0] = (count - 1) | flags | (candidate < 0 ? 0 : FLAG.candidate) | (again ? FLAG.again : 0);
    bytes[1] = newest & 0xff;
    bytes[2] = newest >> 8;
    const stamp = history.stamp(newest);
    bytes[3] = stamp & 0xff;
    bytes[4] = stamp >> 8;
    bytes[5] = base < 0 ? 0 : ahead(newest, base);
    if (candidate >= 0) bytes[HEAD_BYTES] = ahead(newest, candidate);
    decider.begin(bytes, candidate < 0 ? HEAD_BYTES : HEAD_BYTES + 1);
    moved.fill(0);
    let reference = base < 0 ? NEUTRAL : history.frame(base);
    if (again) {
      codeFrame(decider, FAR, reference, moved, history.frame(candidate));
      reference = history.frame(candidate);
    }
    for (let i = 0; i < count; i++) {
      const number = back(newest, count - 1 - i);
      if (i > 0) {
        const gap = (history.stamp(number) - history.stamp(back(number, 1)) + NUMBERS) % NUMBERS;
        codeGap(decider, Math.max(1, gap));
      }
      codeFrame(decider, i === 0 ? FAR : NEAR, reference, moved, history.frame(number));
      reference = history.frame(number);
    }
    return decider.finish();
  }
}

/** A number so far back, modulo 65536. */
function back(number: number, by: number): number {
  return (number - by + NUMBERS) % NUMBERS;
}
