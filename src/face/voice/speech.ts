import { isWeak, spell } from './english';
import { wordOfSign, wordsOfNumber } from './numbers';
import { soundsOfWord } from './scripts';
import { isVowel, lastsMs, visemeOf } from './sounds';
import { VISEME_COUNT } from './visemes';

/**
 * Text to visemes in time: what the lips do while it is said.
 *
 * English by rules of spelling; other languages in Latin letters by the same, which their vowels survive; other scripts
 * by vowels where they are known, and otherwise by syllables.
 */

/** A text as the lips say it: one entry for each viseme, in order and without gaps. */
export interface Speech {
  readonly visemes: Uint8Array;
  /** When each begins, ms; one more at the end, which is when all is said. */
  readonly starts: Float64Array;
  /** 0..1: how strongly each is said. */
  readonly strengths: Float32Array;
  /** Where the word of each begins in the text. */
  readonly chars: Uint32Array;
}

/** Pauses, ms. */
const COMMA_MS = 220;
const STOP_MS = 430;
/** How strongly vowels are said: in a word's first syllable, in others, and in words that are seldom stressed. */
const STRESSED = 1;
const UNSTRESSED = 0.72;
const WEAKLY = 0.6;
const CONSONANT = 0.7;
/** The vowels of weak words and of later syllables are shorter. */
const SHORTER = 0.85;
/** What rates of speaking can be; 1 is calm, about 170 words a minute. */
const MIN_RATE = 0.25;
const MAX_RATE = 4;

const TOKEN = /\p{L}[\p{L}\p{M}'’]{0,63}|\d[\d,]{0,63}(?:\.\d{1,32})?|[^\p{L}\p{N}\s]|\n/gu;

class SpeechWriter {
  private readonly visemes: number[] = [];
  private readonly starts: number[] = [];
  private readonly strengths: number[] = [];
  private readonly chars: number[] = [];
  private at = 0;

  constructor(private readonly rate: number) {}

  /** Adds a word by its sounds. */
  word(sounds: string, char: number, weak: boolean): void {
    let vowels = 0;
    for (let i = 0; i < sounds.length; i++) {
      const viseme = visemeOf(sounds.charCodeAt(i));
      const vowel = isVowel(viseme);
      // The halves of a diphthong are one vowel.
      if (vowel && !(i > 0 && isVowel(visemeOf(sounds.charCodeAt(i - 1))))) vowels++;
      const stressed = vowels <= 1 && !weak;
      const strength = vowel ? (weak ? WEAKLY : stressed ? STRESSED : UNSTRESSED) : CONSONANT;
      this.add(viseme, lastsMs(viseme) * (vowel && !stressed ? SHORTER : 1), strength, char);
    }
  }

  pause(ms: number, char: number): void {
    if (this.visemes.at(-1) === 0) return;
    this.add(0, ms, 0, char);
  }

  private add(viseme: number, ms: number, strength: number, char: number): void {
    this.visemes.push(viseme);
    this.starts.push(this.at);
    this.strengths.push(strength);
    this.chars.push(char);
    this.at += ms / this.rate;
  }

  finish(): Speech {
    return {
      visemes: Uint8Array.from(this.visemes),
      starts: Float64Array.from([...this.starts, this.at]),
      strengths: Float32Array.from(this.strengths),
      chars: Uint32Array.from(this.chars),
    };
  }
}

/** The nearest rate at which one can speak, 0.25 to 4; 1 for what is none. */
export function speakingRate(rate: number): number {
  return rate > 0 ? Math.min(MAX_RATE, Math.max(MIN_RATE, rate)) : 1;
}

/**
 * What the lips do for a text.
 *
 * @param rate of speaking, 0.25 to 4; 1 is about 170 words a minute
 */
export function textVisemes(text: string, rate = 1): Speech {
  const speech = new SpeechWriter(speakingRate(rate));
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (/^\p{L}/u.test(token)) {
      const word = token.toLowerCase();
      speech.word(isSpelled(token) ? spell(word) : soundsOfWord(word), index, isWeak(word));
    } else if (/^\d/.test(token)) {
      for (const word of wordsOfNumber(token).split(' ')) speech.word(soundsOfWord(word), index, false);
    } else if (/[.!?…。！？\n]/u.test(token)) {
      speech.pause(STOP_MS, index);
    } else if (/[,;:—–，、；：]/u.test(token)) {
      speech.pause(COMMA_MS, index);
    } else {
      speech.word(soundsOfWord(wordOfSign(token)), index, true);
    }
  }
  return speech.finish();
}

/** Whether a word is said letter by letter: one letter, or capitals that nobody could pronounce. */
function isSpelled(word: string): boolean {
  if (!/^[A-Za-z]+$/.test(word)) return false;
  if (word.length === 1) return !/[aiAI]/.test(word);
  return word.length <= 6 && !/[a-zAEIOUY]/.test(word);
}

/** How long a text takes to say, ms. */
export function durationOf(speech: Speech): number {
  return speech.starts[speech.visemes.length] ?? 0;
}

/** One viseme goes over into the next in this time around their border, ms. */
const BLEND_MS = 45;

/** Reads a speech as it is said. */
export class SpeechReader {
  private at = 0;

  constructor(readonly speech: Speech) {}

  /**
   * The visemes of an instant. Quick where times follow each other. Allocates nothing.
   *
   * @param ms since the beginning of the speech
   * @param out VISEME_COUNT numbers, which add up to 1
   * @returns loudness, 0..1
   */
  read(ms: number, out: Float32Array): number {
    const { visemes, starts, strengths } = this.speech;
    out.fill(0, 0, VISEME_COUNT);
    if (!(ms >= 0 && ms < durationOf(this.speech))) {
      out[0] = 1;
      return 0;
    }
    if (ms < (starts[this.at] ?? 0)) this.at = 0;
    while (ms >= (starts[this.at + 1] ?? Infinity)) this.at++;
    const { at } = this;
    const start = starts[at] ?? 0;
    const end = starts[at + 1] ?? start;
    const blend = Math.min(BLEND_MS, end - start) / 2;
    const before = 0.5 + (ms - start) / blend / 2;
    const after = 0.5 + (end - ms) / blend / 2;
    const part = Math.min(1, before, after);
    const other = before < after ? at - 1 : at + 1;
    // Before the first and after the last the mouth rests.
    const viseme = visemes[at] ?? 0;
    const neighbour = visemes[other] ?? 0;
    out[viseme] = part;
    out[neighbour] = (out[neighbour] ?? 0) + 1 - part;
    return (strengths[at] ?? 0) * part + (strengths[other] ?? 0) * (1 - part);
  }
}

/** When the first viseme of the word at a place in the text, or after it, begins, ms; at the end where there is none. */
export function startOfWord({ chars, starts }: Speech, char: number): number {
  let low = 0;
  let high = chars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chars[middle] ?? 0) < char) low = middle + 1;
    else high = middle;
  }
  return starts[low] ?? 0;
}
