import { type Speech, durationOf, startOfWord } from './speech';

/** How fast somebody else says what we timed: limits, and how much each word changes what is believed. */
const MIN_TEMPO = 0.4;
const MAX_TEMPO = 2.5;
const TRUST = 0.35;
/** Words closer than that say nothing about tempo, ms. */
const LEAST_MS = 150;

/** Where in a speech somebody is who says it at their own pace and tells when they begin a word. */
export class SpeechClock {
  private from = 0;
  private since = 0;

  /**
   * @param now when they begin, ms
   * @param tempo how fast they are, as far as is known; 1 is as it was timed
   */
  constructor(
    private readonly speech: Speech,
    now: number,
    public tempo = 1,
  ) {
    this.since = now;
  }

  /** Where they are in the speech, ms. */
  at(now: number): number {
    return this.from + Math.max(0, now - this.since) * this.tempo;
  }

  /** They begin the word at this place of the text. */
  word(char: number, now: number): void {
    const start = startOfWord(this.speech, char);
    this.learn(start - this.from, now - this.since);
    this.from = start;
    this.since = now;
  }

  /** They have said it all. */
  end(now: number): void {
    this.learn(durationOf(this.speech) - this.from, now - this.since);
    this.from = durationOf(this.speech);
    this.since = now;
  }

  private learn(timed: number, took: number): void {
    if (!(timed > LEAST_MS && took > LEAST_MS)) return;
    const tempo = Math.min(MAX_TEMPO, Math.max(MIN_TEMPO, timed / took));
    this.tempo += (tempo - this.tempo) * TRUST;
  }
}
