import { SimroomError } from '../../core/errors';
import { CHANNELS } from '../../face/frame';
import { writeLiveLinkCsv } from '../../face/live_link_csv';

/** Frames a second of what is recorded. */
const RATE = 60;
/** Half an hour, frames: 24 MB in memory. */
const MAX_FRAMES = 1800 * RATE;
/** What grows is made so much larger at once, frames. */
const BLOCK = 600;

/** Records a face that is given at odd times, at an even rate. */
export class TakeRecorder {
  private frames = new Float32Array(BLOCK * CHANNELS);
  private count = 0;
  private readonly last = new Float32Array(CHANNELS);
  private lastAt = -Infinity;
  private begun = 0;

  /** @param now ms, never less than before */
  put(face: Float32Array, now: number): void {
    if (this.lastAt < 0) {
      this.begun = now;
      this.last.set(face);
      this.lastAt = now;
    }
    for (let at = this.dueAt; at <= now && this.count < MAX_FRAMES; at = this.dueAt) {
      const part = now > this.lastAt ? (at - this.lastAt) / (now - this.lastAt) : 1;
      this.write(face, Math.max(0, part));
    }
    this.last.set(face);
    this.lastAt = now;
  }

  /** @throws SimroomError `bad-argument` when nothing was recorded */
  finish(): Blob {
    const { count } = this;
    if (count === 0) throw new SimroomError('bad-argument', 'Nothing has been recorded yet.');
    const frames = this.frames.slice(0, count * CHANNELS);
    return new Blob([writeLiveLinkCsv({ rate: RATE, frames })], { type: 'text/csv' });
  }

  /** When the next frame stands, ms. */
  private get dueAt(): number {
    return this.begun + (1000 * this.count) / RATE;
  }

  private write(face: Float32Array, part: number): void {
    const at = this.count * CHANNELS;
    if (at + CHANNELS > this.frames.length) {
      const larger = new Float32Array(2 * this.frames.length);
      larger.set(this.frames);
      this.frames = larger;
    }
    for (let i = 0; i < CHANNELS; i++) {
      const from = this.last[i] ?? 0;
      this.frames[at + i] = from + ((face[i] ?? 0) - from) * part;
    }
    this.count++;
  }
}
