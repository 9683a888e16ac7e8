import { SimroomError } from '../../core/errors';
import { HEARD } from '../../face/voice/hearing';
import { SpeakingFace } from '../../face/voice/speaking_face';
import { VISEME_COUNT } from '../../face/voice/visemes';
import type { FaceSource, SourceEvents } from './source';
import { type VoiceInput, openAudioContext, openVoiceInput } from './voice_input';

export interface MicrophoneOptions {
  /** Its `deviceId`; the system's choice otherwise. */
  readonly device?: string;
}

/** A mouth that moves with what a microphone hears. Nothing is recorded, and no sound leaves the page. */
export interface Microphone extends FaceSource {
  readonly kind: 'microphone';
  /** Of whatever is heard, 0..1, for a meter. */
  readonly level: number;
  /** The name of the device. */
  readonly label: string;
}

/** Without news for so long there is silence, ms: the audio thread tells of silence more often. */
const STALE_MS = 300;
/** A pause so long is told as one, ms. */
const SILENT_MS = 1500;

const ON = { state: 'on', text: 'The microphone moves the mouth.' } as const;
const SILENT = { state: 'waiting', text: 'The microphone is on: say something.' } as const;
const SUSPENDED = { state: 'waiting', text: 'Click on the page once: the browser waits for that.' } as const;
const MUTED = {
  state: 'waiting',
  text: 'The system has muted the microphone: look for its key or switch.',
} as const;

/**
 * Opens a microphone; the browser may ask for permission first.
 *
 * @throws SimroomError `microphone-denied`, `microphone-missing`, `microphone-busy`, `page-insecure`, `sound-unavailable`
 */
export async function openMicrophone(options: MicrophoneOptions, events: SourceEvents): Promise<Microphone> {
  events.status({ state: 'starting', text: 'Asking for the microphone...' });
  // Before anything is waited for: the click still counts now.
  let tell = (): void => {};
  const audio = openAudioContext(() => tell());
  let stream: MediaStream;
  try {
    stream = await ask(options);
  } catch (error) {
    audio.close();
    throw error;
  }
  const stop = (): void => {
    for (const track of stream.getTracks()) track.stop();
    audio.close();
  };

  const { context } = audio;
  const face = new SpeakingFace(null);
  const visemes = new Float32Array(VISEME_COUNT);
  let loudness = 0;
  let heardAt = -Infinity;
  let spokeAt = -Infinity;
  let told: object | null = null;
  let closed = false;
  const [track] = stream.getAudioTracks();

  tell = () => {
    if (closed) return;
    const status =
      context.state === 'suspended'
        ? SUSPENDED
        : track?.muted === true
          ? MUTED
          : performance.now() - spokeAt < SILENT_MS
            ? ON
            : SILENT;
    if (status === told) return;
    told = status;
    events.status(status);
  };

  const rest = (): void => {
    visemes.fill(0);
    visemes[0] = 1;
    loudness = 0;
  };
  rest();

  let input: VoiceInput;
  try {
    input = await openVoiceInput(context, (hop) => {
      const wasSilent = visemes[0] === 1;
      for (let v = 0; v < VISEME_COUNT; v++) visemes[v] = hop[v] ?? 0;
      loudness = hop[HEARD.loudness] ?? 0;
      heardAt = performance.now();
      if (loudness > 0) spokeAt = heardAt;
      tell();
      if (!wasSilent || visemes[0] !== 1) events.changed();
    });
  } catch (error) {
    stop();
    throw error;
  }
  context.createMediaStreamSource(stream).connect(input.node);
  const close = (): void => {
    if (closed) return;
    closed = true;
    input.close();
    stop();
  };
  if (track !== undefined) {
    track.addEventListener('mute', tell);
    track.addEventListener('unmute', tell);
    track.addEventListener('ended', () => {
      if (closed) return;
      close();
      events.status({
        state: 'failed',
        text: 'The microphone has gone: plug it in, and switch it on again.',
      });
      events.ended();
    });
  }
  tell();
  return {
    kind: 'microphone',
    label: track?.label ?? '',
    get level() {
      return closed ? 0 : input.level;
    },
    sample(now, out) {
      if (closed) return 0;
      if (now - heardAt > STALE_MS) rest();
      return face.sample(now, visemes, loudness, out);
    },
    close,
  };
}

async function ask({ device }: MicrophoneOptions): Promise<MediaStream> {
  const { mediaDevices } = navigator as Partial<Navigator>;
  if (mediaDevices === undefined) {
    throw new SimroomError(
      'page-insecure',
      'Browsers give a microphone to secure pages only: open this one over https, or on localhost.',
    );
  }
  try {
    return await mediaDevices.getUserMedia({
      audio: {
        // The voices of others come out of the loudspeakers.
        echoCancellation: true,
        noiseSuppression: true,
        // The analysis does that itself.
        autoGainControl: false,
        ...(device === undefined ? {} : { deviceId: { exact: device } }),
      },
    });
  } catch (cause) {
    throw refusal(cause);
  }
}

function refusal(cause: unknown): SimroomError {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') {
    const message = 'There is no such microphone: plug one in, or choose another.';
    return new SimroomError('microphone-missing', message, { cause });
  }
  if (name === 'NotReadableError' || name === 'AbortError') {
    const message =
      'The microphone does not start: another program may be using it. Close that, and try again.';
    return new SimroomError('microphone-busy', message, { cause });
  }
  return new SimroomError(
    'microphone-denied',
    'The microphone is not allowed here: allow it beside the page’s address, and try again.',
    { cause },
  );
}
