import workletUrl from '../../../workers/voice_worklet.ts?worker&url';
import { SimroomError } from '../../core/errors';
import { HEARD, HEARD_NUMBERS, VOICE_PROCESSOR } from '../../face/voice/hearing';

/** Listens to what goes through an audio graph, on its own thread. */
export interface VoiceInput {
  /** Connect what is to be heard. */
  readonly node: AudioNode;
  /** 0..1, for a meter; 1 is full scale. */
  readonly level: number;
  close(): void;
}

/**
 * Loads the analysis into an audio context.
 *
 * @param heard gets `HEARD_NUMBERS` numbers for each hop, laid out as `HEARD` says
 * @throws SimroomError `sound-unavailable` where the browser has no audio worklets
 */
export async function openVoiceInput(
  context: AudioContext,
  heard: (hop: Float64Array) => void,
): Promise<VoiceInput> {
  let node: AudioWorkletNode;
  try {
    await context.audioWorklet.addModule(new URL(workletUrl, import.meta.url).href);
    node = new AudioWorkletNode(context, VOICE_PROCESSOR, {
      numberOfInputs: 1,
      // Silent: some browsers process only what leads to the loudspeakers.
      numberOfOutputs: 1,
      outputChannelCount: [1],
      // Stereo is mixed down.
      channelCount: 1,
      channelCountMode: 'explicit',
    });
  } catch (cause) {
    throw soundUnavailable(cause);
  }
  node.connect(context.destination);
  let level = 0;
  node.port.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (!(data instanceof Float64Array) || data.length !== HEARD_NUMBERS) return;
    level = data[HEARD.level] ?? 0;
    heard(data);
  };
  return {
    node,
    get level() {
      return level;
    },
    close() {
      node.port.onmessage = null;
      // It would otherwise go on for as long as the context.
      node.port.postMessage('close');
      node.disconnect();
      level = 0;
    },
  };
}

/**
 * A new audio context. Browsers let it run only after a click or a key: it resumes with the next one.
 *
 * @param changed called when it begins or ceases to run
 * @throws SimroomError `sound-unavailable`
 */
export function openAudioContext(changed: () => void): { context: AudioContext; close: () => void } {
  let context: AudioContext;
  try {
    context = new AudioContext({ latencyHint: 'interactive' });
  } catch (cause) {
    throw soundUnavailable(cause);
  }
  const resume = (): void => {
    // A refusal leaves it as it is, and the next click tries again.
    if (context.state === 'suspended') context.resume().catch(() => {});
  };
  resume();
  context.addEventListener('statechange', changed);
  for (const event of GESTURES) window.addEventListener(event, resume, { capture: true });
  return {
    context,
    close() {
      context.removeEventListener('statechange', changed);
      for (const event of GESTURES) window.removeEventListener(event, resume, { capture: true });
      // It is closed once only, and there is nothing to do if it cannot be.
      context.close().catch(() => {});
    },
  };
}

/** What browsers take for a wish of the person. */
const GESTURES = ['pointerup', 'keydown'] as const;

function soundUnavailable(cause: unknown): SimroomError {
  return new SimroomError(
    'sound-unavailable',
    'This browser could not begin to listen to sound here. Reload the page; if it stays so, try another browser.',
    { cause },
  );
}
