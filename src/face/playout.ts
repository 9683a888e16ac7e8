import { ClockOffset } from './clock_offset';
import type { FaceDecoder } from './decoder';
import { CHANNELS, HEAD_STEPS, WEIGHT_STEPS } from './frame';
import { IdleFace, smooth } from './idle';
import { SHAPES } from './names';
import { Quantile } from './quantile';

/** Frames that are kept to play: a second at 60 Hz. */
const FRAMES = 64;
/** The delay covers so many of the waits for the next message. */
const COVERED = 0.98;
/** Waits that count: some four seconds of talking. */
const WAITS = 128;
/** Added to it, ms: stamps are whole ms, and pictures are drawn when they are drawn. */
const MARGIN_MS = 2;
/** Before anything is known: two frames, ms. */
const FIRST_DELAY_MS = 34;
const MIN_DELAY_MS = 17;
const MAX_DELAY_MS = 300;
/** The playhead goes up to so much faster to catch up, and up to so much slower to fall back. */
const HASTE = 0.5;
const EASE = 0.2;
/** It closes a difference in about so long, ms. */
const SLEW_MS = 120;
/** A difference larger than this is jumped, ms. */
const JUMP_MS = 250;
/** A frame that changes less than this does not need to be in time, steps. */
const CALM_STEPS = 3;
/** What came last is held so long when nothing more comes, ms; and if the sender said that the face rests. */
const HOLD_MS = 100;
const HOLD_RESTING_MS = 1700;
/** Then the face goes back to rest in so long, ms, and returns from it in so long. */
const RELAX_MS = 300;
const RETURN_MS = 120;
const TURN = 2 ** 16;

/**
 * Plays what comes at odd times at an even pace: a buffer of frames, a clock, and something to do when nothing comes.
 *
 * The receiver's times are of any one clock, ms; the sender's are as it stamps them. The least time a message took is
 * taken for the way itself, so all delays are counted from there.
 */
export class Playout {
  private readonly stamps = new Float64Array(FRAMES);
  private readonly frames: readonly Int16Array[] = Array.from(
    { length: FRAMES },
    () => new Int16Array(CHANNELS),
  );
  private readonly offset = new ClockOffset();
  private readonly waits = new Quantile(COVERED, WAITS);
  private readonly idle: IdleFace;
  private readonly idleFace = new Float32Array(CHANNELS);
  /** Frames in the buffer, the oldest first; slots turn. */
  private count = 0;
  private first = 0;
  private resting = false;
  private sampledAt = -Infinity;
  private head = -Infinity;
  /** How far the face is driven by what comes rather than idle, 0 to 1. */
  private driven = 0;
  private latenessNow = 0;

  /** @param seed of the idle movements */
  constructor(seed: number) {
    this.idle = new IdleFace(seed);
  }

  /** How much later than the least is being played, ms. */
  get delay(): number {
    const wait = this.waits.value;
    if (Number.isNaN(wait)) return FIRST_DELAY_MS;
    return Math.min(MAX_DELAY_MS, Math.max(MIN_DELAY_MS, wait + MARGIN_MS));
  }

  /** How much later than the least messages come, ms: the mean of the latest ones. */
  get lateness(): number {
    return this.latenessNow;
  }

  /** What is being played, in the sender's clock, ms; -Infinity before anything came. */
  get playhead(): number {
    return this.head;
  }

  /** The newest frame there is, in the sender's clock, ms; -Infinity before anything came. */
  get newest(): number {
    return this.count === 0 ? -Infinity : this.stampAt(this.count - 1);
  }

  /** Takes the frames of the message that was read last. */
  receive(message: FaceDecoder, now: number): void {
    const last = message.count - 1;
    const stamp = this.unwrap(message.stamps[last] ?? 0);
    const { resting } = this;
    if (stamp > this.newest) this.resting = message.resting;
    this.offset.add(now, stamp);
    const late = now - stamp - this.offset.value;
    this.latenessNow += (late - this.latenessNow) / 16;
    let waited = this.count === 0;
    for (let i = 0; i <= last; i++) {
      const own = stamp - (((message.stamps[last] ?? 0) - (message.stamps[i] ?? 0) + TURN) % TURN);
      if (!waited && own > this.newest) {
        waited = this.differs(message.frame(i));
        // Until this frame came, the picture could go no further than the one before it.
        if (waited) this.wait(now - this.offset.value - this.newest);
        else this.pass(own, now, resting);
      }
      this.insert(own, message.frame(i));
    }
  }

