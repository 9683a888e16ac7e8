import { type AudioFile, openAudioFile } from '../../../src/app/faces/audio_file';
import { openMicrophone } from '../../../src/app/faces/microphone';
import type { FaceSource, SourceEvents } from '../../../src/app/faces/source';
import { openTypedText } from '../../../src/app/faces/typed_text';
import { SimroomError } from '../../../src/core/errors';
import { CHANNELS } from '../../../src/face/frame';
import { SHAPE } from '../../../src/face/names';
import { wavOf } from '../../../src/face/voice/testing';
import { OPEN, SHUT } from './jaw';

/** Sources of faces that speak, without the app: what each does to a face, picture by picture. */

/** What was seen at one picture. */
export interface Look {
  /** ms since the watch began. */
  readonly at: number;
  readonly regions: number;
  readonly jaw: number;
  /** How far the lips are sealed over the open jaw, 0..1. */
  readonly sealed: number;
  readonly pucker: number;
  readonly smile: number;
  readonly level: number;
  /** Of a recording, s. */
  readonly position: number;
}

let source: FaceSource | null = null;
let tracks: MediaStreamTrack[] = [];
const told: string[] = [];
let changes = 0;
let ended = 0;

const events: SourceEvents = {
  changed: () => changes++,
  status: ({ state }) => told.push(state),
  ended: () => ended++,
};

// The tracks of a microphone are its own: they are watched where they come from.
const { mediaDevices } = navigator as Partial<Navigator>;
if (mediaDevices !== undefined) {
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    tracks = stream.getTracks();
    return stream;
  };
}

async function codeOf(opening: () => Promise<FaceSource> | FaceSource): Promise<string> {
  try {
    source = await opening();
    return 'open';
  } catch (error) {
    return error instanceof SimroomError ? `${error.code}: ${error.message}` : String(error);
  }
}

function numberOf(of: object | null, key: string): number {
  const value: unknown = of === null ? undefined : Reflect.get(of, key);
  return typeof value === 'number' ? value : 0;
}

const out = new Float32Array(CHANNELS);

function look(now: number): Omit<Look, 'at'> {
  out.fill(0);
  const regions = source?.sample(now, out) ?? 0;
  const jaw = out[SHAPE.jawOpen] ?? 0;
  return {
    regions,
    jaw,
    sealed: jaw > 0.02 ? (out[SHAPE.mouthClose] ?? 0) / jaw : 0,
    pucker: out[SHAPE.mouthPucker] ?? 0,
    smile: out[SHAPE.mouthSmileLeft] ?? 0,
    level: numberOf(source, 'level'),
    position: numberOf(source, 'position'),
  };
}

const voice = {
  openMicrophone: () => codeOf(() => openMicrophone({}, events)),
  openAudio: (file: Blob | string, silent = false) => codeOf(() => openAudioFile({ file, silent }, events)),
  /** A recording from samples. */
  openSamples: (samples: readonly number[], rate: number) =>
    codeOf(() => openAudioFile({ file: new Blob([wavOf(Float32Array.from(samples), rate)]) }, events)),
  openText: (text: string, rate = 1) => codeOf(() => openTypedText({ text, rate }, events)),

  audio: () => source as AudioFile,

  /** How wide the jaw is open now. */
  jaw: () => look(performance.now()).jaw,

  /**
   * Looks at the face with each picture for a time, or until the source has ended.
   *
   * @param openings ends when the jaw has opened and closed again so often
   * @param every looks so often, pictures or not, and at what a busy page has missed too: for a source whose face depends
   *   on the time alone, ms
   */
  watch(ms: number, { openings = Infinity, every = Infinity } = {}): Promise<Look[]> {
    const looks: Look[] = [];
    const begin = performance.now();
    let [last, open, closed] = [begin, false, 0];
    const see = (now: number): void => {
      const seen = { ...look(now), at: now - begin };
      looks.push(seen);
      if (open && seen.jaw <= SHUT) closed++;
      open = open ? seen.jaw > SHUT : seen.jaw >= OPEN;
      last = now;
    };
    return new Promise((resolve) => {
      const next = (): void => {
        const now = performance.now();
        while (now - last > every) see(last + every);
        see(now);
        if (now - begin >= ms || ended > 0 || closed >= openings) resolve(looks);
        else if (every === Infinity) requestAnimationFrame(next);
        else setTimeout(next, every);
      };
      next();
    });
  },

  close: () => source?.close(),
  /** The device is gone, as browsers tell it. */
  pullOut: () => tracks.forEach((track) => track.dispatchEvent(new Event('ended'))),
  trackStates: () => tracks.map(({ readyState }) => readyState),
  told: () => told,
  changes: () => changes,
  ended: () => ended,
};

export type Voice = typeof voice;

Object.assign(window, { voice });
