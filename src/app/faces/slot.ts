import { fromPlainError, toPlainError, type SimroomError } from '../../core/errors';
import { CHANNELS } from '../../face/frame';
import { OneEuroFilter } from '../../face/one_euro';
import { REGIONS, type Region } from '../../face/regions';
import type { Tuning } from '../../face/tuning';
import type { SourceInfo } from './api';
import { gainsOf } from './memory';
import type { FaceSource, SourceKind, SourceStatus } from './source';

/** Sources that measure, and therefore tremble; the others mean exactly what they say. */
const TREMBLING: ReadonlySet<SourceKind> = new Set<SourceKind>(['webcam', 'bridge', 'microphone', 'audio']);

/** Sources whose face changes with time alone, without a word of theirs. */
const PLAYED: ReadonlySet<SourceKind> = new Set<SourceKind>(['recording', 'text']);

/** A source that measures against a face at rest takes so long to learn it anew, ms: what is left is taken off then. */
const RELEARN_MS = 1200;
const STARTING: SourceStatus = { state: 'starting', text: 'Starting.' };
/** New faces are counted over so long, ms. */
const RATE_MS = 1000;

export const TITLES: Readonly<Record<SourceKind, string>> = {
  code: 'Code',
  text: 'Typed text',
  audio: 'Audio file',
  recording: 'Recording',
  bridge: 'Phone or program',
  webcam: 'Camera',
  microphone: 'Microphone',
  idle: 'Idle',
};

/** One open source: its newest face, tuned and filtered, and how it does. */
export class SourceSlot {
  /** Of the newest face: the regions that the source drives. */
  mask = 0;
  readonly frame = new Float32Array(CHANNELS);
  status: SourceStatus = STARTING;
  /** Regions of one's face that it drives at present. */
  drives: readonly Region[] = [];
  private readonly raw = new Float32Array(CHANNELS);
  private readonly filter: OneEuroFilter | null;
  private running: FaceSource | null = null;
  private over = false;
  /** Whether it tells of new faces; else every one that is taken is new. */
  private pushes = false;
  private count = 0;
  private countedSince = -Infinity;
  private rate = 0;
  /** When what the source has learned is taken for granted, ms. */
  private captureAt = Infinity;

  constructor(
    readonly kind: SourceKind,
    readonly tuning: Tuning,
  ) {
    this.filter = TREMBLING.has(kind) ? new OneEuroFilter() : null;
  }

  /** Whether it was closed; what is opened for it later is closed at once. */
  get isClosed(): boolean {
    return this.over;
  }

  /** Null until it is open, and after it has failed. */
  get source(): FaceSource | null {
    return this.running;
  }

  /** Whether it has to be asked again and again. */
  get isPlayed(): boolean {
    return this.running !== null && PLAYED.has(this.kind);
  }

  /** The source is open. */
  hold(source: FaceSource): void {
    this.running = source;
    if (this.status === STARTING) this.status = { state: 'on', text: 'On.' };
  }

  /** Takes the face of the next second or two for the neutral one. */
  calibrate(now: number): void {
    if (this.running?.recalibrate === undefined) {
      this.tuning.captureNeutral();
      return;
    }
    this.running.recalibrate();
    this.captureAt = now + RELEARN_MS;
  }

  get isCalibrating(): boolean {
    return this.tuning.isCapturing || this.captureAt < Infinity;
  }

  /** The source says that it has a new face. */
  push(now: number): void {
    this.pushes = true;
    this.tick(now);
  }

  /**
   * Takes the face of an instant.
   *
   * @returns what it failed with; its source is closed then
   */
  sample(now: number): SimroomError | null {
    const { running, frame } = this;
    this.mask = 0;
    if (running === null) return null;
    try {
      this.mask = running.sample(now, this.raw);
    } catch (thrown) {
      const error = fromPlainError(toPlainError(thrown, 'engine-failed'));
      this.fail(error.message);
      return error;
    }
    if (this.mask === 0) return null;
    if (!this.pushes) this.tick(now);
    if (now >= this.captureAt) {
      this.captureAt = Infinity;
      this.tuning.captureNeutral();
    }
    frame.set(this.raw);
    this.tuning.apply(frame);
    this.filter?.apply(frame, now);
    return null;
  }

  /** It does not work any more, and stays to say so. */
  fail(text: string): void {
    this.running?.close();
    this.running = null;
    this.mask = 0;
    this.status = { state: 'failed', text };
  }

  close(): void {
    this.over = true;
    this.mask = 0;
    this.running?.close();
    this.running = null;
  }

  info(now: number): SourceInfo {
    const { kind, status, tuning, running } = this;
    const isSet = tuning.neutralFace.some((value) => value !== 0);
    return {
      kind,
      title: TITLES[kind],
      status,
      rate: now - this.countedSince > 2 * RATE_MS ? 0 : this.rate,
      drives: this.drives,
      mirrored: tuning.mirrored,
      neutral: this.isCalibrating ? 'calibrating' : isSet ? 'set' : 'none',
      gain: gainsOf(tuning),
      ...(running?.stream === undefined ? {} : { stream: running.stream }),
      ...(running?.subjects === undefined ? {} : { subjects: running.subjects }),
    };
  }

  private tick(now: number): void {
    this.count++;
    if (now - this.countedSince < RATE_MS) return;
    const seconds = (now - this.countedSince) / 1000;
    this.rate = this.countedSince < 0 ? 0 : this.count / seconds;
    this.count = 0;
    this.countedSince = now;
  }
}

/** Names of the regions of a mask. */
export function regionsOf(mask: number): readonly Region[] {
  return REGIONS.filter((_, r) => (mask & (1 << r)) !== 0);
}
