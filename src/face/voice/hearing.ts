import { VISEME_COUNT } from './visemes';

/** What an audio worklet tells about a hop, as numbers: the visemes, then these. */
export const HEARD = {
  loudness: VISEME_COUNT,
  /** Of whatever there is, 0..1. */
  level: VISEME_COUNT + 1,
  /** When it was, in seconds of the audio context. */
  time: VISEME_COUNT + 2,
} as const;
export const HEARD_NUMBERS = VISEME_COUNT + 3;

/** The name under which the worklet registers its processor. */
export const VOICE_PROCESSOR = 'simroom-voice';

/** Hops that are kept: more than a second of them, and no headphones are later than that. */
const KEPT = 128;

/** What was heard lately, to be asked for by time: what is played is heard later by people than by the analysis. */
export class Hearing {
  private readonly kept = new Float64Array(KEPT * HEARD_NUMBERS);
  private count = 0;

  /** Adds a hop, later than those before. */
  add(heard: ArrayLike<number>): void {
    const at = (this.count++ % KEPT) * HEARD_NUMBERS;
    for (let i = 0; i < HEARD_NUMBERS; i++) this.kept[at + i] = heard[i] ?? 0;
  }

  /**
   * The newest hop that is not later than a time, or silence where there is none. Allocates nothing.
   *
   * @param time s, as `HEARD.time`
   * @param visemes VISEME_COUNT numbers
   * @returns loudness
   */
  at(time: number, visemes: Float32Array): number {
    const oldest = Math.max(0, this.count - KEPT);
    for (let hop = this.count - 1; hop >= oldest; hop--) {
      const at = (hop % KEPT) * HEARD_NUMBERS;
      if ((this.kept[at + HEARD.time] ?? 0) > time) continue;
      for (let v = 0; v < VISEME_COUNT; v++) visemes[v] = this.kept[at + v] ?? 0;
      return this.kept[at + HEARD.loudness] ?? 0;
    }
    visemes.fill(0);
    visemes[0] = 1;
    return 0;
  }

  /** Forgets everything: what is played jumps. */
  clear(): void {
    this.count = 0;
  }
}
