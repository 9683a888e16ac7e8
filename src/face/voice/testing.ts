import { Random } from '../../core/random';

/** A small speech synthesiser for tests: pulses or noise through resonances, one after another. */

export interface Tone {
  /** Resonances, Hz; none for silence. */
  readonly formants: readonly number[];
  readonly seconds: number;
  /** Pitch, Hz; noise when left out. */
  readonly pitch?: number;
  /** Width of the resonances, Hz. */
  readonly width?: number;
  /** Level, dB below full scale; -20 when left out. */
  readonly db?: number;
}

/** Vowels of a man as others measured them: other speakers than those whom prototypes were made after. */
export const VOWEL_FORMANTS = {
  a: [760, 1200, 2550, 3500],
  e: [520, 1900, 2550, 3500],
  i: [300, 2300, 3000, 3600],
  o: [510, 870, 2420, 3400],
  u: [330, 860, 2250, 3400],
} as const;

const DEFAULT_DB = -20;
/** Sounds begin and end in this time, s: a click would be another sound. */
const EDGE_S = 0.01;

/**
 * Sound of tones one after another.
 *
 * @param rate samples a second
 */
export function synthesise(tones: readonly Tone[], rate: number, seed = 1): Float32Array<ArrayBuffer> {
  const parts = tones.map((tone) => sound(tone, rate, new Random(seed)));
  const out = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Noise of a level, dB below full scale. */
export function noise(seconds: number, db: number, rate: number, seed = 7): Float32Array {
  const random = new Random(seed);
  return level(
    Float32Array.from({ length: Math.round(seconds * rate) }, () => random.between(-1, 1)),
    db,
  );
}

function sound(
  { formants, seconds, pitch, width, db = DEFAULT_DB }: Tone,
  rate: number,
  random: Random,
): Float32Array {
  const samples = new Float32Array(Math.round(seconds * rate));
  if (formants.length === 0) return samples;
  let phase = 0;
  /** The flow of air before. */
  let flow = 0;
  for (let i = 0; i < samples.length; i++) {
    if (pitch === undefined) {
      // Small gaps and lips let high frequencies through better: +6 dB an octave.
      const white = random.between(-1, 1);
      samples[i] = white - flow;
      flow = white;
      continue;
    }
    // A little vibrato: no voice is a machine.
    phase += (pitch * (1 + 0.02 * Math.sin((2 * Math.PI * 5 * i) / rate))) / rate;
    const pulse = phase >= 1 ? 1 : 0;
    if (phase >= 1) phase -= 1;
    // -6 dB an octave: the flow' -12 and the lips' +6.
    flow += (pulse - flow) * Math.min(1, (2 * Math.PI * 150) / rate);
    samples[i] = flow;
  }
  for (const centre of formants)
    if (centre < 0.45 * rate) resonate(samples, centre, width ?? 50 + centre / 25, rate);
  return edges(level(samples, db), rate);
}

/** A resonance of two poles, in place. */
function resonate(samples: Float32Array, centre: number, width: number, rate: number): void {
  const radius = Math.exp((-Math.PI * width) / rate);
  const b = 2 * radius * Math.cos((2 * Math.PI * centre) / rate);
  const c = -radius * radius;
  let y1 = 0;
  let y2 = 0;
  for (let i = 0; i < samples.length; i++) {
    const y = (1 - b - c) * (samples[i] ?? 0) + b * y1 + c * y2;
    y2 = y1;
    y1 = y;
    samples[i] = y;
  }
}

/** Brings sound to a level in place. */
function level(samples: Float32Array, db: number): Float32Array {
  let square = 0;
  for (const sample of samples) square += sample * sample;
  const gain = 10 ** (db / 20) / Math.sqrt(square / samples.length);
  for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] ?? 0) * gain;
  return samples;
}

function edges(samples: Float32Array, rate: number): Float32Array {
  const count = Math.min(samples.length >> 1, Math.round(EDGE_S * rate));
  for (let i = 0; i < count; i++) {
    const gain = (i + 0.5) / count;
    const mirror = samples.length - 1 - i;
    samples[i] = (samples[i] ?? 0) * gain;
    samples[mirror] = (samples[mirror] ?? 0) * gain;
  }
  return samples;
}

/** 16-bit mono WAV. */
export function wavOf(samples: Float32Array, rate: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(44 + samples.length * 2);
  const view = new DataView(bytes.buffer);
  const text = (at: number, chars: string): void => {
    for (let i = 0; i < chars.length; i++) view.setUint8(at + i, chars.charCodeAt(i));
  };
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, i) => view.setInt16(44 + 2 * i, Math.max(-1, Math.min(1, sample)) * 32767, true));
  return bytes;
}
