import { SimroomError } from '../../core/errors';
import { Hearing } from '../../face/voice/hearing';
import { SpeakingFace } from '../../face/voice/speaking_face';
import { VISEME_COUNT } from '../../face/voice/visemes';
import type { FaceSource, SourceEvents } from './source';
import { type VoiceInput, openAudioContext, openVoiceInput } from './voice_input';

export interface AudioFileOptions {
  /** Sound of any form that the browser plays, or its address. */
  readonly file: Blob | string;
  /** The mouth moves, nothing is heard. */
  readonly silent?: boolean;
  /** Brows and head stress what is said; true when left out. */
  readonly emphasis?: boolean;
}

/** A mouth that moves with a recording of a voice, which is played meanwhile. */
export interface AudioFile extends FaceSource {
  readonly kind: 'audio';
  /** s. */
  readonly duration: number;
  /** Where it is, s. */
  readonly position: number;
  readonly paused: boolean;
  /** 0..1. */
  volume: number;
  /** Of whatever is heard, 0..1, for a meter. */
  readonly level: number;
  pause(): void;
  resume(): void;
  /** @param position s; what is not within the recording is taken for its nearest end */
  seek(position: number): void;
}

/** A larger file is none that somebody speaks in, bytes. */
const MAX_BYTES = 64 << 20;
/** A longer one neither, s. */
const MAX_DURATION_S = 30 * 60;
/** The browser has to say by then what a file is, ms. */
const METADATA_TIMEOUT_MS = 20_000;
/** What is heard is played so much later than it is analysed: lips have to be known before they are heard, s. */
const AHEAD_S = 0.06;
/** Lips need so long to get where they are to be, s. */
const LIPS_S = 0.025;
/** After the last sound the mouth closes, ms. */
const CLOSING_MS = 400;
/** How brows and head move; the same for each recording. */
const EMPHASIS_SEED = 1;
/** Of an address, which may hold the sound itself, an error shows so much, characters. */
const SHOWN_CHARS = 100;

const ON = { state: 'on', text: 'A recording is playing.' } as const;
const PAUSED = { state: 'waiting', text: 'The recording is paused.' } as const;
const SUSPENDED = {
  state: 'waiting',
  text: 'Click on the page once: until then the browser plays no sound.',
} as const;

/**
 * Opens a recording and plays it.
 *
 * @throws SimroomError `fetch-failed`, `file-too-large` (64 MB, 30 minutes), `audio-invalid` (the browser cannot play it),
 *   `sound-unavailable`
 */
