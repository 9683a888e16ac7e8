import { sentencesOf } from '../../face/voice/sentences';
import { SpeakingFace } from '../../face/voice/speaking_face';
import { SpeechReader, durationOf, speakingRate, textVisemes } from '../../face/voice/speech';
import { SpeechClock } from '../../face/voice/speech_clock';
import { VISEME_COUNT } from '../../face/voice/visemes';
import { readSpoken } from './arguments';
import type { FaceSource, SourceEvents } from './source';

export interface TypedTextOptions {
  readonly text: string;
  /** Name of one of the browser's voices; its own choice otherwise. */
  readonly voice?: string;
  /** 0.25 to 4; 1 is calm. */
  readonly rate?: number;
  /** The mouth moves, nothing is heard. */
  readonly silent?: boolean;
  /** Brows and head stress what is said; true when left out. */
  readonly emphasis?: boolean;
}

/** A mouth that says what is typed, aloud where the browser has a voice. It ends when all is said. */
export interface TypedText extends FaceSource {
  readonly kind: 'text';
  /**
   * Says more, after what is still to be said.
   *
   * @throws SimroomError `bad-argument` for a text that is too long
   */
  say(text: string): void;
  /** Falls silent, and forgets what was still to be said. */
  cancel(): void;
}

/** A voice that has not begun by then will not: the mouth moves without it, ms. */
const START_TIMEOUT_MS = 1000;
/** A voice may take so many times as long as was timed, and some more, before it is thought to hang. */
const SLOWEST = 4;
const HANGING_MS = 5000;
/** How often others are told while it speaks, ms. */
const TICK_MS = 16;
/** Lips need so long to get where they are to be, ms. */
const LIPS_MS = 35;
/** After the last word the mouth closes, ms. */
const CLOSING_MS = 400;
/** Between two sentences, ms. */
const BREATH_MS = 250;
const EMPHASIS_SEED = 2;

/** A sentence on its way out. */
interface Saying {
  readonly reader: SpeechReader;
  /** Null until the voice begins. */
  clock: SpeechClock | null;
  /** Ends it, whether it is over or not. */
  readonly stop: () => void;
}

/**
 * Begins to say a text.
 *
 * @throws SimroomError `bad-argument` for a text that is too long
 */
export function openTypedText(options: TypedTextOptions, events: SourceEvents): TypedText {
  const rate = speakingRate(options.rate ?? 1);
  const { speechSynthesis } = window as Partial<Window>;
  /** Null once it has shown that it says nothing. */
  let synthesis = options.silent === true ? null : (speechSynthesis ?? null);
  const face = new SpeakingFace(options.emphasis === false ? null : EMPHASIS_SEED);
  const visemes = new Float32Array(VISEME_COUNT);
  const queue: string[] = [];
  let tempo = 1;
  let saying: Saying | null = null;
  let closed = false;
  let wait: ReturnType<typeof setTimeout> | undefined;

  const next = (): void => {
    const sentence = queue.shift();
    if (sentence !== undefined) {
      saying = say(sentence);
      return;
    }
    wait = setTimeout(() => {
      clearInterval(ticks);
      if (!closed) events.ended();
    }, CLOSING_MS);
  };
  const over = (): void => {
    saying = null;
    if (!closed) wait = setTimeout(next, queue.length > 0 ? BREATH_MS : 0);
  };

  function say(sentence: string): Saying {
    const speech = textVisemes(sentence, rate);
    const reader = new SpeechReader(speech);
    return synthesis === null ? silently(reader) : aloud(synthesis, sentence, reader);
  }

  function silently(reader: SpeechReader): Saying {
    const timer = setTimeout(over, durationOf(reader.speech));
    events.status({ state: 'on', text: 'Speaking without a voice.' });
    return {
      reader,
      clock: new SpeechClock(reader.speech, performance.now()),
      stop: () => clearTimeout(timer),
    };
  }

  function aloud(voice: SpeechSynthesis, sentence: string, reader: SpeechReader): Saying {
    const { speech } = reader;
    const utterance = new SpeechSynthesisUtterance(sentence);
    utterance.rate = rate;
    const chosen = voice.getVoices().find(({ name }) => name === options.voice);
    if (chosen !== undefined) {
      utterance.voice = chosen;
      utterance.lang = chosen.lang;
    }
    const leave = (): void => {
      clearTimeout(timer);
      utterance.onstart = null;
      utterance.onboundary = null;
      utterance.onend = null;
      utterance.onerror = null;
    };
    const stop = (): void => {
      leave();
      voice.cancel();
    };
    const mute = (): void => {
      stop();
      synthesis = null;
      if (!closed) saying = silently(reader);
    };
    let timer = setTimeout(mute, START_TIMEOUT_MS);
    const said: Saying = { reader, clock: null, stop };
    const done = (): void => {
      said.clock?.end(performance.now());
      tempo = said.clock?.tempo ?? tempo;
      leave();
      over();
    };
    const hangs = (): void => {
      stop();
      over();
    };
    utterance.onstart = () => {
      clearTimeout(timer);
      timer = setTimeout(hangs, durationOf(speech) * SLOWEST + HANGING_MS);
      said.clock = new SpeechClock(speech, performance.now(), tempo);
      events.status({ state: 'on', text: `Speaking with the voice of ${chosen?.name ?? 'the browser'}.` });
    };
    utterance.onboundary = ({ name, charIndex }) => {
      if (name === 'word') said.clock?.word(charIndex, performance.now());
    };
    utterance.onend = done;
    utterance.onerror = () => (said.clock === null ? mute() : done());
    voice.speak(utterance);
    return said;
  }

  const add = (text: string): void => {
    queue.push(...sentencesOf(readSpoken(text, 'text')));
  };

  add(options.text);
  const ticks = setInterval(() => events.changed(), TICK_MS);
  events.status({ state: 'starting', text: 'Waiting for a voice...' });
  wait = setTimeout(next);
  const cancel = (): void => {
    queue.length = 0;
    clearTimeout(wait);
    saying?.stop();
    saying = null;
  };
  return {
    kind: 'text',
    say(text) {
      if (closed) return;
      add(text);
      if (saying !== null) return;
      clearTimeout(wait);
      wait = setTimeout(next);
    },
    cancel() {
      if (closed) return;
      cancel();
      next();
    },
    sample(now, out) {
      if (closed) return 0;
      const clock = saying?.clock ?? null;
      const loudness =
        saying === null || clock === null
          ? rest(visemes)
          : saying.reader.read(clock.at(now) + LIPS_MS, visemes);
      return face.sample(now, visemes, loudness, out);
    },
    close() {
      closed = true;
      clearInterval(ticks);
      cancel();
    },
  };
}

/** Writes a mouth at rest; returns its loudness. */
function rest(visemes: Float32Array): number {
  visemes.fill(0);
  visemes[0] = 1;
  return 0;
}
