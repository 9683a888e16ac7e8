import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../frame';
import { SHAPE } from '../names';
import { soundWord } from './english';
import { wordsOfNumber } from './numbers';
import { sentencesOf } from './sentences';
import { SpeakingFace } from './speaking_face';
import { type Speech, SpeechReader, durationOf, startOfWord, textVisemes } from './speech';
import { SpeechClock } from './speech_clock';
import { VISEMES, VISEME_COUNT, type Viseme } from './visemes';

const names = ({ visemes }: Speech): (Viseme | undefined)[] => Array.from(visemes, (v) => VISEMES[v]);
const spoken = (text: string): string => names(textVisemes(text)).join(' ');

/** How often the lips close while the jaw is open, when a text is said at 60 pictures a second. */
function closures(text: string, rate = 1): number {
  const reader = new SpeechReader(textVisemes(text, rate));
  const face = new SpeakingFace(null);
  const visemes = new Float32Array(VISEME_COUNT);
  const out = new Float32Array(CHANNELS);
  let count = 0;
  let shut = false;
  for (let now = 0; now < durationOf(reader.speech) + 300; now += 1000 / 60) {
    face.sample(now, visemes, reader.read(now, visemes), out);
    const jaw = out[SHAPE.jawOpen] ?? 0;
    const sealed = jaw > 0.03 ? (out[SHAPE.mouthClose] ?? 0) / jaw : 0;
    if (!shut && sealed > 0.9) count++;
    shut = shut ? sealed > 0.5 : sealed > 0.9;
  }
  return count;
}

describe('English', () => {
  it.each([
    ['mama', 'PaPe'],
    ['hello', 'eNou'],
    ['robot', 'RouPoD'],
    ['make', 'PeiK'],
    ['making', 'PeiKiN'],
    ['jumped', 'CaPPD'],
    ['wanted', 'uoNDeD'],
    ['nation', 'NeiCeN'],
    ['night', 'NaiD'],
    ['knee', 'Ni'],
    ['phone', 'FouN'],
    ['queen', 'KuiN'],
    ['through', 'TRou'],
    ['bridge', 'PRiC'],
    ['cow', 'Kau'],
    ['snow', 'SNou'],
    ['happy', 'aPi'],
    ['type', 'DaiP'],
    ["don't", 'DoND'],
    ['she', 'Ci'],
    ['move', 'PuF'],
    ['mother', 'PaTR'],
  ])('says "%s" as %s', (word, sounds) => expect(soundWord(word)).toBe(sounds));

  it('closes the lips twice for "mama", and not for "nana"', () => {
    expect(closures('mama')).toBe(2);
    expect(closures('nana')).toBe(0);
    expect(closures('Pop up, Bob!')).toBe(5);
    expect(closures('mama', 1.6)).toBe(2);
  });

  it('is round for "you" and bites its lip for "five"', () => {
    expect(spoken('you')).toBe('I U');
    expect(spoken('five')).toBe('FF aa I FF');
  });

  it('spells what cannot be said', () => {
    expect(spoken('TV')).toBe('DD I FF I');
    expect(spoken('b')).toBe('PP I');
  });
});

describe('numbers and signs', () => {
  it.each([
    ['0', 'zero'],
    ['17', 'seventeen'],
    ['42', 'forty two'],
    ['1,234.50', 'one thousand two hundred thirty four point five zero'],
    ['1000000', 'one million'],
    [
      '12345678901234567',
      'one two three four five six seven eight nine zero one two three four five six seven',
    ],
  ])('%s is "%s"', (digits, words) => expect(wordsOfNumber(digits)).toBe(words));

  it('are said as words', () => {
    expect(spoken('5%')).toBe(spoken('five percent'));
    expect(spoken('2 & 3')).toBe(spoken('two and three'));
  });
});

describe('other scripts', () => {
  it('keeps the vowels of letters with marks', () => {
    expect(spoken('é')).toBe(spoken('É'));
    expect(spoken('für')).toBe(spoken('fur'));
    expect(spoken('Straße')).toBe(spoken('strasse'));
  });

  it('closes the lips in Russian, Greek and Korean', () => {
    expect(closures('мама')).toBe(2);
    expect(closures('μπαμπα')).toBeGreaterThanOrEqual(2);
    expect(closures('엄마')).toBeGreaterThanOrEqual(1);
  });

  it('opens and closes the mouth for any other', () => {
    for (const text of ['こんにちは世界', '你好世界', 'שלום עולם', 'ສະບາຍດີ', 'नमस्ते']) {
      const visemes = names(textVisemes(text));
      expect(visemes.length, text).toBeGreaterThan(3);
      expect(new Set(visemes).size, text).toBeGreaterThan(2);
    }
  });
});