export async function openAudioFile(options: AudioFileOptions, events: SourceEvents): Promise<AudioFile> {
  const { file } = options;
  events.status({ state: 'starting', text: 'Reading the recording...' });
  // Before anything is waited for: the click still counts now.
  let tell = (): void => {};
  const audio = openAudioContext(() => tell());
  const { context } = audio;
  const element = new Audio();
  let url = '';
  const release = (): void => {
    element.pause();
    element.removeAttribute('src');
    audio.close();
    URL.revokeObjectURL(url);
  };
  const hearing = new Hearing();
  let input: VoiceInput;
  try {
    const blob = typeof file === 'string' ? await download(file) : file;
    if (blob.size > MAX_BYTES) throw tooLarge(`${(blob.size / 2 ** 20).toFixed(0)} MB`);
    url = URL.createObjectURL(blob);
    await load(element, url);
    if (!(element.duration <= MAX_DURATION_S))
      throw tooLarge(`${(element.duration / 60).toFixed(0)} minutes`);
    input = await openVoiceInput(context, (hop) => {
      hearing.add(hop);
      if (!element.paused) events.changed();
    });
  } catch (error) {
    release();
    throw error;
  }

  const delay = new DelayNode(context, { delayTime: AHEAD_S, maxDelayTime: AHEAD_S });
  const gain = new GainNode(context, { gain: options.silent === true ? 0 : 1 });
  const node = new MediaElementAudioSourceNode(context, { mediaElement: element });
  node.connect(input.node);
  node.connect(delay).connect(gain).connect(context.destination);

  const face = new SpeakingFace(options.emphasis === false ? null : EMPHASIS_SEED);
  const visemes = new Float32Array(VISEME_COUNT);
  let told: object | null = null;
  let closed = false;
  let closing: ReturnType<typeof setTimeout> | undefined;

  /** What comes out of the loudspeakers now, as a time of the context when it was analysed, s. */
  function heardTime(): number {
    // Some browsers do not know how late their output is.
    const late = context.outputLatency;
    return context.currentTime - AHEAD_S + LIPS_S - (late > 0 ? late : context.baseLatency);
  }
  tell = () => {
    if (closed) return;
    const status = context.state === 'suspended' ? SUSPENDED : element.paused ? PAUSED : ON;
    if (status === told) return;
    told = status;
    events.status(status);
  };
  const play = (): void => {
    // Where a click is missing, the next one resumes both; a pause right after it is no failure.
    element.play().catch(() => {});
  };
  const clicked = (): void => {
    if (context.state === 'running' && element.paused && element.currentTime === 0 && !wantsPause) play();
    tell();
  };
  let wantsPause = false;
  context.addEventListener('statechange', clicked);
  element.addEventListener('playing', () => tell());
  element.addEventListener('pause', () => tell());
  element.addEventListener('ended', () => {
    closing = setTimeout(() => {
      if (!closed) events.ended();
    }, CLOSING_MS);
  });
  play();
  tell();
  return {
    kind: 'audio',
    duration: element.duration,
    get position() {
      return element.currentTime;
    },
    get paused() {
      return element.paused;
    },
    get volume() {
      return gain.gain.value;
    },
    set volume(value) {
      gain.gain.value = Math.min(1, Math.max(0, value || 0));
    },
    get level() {
      return closed ? 0 : input.level;
    },
    pause() {
      wantsPause = true;
      element.pause();
    },
    resume() {
      wantsPause = false;
      clearTimeout(closing);
      play();
    },
    seek(position) {
      clearTimeout(closing);
      hearing.clear();
      element.currentTime = Math.min(element.duration, Math.max(0, position || 0));
    },
    sample(now, out) {
      if (closed) return 0;
      const loudness = hearing.at(heardTime(), visemes);
      return face.sample(now, visemes, loudness, out);
    },
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(closing);
      context.removeEventListener('statechange', clicked);
      input.close();
      release();
    },
  };
}

/** Waits until the browser knows how long a file is. */
function load(element: HTMLAudioElement, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown): void => {
      clearTimeout(timer);
      reject(
        new SimroomError(
          'audio-invalid',
          'The browser cannot play this file: it takes WAV, MP3, Ogg, M4A and WebM with sound in them.',
          { cause },
        ),
      );
    };
    const timer = setTimeout(fail, METADATA_TIMEOUT_MS);
    element.addEventListener('error', () => fail(element.error), { once: true });
    element.addEventListener(
      'loadedmetadata',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
    element.preload = 'auto';
    element.src = url;
  });
}

/** Fetches a file, and stops where it becomes too large. */
async function download(address: string): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw notFetched(address, 'it cannot be reached, or does not let other pages read it', cause);
  }
  if (!response.ok || response.body === null)
    throw notFetched(address, `its server says ${response.status}`, null);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    let read: ReadableStreamReadResult<Uint8Array<ArrayBuffer>>;
    try {
      read = await reader.read();
    } catch (cause) {
      throw notFetched(address, 'the connection was lost', cause);
    }
    if (read.done) return new Blob(parts, { type: response.headers.get('content-type') ?? '' });
    size += read.value.length;
    if (size > MAX_BYTES) {
      await reader.cancel();
      throw tooLarge('more');
    }
    parts.push(read.value);
  }
}

function notFetched(address: string, why: string, cause: unknown): SimroomError {
  return new SimroomError(
    'fetch-failed',
    `The recording ${address.slice(0, SHOWN_CHARS)} did not come: ${why}.`,
    { cause },
  );
}

function tooLarge(size: string): SimroomError {
  const most = `${MAX_BYTES >> 20} MB and ${MAX_DURATION_S / 60} minutes`;
  return new SimroomError('file-too-large', `The recording has ${size}, and at most ${most} can be: cut it.`);
}