  /**
   * The face to be shown.
   *
   * @param now ms, never less than before
   * @param out CHANNELS numbers, or as many as are wanted
   */
  sample(now: number, out: Float32Array): void {
    const passed = Math.min(Math.max(0, now - this.sampledAt), JUMP_MS);
    this.sampledAt = now;
    this.move(now, passed);
    const over = this.target(now) - this.newest;
    const hold = this.resting ? HOLD_RESTING_MS : HOLD_MS;
    const change = this.count > 0 && over <= hold ? passed / RETURN_MS : -passed / RELAX_MS;
    this.driven = Math.min(1, Math.max(0, this.driven + change));
    if (this.count > 0) this.interpolate(out);
    else out.fill(0);
    if (this.driven === 1) return;
    this.idle.sample(now, this.idleFace);
    const part = smooth(this.driven);
    for (let i = 0; i < Math.min(CHANNELS, out.length); i++) {
      const rest = this.idleFace[i] ?? 0;
      out[i] = rest + ((out[i] ?? 0) - rest) * part;
    }
  }

  /** Forgets what came. */
  clear(): void {
    this.count = 0;
    this.head = -Infinity;
    this.offset.clear();
    this.waits.clear();
    this.latenessNow = 0;
  }

  /** Counts a wait for the next frame. One that no delay would cover is a pause: nobody looked, or the network was cut. */
  private wait(ms: number): void {
    if (ms <= MAX_DELAY_MS) this.waits.add(ms);
  }

  /** Where the playhead should be. */
  private target(now: number): number {
    return now - this.offset.value - this.delay;
  }

  /**
   * Moves the playhead towards where it should be, as far as there are frames: what comes late is played late and then
   * caught up with, rather than skipped.
   */
  private move(now: number, passed: number): void {
    if (this.count === 0) return;
    const target = this.target(now);
    const off = target - (this.head + passed);
    const end = this.resting ? Infinity : this.newest;
    if (!(Math.abs(off) < JUMP_MS)) this.head = Math.min(target, Math.max(end, this.head));
    else {
      const to = this.head + passed * (1 + Math.min(HASTE, Math.max(-EASE, off / SLEW_MS)));
      this.head = Math.max(this.head, Math.min(to, end));
    }
  }

  /**
   * A face that was still until this stamp: the playhead need not wait there. Where it rested, what comes next is a
   * beginning, and is not kept waiting for what may follow it: it stands still then for a moment instead.
   */
  private pass(stamp: number, now: number, resting: boolean): void {
    if (resting && this.isStill) this.head = Math.max(this.head, stamp);
    else if (this.head >= this.newest) this.head = Math.max(this.head, Math.min(stamp, this.target(now)));
  }

  /** Whether nothing that is still to be played moves. */
  private get isStill(): boolean {
    for (let i = this.count - 1; i >= 0; i--) {
      if (this.differs(this.frameAt(i))) return false;
      if (this.stampAt(i) <= this.head) return true;
    }
    return true;
  }

  private interpolate(out: Float32Array): void {
    let after = this.count - 1;
    while (after > 0 && this.stampAt(after - 1) > this.head) after--;
    const to = this.frameAt(after);
    const from = this.frameAt(Math.max(0, after - 1));
    const end = this.stampAt(after);
    const start = after === 0 ? end : this.stampAt(after - 1);
    const part = end > start ? Math.min(1, Math.max(0, (this.head - start) / (end - start))) : 1;
    for (let i = 0; i < Math.min(CHANNELS, out.length); i++) {
      const value = (from[i] ?? 0) + ((to[i] ?? 0) - (from[i] ?? 0)) * part;
      out[i] = value / (i < SHAPES ? WEIGHT_STEPS : HEAD_STEPS);
    }
  }

  private differs(frame: Int16Array): boolean {
    const last = this.frameAt(this.count - 1);
    for (let i = 0; i < CHANNELS; i++)
      if (Math.abs((frame[i] ?? 0) - (last[i] ?? 0)) > CALM_STEPS) return true;
    return false;
  }

  /** Puts a frame where its stamp says; one that is there already stays, one that is too old is passed over. */
  private insert(stamp: number, frame: Int16Array): void {
    let at = this.count;
    while (at > 0 && this.stampAt(at - 1) >= stamp) at--;
    if (at < this.count && this.stampAt(at) === stamp) return;
    if (this.count === FRAMES) {
      if (at === 0) return;
      this.first = (this.first + 1) % FRAMES;
      this.count--;
      at--;
    }
    for (let i = this.count; i > at; i--) {
      this.stamps[this.slot(i)] = this.stampAt(i - 1);
      this.frameAt(i).set(this.frameAt(i - 1));
    }
    this.stamps[this.slot(at)] = stamp;
    this.frameAt(at).set(frame);
    this.count++;
  }

  private slot(index: number): number {
    return (this.first + index) % FRAMES;
  }

  private stampAt(index: number): number {
    return this.stamps[this.slot(index)] ?? 0;
  }

  private frameAt(index: number): Int16Array {
    return this.frames[this.slot(index)] ?? EMPTY;
  }

  /** A stamp without the modulus: near the newest there is. */
  private unwrap(stamp: number): number {
    if (this.count === 0) return stamp;
    const known = this.newest;
    return known + ((((stamp - known) % TURN) + TURN + TURN / 2) % TURN) - TURN / 2;
  }
}

const EMPTY = new Int16Array(CHANNELS);
