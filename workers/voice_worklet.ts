import { VoiceAnalyser } from '../src/face/voice/analyser';
import { HEARD, HEARD_NUMBERS, VOICE_PROCESSOR } from '../src/face/voice/hearing';

/** Listens to a voice on the audio thread: sound comes in, visemes go to the page, and no sound leaves it. */

/** What this realm has beside the library of workers. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
declare const sampleRate: number;
/** When the block that is processed begins, s. */
declare const currentTime: number;

/** While nobody speaks, every so manieth hop is told, for the meter. */
const QUIET_HOPS = 8;

class VoiceProcessor extends AudioWorkletProcessor {
  private readonly analyser = new VoiceAnalyser(sampleRate);
  private readonly message = new Float64Array(HEARD_NUMBERS);
  private quietHops = 0;
  private open = true;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.open = false;
    };
  }

  /** Called for every block by the browser; false ends it. */
  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const samples = inputs[0]?.[0];
    // Without an input there is silence, which the gate has to hear of.
    this.analyser.push(samples ?? SILENCE, this.heard);
    return this.open;
  }

  private readonly heard = (at: number): void => {
    const { analyser, message } = this;
    this.quietHops = analyser.speaking ? 0 : this.quietHops + 1;
    // The first quiet hop says that they have stopped.
    if (this.quietHops > 1 && this.quietHops % QUIET_HOPS !== 0) return;
    message.set(analyser.visemes);
    message[HEARD.loudness] = analyser.loudness;
    message[HEARD.level] = analyser.level;
    message[HEARD.time] = currentTime + at / sampleRate - analyser.delay;
    this.port.postMessage(message);
  };
}

/** A block of nothing. */
const SILENCE = new Float32Array(128);

registerProcessor(VOICE_PROCESSOR, VoiceProcessor);
