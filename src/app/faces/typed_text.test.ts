import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CHANNELS } from '../../face/frame';
import { SHAPE } from '../../face/names';
import { type TypedText, openTypedText } from './typed_text';

/** A voice that speaks when the test says so. */
class FakeVoice {
  utterance: SpeechSynthesisUtterance | null = null;
  readonly said: string[] = [];
  readonly cancel = vi.fn(() => {
    this.utterance = null;
  });
  readonly getVoices = (): readonly { name: string; lang: string }[] => [{ name: 'Ada', lang: 'en-GB' }];

  speak(utterance: SpeechSynthesisUtterance): void {
    this.utterance = utterance;
    this.said.push(utterance.text);
  }

  tell(type: 'start' | 'boundary' | 'end' | 'error', charIndex = 0): void {
    const { utterance } = this;
    const listener: unknown = utterance === null ? null : Reflect.get(utterance, `on${type}`);
    if (typeof listener === 'function') listener.call(utterance, { name: 'word', charIndex });
  }
}

class FakeUtterance {
  rate = 1;
  voice: unknown = null;
  lang = '';
  constructor(readonly text: string) {}
}

const events = { changed: vi.fn(), status: vi.fn(), ended: vi.fn() };
const out = new Float32Array(CHANNELS);
let voice: FakeVoice;
let text: TypedText | null = null;

/** Lets time pass, with a picture every 10 ms; returns the widest that the jaw was open. */
function pass(ms: number): number {
  let most = 0;
  for (const end = performance.now() + ms; performance.now() < end;) {
    vi.advanceTimersByTime(10);
    out.fill(0);
    text?.sample(performance.now(), out);
    most = Math.max(most, out[SHAPE.jawOpen] ?? 0);
  }
  return most;
}

function open(said: string, options: { rate?: number; voice?: string; silent?: boolean } = {}): TypedText {
  text = openTypedText({ text: said, ...options }, events);
  return text;
}

beforeEach(() => {
  vi.useFakeTimers();
  voice = new FakeVoice();
  vi.stubGlobal('speechSynthesis', voice);
  vi.stubGlobal('SpeechSynthesisUtterance', FakeUtterance);
  for (const event of Object.values(events)) event.mockClear();
});

afterEach(() => {
  text?.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a voice that speaks', () => {
  it('moves the mouth from when it begins, word by word, until it ends', () => {
    open('Hello. Aaaah aaaah.', { voice: 'Ada', rate: 1.2 });
    expect(pass(500)).toBe(0);
    expect(voice.utterance).toMatchObject({ text: 'Hello.', rate: 1.2, lang: 'en-GB' });
    voice.tell('start');
    expect(pass(300)).toBeGreaterThan(0.1);
    voice.tell('end');
    expect(events.ended).not.toHaveBeenCalled();
    pass(400);
    expect(voice.said).toEqual(['Hello.', 'Aaaah aaaah.']);
    voice.tell('start');
    pass(300);
    // It is later than was thought: at the second word the mouth is there too.
    pass(3000);
    expect(pass(300)).toBeLessThan(0.02);
    voice.tell('boundary', 6);
    expect(pass(200)).toBeGreaterThan(0.2);
    voice.tell('end');
    pass(1000);
    expect(events.ended).toHaveBeenCalledTimes(1);
    expect(events.changed).toHaveBeenCalled();
  });

  it('is cut off by closing, at once', () => {
    const open1 = open('Hello there, how are you?');
    pass(100);
    voice.tell('start');
    expect(pass(300)).toBeGreaterThan(0.1);
    open1.close();
    expect(voice.cancel).toHaveBeenCalled();
    expect(pass(100)).toBe(0);
    pass(20_000);
    expect(events.ended).not.toHaveBeenCalled();
  });

  it('forgets what was still to be said when it is cancelled, and then ends', () => {
    const open1 = open('One. Two. Three.');
    open1.say('Four.');
    pass(100);
    voice.tell('start');
    open1.cancel();
    pass(5000);
    expect(voice.said).toEqual(['One.']);
    expect(events.ended).toHaveBeenCalledTimes(1);
  });

  it('that hangs does not stop what comes after', () => {
    open('One. Two.');
    pass(100);
    voice.tell('start');
    pass(15_000);
    expect(voice.said).toEqual(['One.', 'Two.']);
  });
});

describe('a voice that does not', () => {
  it.each([['never begins', null] as const, ['fails', 'error'] as const])(
    'and %s: the mouth moves without it',
    (_, event) => {
      open('Mama mia. And more.');
      pass(50);
      if (event !== null) voice.tell(event);
      expect(pass(2000)).toBeGreaterThan(0.2);
      expect(voice.cancel).toHaveBeenCalled();
      pass(4000);
      // It is not waited for again.
      expect(voice.said).toHaveLength(1);
      expect(events.ended).toHaveBeenCalledTimes(1);
    },
  );

  it('is not even asked when nothing is to be heard, or there is none', () => {
    open('Hello.', { silent: true });
    expect(pass(400)).toBeGreaterThan(0.1);
    expect(voice.said).toEqual([]);
    text?.close();
    vi.stubGlobal('speechSynthesis', undefined);
    open('Hello.');
    expect(pass(400)).toBeGreaterThan(0.1);
  });
});

describe('a text', () => {
  it('that is too long, or none, is refused, and what is said goes on', () => {
    expect(() => openTypedText({ text: 'a'.repeat(30_001) }, events)).toThrow(
      expect.objectContaining({ code: 'bad-argument' }),
    );
    expect(() => Reflect.apply(openTypedText, null, [{}, events])).toThrow(
      expect.objectContaining({ code: 'bad-argument' }),
    );
    const open1 = open('Hello.', { silent: true });
    expect(() => open1.say('a'.repeat(30_001))).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    expect(pass(400)).toBeGreaterThan(0.1);
  });

  it('is said at a rate that there is, whatever is asked for', () => {
    for (const [rate, said] of [
      [NaN, 1],
      [-2, 1],
      [100, 4],
    ] as const) {
      open('Hello.', { rate });
      pass(50);
      expect(voice.utterance?.rate).toBe(said);
      text?.close();
    }
  });

  it('goes on with more that is said meanwhile', () => {
    const open1 = open('Hello.', { silent: true });
    pass(200);
    open1.say('World.');
    pass(700);
    expect(events.ended).not.toHaveBeenCalled();
    pass(3000);
    expect(events.ended).toHaveBeenCalledTimes(1);
  });
});