describe('time', () => {
  it('has no gaps, and is the sum of its parts', () => {
    const speech = textVisemes('Well, this is 1 text. It has two sentences!');
    const { starts, visemes, strengths, chars } = speech;
    expect(starts).toHaveLength(visemes.length + 1);
    expect(strengths).toHaveLength(visemes.length);
    let sum = 0;
    for (let i = 0; i < visemes.length; i++) {
      expect((starts[i + 1] ?? 0) - (starts[i] ?? 0)).toBeGreaterThan(0);
      sum += (starts[i + 1] ?? 0) - (starts[i] ?? 0);
      expect(chars[i]).toBeGreaterThanOrEqual(chars[i - 1] ?? 0);
    }
    expect(sum).toBeCloseTo(durationOf(speech), 6);
  });

  it('is about as long as people take', () => {
    const text = 'The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background.';
    const minutes = durationOf(textVisemes(text)) / 60_000;
    const rate = text.split(' ').length / minutes;
    expect(rate).toBeGreaterThan(130);
    expect(rate).toBeLessThan(220);
    expect(durationOf(textVisemes(text, 2))).toBeCloseTo(durationOf(textVisemes(text)) / 2, 3);
    for (const odd of [0, -1, NaN])
      expect(durationOf(textVisemes(text, odd))).toBe(durationOf(textVisemes(text)));
    expect(durationOf(textVisemes(text, Infinity))).toBeGreaterThan(1000);
  });

  it('pauses at stops, longer than at commas', () => {
    const pause = (text: string): number => durationOf(textVisemes(text)) - durationOf(textVisemes('a b'));
    expect(pause('a, b')).toBeGreaterThan(100);
    expect(pause('a. b')).toBeGreaterThan(1.5 * pause('a, b'));
    expect(pause('a... b')).toBe(pause('a. b'));
  });

  it('is nothing for nothing', () => {
    for (const text of ['', '   ', '"()*']) expect(durationOf(textVisemes(text))).toBe(0);
  });

  it.each([
    ['words', 'Hello there, world! '.repeat(5000)],
    ['one letter', 'e'.repeat(100_000)],
    ['digits', '1'.repeat(100_000)],
    ['apostrophes', "e'".repeat(50_000)],
    ['marks', `e${'\u0301'.repeat(99_999)}`],
    ['emoji', '🙂'.repeat(50_000)],
    ['stops', '.'.repeat(100_000)],
  ])('bounds 100 000 characters of %s', (_, text) => {
    const before = performance.now();
    const { visemes } = textVisemes(text);
    expect(visemes.length).toBeLessThan(6 * text.length);
    expect(sentencesOf(text).every(({ length }) => length <= 180)).toBe(true);
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it('reads visemes that add up to 1 and go over into each other', () => {
    const speech = textVisemes('Some words, and more.');
    const reader = new SpeechReader(speech);
    const out = new Float32Array(VISEME_COUNT);
    const before = new Float32Array(VISEME_COUNT);
    let steepest = 0;
    out[0] = 1;
    for (let ms = -50; ms < durationOf(speech) + 50; ms += 2) {
      before.set(out);
      const loudness = reader.read(ms, out);
      expect(loudness).toBeGreaterThanOrEqual(0);
      expect(loudness).toBeLessThanOrEqual(1);
      expect(out.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      steepest = Math.max(steepest, ...out.map((weight, v) => Math.abs(weight - (before[v] ?? 0))));
    }
    // At both ends half of one comes and goes; between, none does in less than 30 ms.
    expect(steepest).toBeLessThan(0.6);
    expect(reader.read(1, out)).toBeGreaterThan(0);
  });
});

describe('a voice at its own pace', () => {
  const text = 'One two three, four five six seven eight nine ten eleven twelve.';
  const speech = textVisemes(text);

  it('is followed by its words', () => {
    const clock = new SpeechClock(speech, 1000);
    expect(clock.at(1000)).toBe(0);
    const four = text.indexOf('four');
    clock.word(four, 4000);
    expect(clock.at(4000)).toBe(startOfWord(speech, four));
    expect(speech.visemes[speech.starts.indexOf(startOfWord(speech, four))]).toBe(VISEMES.indexOf('FF'));
    expect(startOfWord(speech, text.length + 5)).toBe(durationOf(speech));
  });

  it.each([0.6, 1, 1.7])('is learnt when it is %f times as fast', (tempo) => {
    const clock = new SpeechClock(speech, 0);
    for (const { index } of text.matchAll(/\w+/g)) clock.word(index, startOfWord(speech, index) / tempo);
    clock.end(durationOf(speech) / tempo);
    expect(clock.tempo).toBeCloseTo(tempo, 1);
    const next = new SpeechClock(speech, 0, clock.tempo);
    expect(next.at(1000)).toBeCloseTo(1000 * tempo, -2);
  });
});

describe('sentences', () => {
  it('are said one by one', () => {
    expect(sentencesOf('Hello. How are you?\nFine! 3.5 is a number.')).toEqual([
      'Hello.',
      'How are you?',
      'Fine!',
      '3.5 is a number.',
    ]);
    expect(sentencesOf('今日は。元気？')).toEqual(['今日は。', '元気？']);
    expect(sentencesOf(' \n ')).toEqual([]);
  });

  it('are cut where a word ends when they are long, and lose nothing', () => {
    const long = 'some words, and others '.repeat(40).trim();
    const parts = sentencesOf(long);
    expect(parts.length).toBeGreaterThan(4);
    expect(parts.join(' ')).toBe(long);
    expect(sentencesOf('🙂'.repeat(200)).join('')).toBe('🙂'.repeat(200));
  });
});
