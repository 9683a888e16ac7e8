import { FaceEncoder } from './encoder';
import { CHANNELS, HEAD_STEPS, MAX_HEAD_STEP, WEIGHT_STEPS, clamp } from './frame';
import { MAX_RATE, MAX_WAITING, MIN_RATE, UNSEEN_RATE } from './message';
import { SHAPE, SHAPES } from './names';
import type { FaceDemand } from './report';

/**
 * When a face is sent: decides which frames are worth it, batches them, and says when a message is due.
 *
 * The clock is the caller's, and so is the timer: it asks {@link FaceSender.due} and calls {@link FaceSender.take} then,
 * or earlier, when a datagram leaves anyway.
 */

/** A frame waits for the next so long, ms: one at 60 Hz, and what pages and timers are late (two share the cost of one). */
const BATCH_MS = 24;
/** A frame may come so much early and still be taken for the next at its rate, as a part of the time between two. */
const EARLY = 0.25;
/** A face that has changed by no more than quantising loses is not sent again, of a weight or in radians. */
const CALM = 2 / WEIGHT_STEPS;
/** After so long without a frame, receivers are told that the face rests, ms: they hold it for 100 ms otherwise. */
const REST_AFTER_MS = 70;
/** A face that rests says so again, ms. */
const REST_REPEAT_MS = 500;
/** A change larger than this after a pause is not the end of a slow movement, of a weight or in radians. */
const WAKING = 3.5 / WEIGHT_STEPS;
/** A pause is longer than so many frames. */
const PAUSE_FRAMES = 1.3;
/** A change by which lids and jaw are sudden, between two frames. */
const SUDDEN = 0.08;
/** The same for all other shapes. */
const SUDDEN_OTHER = 0.2;
/** The same for the head, radians. */
const SUDDEN_HEAD = 0.3;

const MAX_ANGLE = MAX_HEAD_STEP / HEAD_STEPS;
const NOTHING = new Uint8Array(0);
const NEUTRAL = new Float32Array(CHANNELS);

/** By how much each channel may change before that is sudden. */
const SUDDEN_CHANGE = Float32Array.from({ length: CHANNELS }, (_, i) => {
  if (i >= SHAPES) return SUDDEN_HEAD;
  return i === SHAPE.eyeBlinkLeft || i === SHAPE.eyeBlinkRight || i === SHAPE.jawOpen ? SUDDEN : SUDDEN_OTHER;
});

export class FaceSender {
  private readonly encoder = new FaceEncoder();
  private readonly current = new Float32Array(CHANNELS);
  private rate = MAX_RATE;
  /** Frames of earlier messages that each message tells again. */
  private repeat = 1;
  private known = false;
  /** When a frame was last kept for sending, and when a message last left, ms. */
  private keptAt = -Infinity;
  private sentAt = -Infinity;
  /** When the next frame may be kept, ms: so that a source of any rate is thinned to ours. */
  private nextAt = -Infinity;
  /** When the batch that waits has to leave, ms. */
  private batchDue = Infinity;
  private urgent = false;
  /** Whether the face given last was sudden, and when that was, ms. */
  private moving = false;
  private pushedAt = -Infinity;
  private rested = false;
  /** The face has ended: it is over once the others know that it rests. */
  private ending = false;
  /** Whether the current face differs from the one kept last by more than nothing. */
  private changed = false;

  /** Does as the receivers ask. */
  obey({ held, rate, repeat }: FaceDemand): void {
    this.encoder.acknowledge(held);
    this.rate = clamp(rate, UNSEEN_RATE, MAX_RATE);
    // Somebody looks now: the next frame does not wait as long as it was to.
    this.nextAt = Math.min(this.nextAt, this.keptAt + this.interval);
    this.repeat = repeat;
  }

  /**
   * Takes the face as it is now.
   *
   * @param values 52 weights, then possibly the head's angles
   * @param now ms, never less than before
   */
  push(values: Float32Array, now: number): void {
    for (let i = 0; i < CHANNELS; i++) this.current[i] = values[i] ?? 0;
    this.known = true;
    this.ending = false;
    this.consider(now);
  }

  /** There is no face any more: the others see it come to rest, and nothing is sent until the next one. */
  end(now: number): void {
    if (!this.known || this.ending) return;
    this.push(NEUTRAL, now);
    this.ending = true;
  }

  /** When a message has to be taken, ms; Infinity while there is no face. */
  get due(): number {
    if (!this.known) return Infinity;
    if (this.encoder.waiting > 0) return this.batchDue;
    const rest = this.sentAt + this.restInterval;
    return this.changed ? Math.min(rest, this.nextAt) : rest;
  }

  /** The message that is ready, valid until the next call; empty when there is nothing to say yet. */
  take(now: number): Uint8Array {
    if (!this.known) return NOTHING;
    let resting = this.rate < MIN_RATE;
    if (this.encoder.waiting === 0) {
      if (now < this.due) return NOTHING;
      resting ||= !this.changed;
      this.keep(now);
    }
    const { urgent } = this;
    const repeat = this.rate < MIN_RATE ? 0 : this.repeat;
    const message = this.encoder.write(now, { repeat, urgent, resting });
    this.rested = resting;
    this.sentAt = now;
    this.batchDue = Infinity;
    this.urgent = false;
    if (resting && this.ending) {
      this.known = false;
      this.ending = false;
    }
    return message;
  }

  /** Time between two frames, ms. */
  private get interval(): number {
    return 1000 / this.rate;
  }

  private get restInterval(): number {
    return Math.max(this.interval, this.rested ? REST_REPEAT_MS : REST_AFTER_MS);
  }

  /** Keeps the current face for sending if it is time and it says something new. */
  private consider(now: number): void {
    const { current, encoder } = this;
    const { last } = encoder;
    const seen = this.rate >= MIN_RATE;
    let change = 0;
    let sudden = false;
    for (let i = 0; i < CHANNELS; i++) {
      const known = (last[i] ?? 0) / (i < SHAPES ? WEIGHT_STEPS : HEAD_STEPS);
      const by = Math.abs(
        clamp(current[i] ?? 0, i < SHAPES ? 0 : -MAX_ANGLE, i < SHAPES ? 1 : MAX_ANGLE) - known,
      );
      if (by > change) change = by;
      if (by > (SUDDEN_CHANGE[i] ?? 1)) sudden = true;
    }
    // What changed and was not kept, as it came too early.
    const stirred = this.changed;
    this.changed = change > CALM;
    const since = now - this.keptAt;
    // What goes on being sudden is a fast movement: it has been announced, and goes at its rate.
    const moving = this.moving && now - this.pushedAt < 2 * this.interval;
    const onset = sudden && seen && !moving;
    this.moving = sudden;
    this.pushedAt = now;
    if (!onset && (now < this.nextAt - EARLY * this.interval || !this.changed)) return;
    this.urgent ||= onset;
    if (
      !stirred &&
      since > PAUSE_FRAMES * this.interval &&
      change > WAKING &&
      encoder.waiting === 0 &&
      this.keptAt > -Infinity
    ) {
      // The face was still as it was until now: nobody is to interpolate the pause.
      encoder.addSame(now - this.interval);
    }
    this.keep(now);
  }

  private keep(now: number): void {
    if (this.encoder.waiting >= MAX_WAITING) return;
    this.encoder.add(this.current, now);
    this.keptAt = now;
    this.nextAt = Math.max(this.nextAt, now - EARLY * this.interval) + this.interval;
    this.changed = false;
    // Two frames share what a message costs.
    this.batchDue = this.urgent || this.encoder.waiting > 1 ? now : now + BATCH_MS;
  }
}
