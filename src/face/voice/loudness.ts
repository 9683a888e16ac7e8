/**
 * How loud somebody speaks, whatever their microphone: against the noise around them and against how loud they speak
 * otherwise.
 */

/** What is quieter is no voice even in perfect silence. */
const LEAST_VOICE_DB = -62;
/** The noise cannot be louder when it begins: otherwise it is somebody who speaks already. */
const MOST_FIRST_NOISE_DB = -42;
/** A voice begins so much above the noise, and ends where it is less above it. */
const OPEN_DB = 9;
const CLOSE_DB = 6;
/** Quieter than that it does not matter how quiet it is, dB below full scale. */
const LEAST_DB = LEAST_VOICE_DB - OPEN_DB;
/** From the quietest sounds of speech to the loudest. */
const RANGE_DB = 26;
/** Noise that becomes louder is taken for noise slowly, dB/s: somebody may be holding a vowel. */
const NOISE_RISE = 4;
/** Somebody who speaks more quietly than before is heard better, dB/s. */
const VOICE_FALL = 4;
/** Time constants, s. */
const NOISE_FALL_S = 0.03;
const VOICE_RISE_S = 0.04;
/** Over so many dB above the gate a voice fades in, so that nothing jumps. */
const FADE_DB = 5;

export class Loudness {
  /** Whether there is a voice. */
  speaking = false;
  /** 0..1: how certainly there is one. */
  presence = 0;
  /** 0..1: how loud it is. */
  value = 0;
  private noise: number | null = null;
  private voice: number | null = null;

  /**
   * Hears the next moment.
   *
   * @param db its level below full scale
   * @param seconds since the one before
   */
  hear(db: number, seconds: number): void {
    const level = Math.max(LEAST_DB, db);
    let noise = this.noise ?? Math.min(level, MOST_FIRST_NOISE_DB);
    noise =
      level < noise
        ? noise + (level - noise) * follow(seconds, NOISE_FALL_S)
        : Math.min(level, noise + NOISE_RISE * seconds);
    this.noise = noise;

    const gate = Math.max(LEAST_VOICE_DB, noise + (this.speaking ? CLOSE_DB : OPEN_DB));
    this.speaking = level > gate;
    if (!this.speaking) {
      this.presence = 0;
      this.value = 0;
      return;
    }
    let voice = this.voice ?? level;
    voice =
      level > voice
        ? voice + (level - voice) * follow(seconds, VOICE_RISE_S)
        : Math.max(level, voice - VOICE_FALL * seconds);
    this.voice = voice;
    this.presence = Math.min(1, (level - gate) / FADE_DB);
    this.value = Math.min(1, Math.max(0, 1 + (level - voice) / RANGE_DB)) * this.presence;
  }
}

/** The part of the way that a first-order follower goes in a time. */
export function follow(seconds: number, constant: number): number {
  return 1 - Math.exp(-seconds / constant);
}
