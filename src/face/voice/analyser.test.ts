import { describe, expect, it } from 'vitest';
import { VoiceAnalyser } from './analyser';
import { Spectrum } from './spectrum';
import { type Tone, VOWEL_FORMANTS, noise, synthesise } from './testing';
import { VISEME, VISEMES, VISEME_COUNT, type Viseme } from './visemes';

const RATE = 48_000;
const VOWELS = ['a', 'e', 'i', 'o', 'u'] as const;
const VISEME_OF: Record<(typeof VOWELS)[number], Viseme> = { a: 'aa', e: 'E', i: 'I', o: 'O', u: 'U' };
const HISS: Tone = { formants: [5600], width: 1500, seconds: 0.15, db: -30 };
const SH: Tone = { formants: [2700, 4300], width: 800, seconds: 0.15, db: -28 };
const silence = (seconds: number): Tone => ({ formants: [], seconds });
const vowel = (name: (typeof VOWELS)[number], seconds = 0.2, pitch = 115): Tone => ({
  formants: VOWEL_FORMANTS[name],
  pitch,
  seconds,
});

interface Hop {
  /** s, of the middle of what was heard. */
  readonly time: number;
  readonly visemes: Float32Array;
  readonly loudness: number;
  readonly level: number;
}

function hear(samples: Float32Array, rate = RATE, block = 128): Hop[] {
  const analyser = new VoiceAnalyser(rate);
  const hops: Hop[] = [];
  for (let start = 0; start < samples.length; start += block) {
    analyser.push(samples.subarray(start, start + block), (at) => {
      const { visemes, loudness, level, delay } = analyser;
      hops.push({ time: (start + at) / rate - delay, visemes: visemes.slice(), loudness, level });
    });
  }
  return hops;
}

/** Mean weights between two times. */
function mean(hops: readonly Hop[], from: number, to: number): Float32Array {
  const within = hops.filter(({ time }) => time >= from && time < to);
  return Float32Array.from({ length: VISEME_COUNT }, (_, v) => {
    return within.reduce((sum, { visemes }) => sum + (visemes[v] ?? 0), 0) / within.length;
  });
}

function strongest(weights: Float32Array): Viseme | undefined {
  return VISEMES[weights.indexOf(Math.max(...weights))];
}

/** The five vowels with pauses between them, several times: the strongest viseme of each of the last time. */
function hearVowels(gainDb: number, rate: number, pitch: number): (Viseme | undefined)[] {
  const rounds = 3;
  const tones = Array.from({ length: rounds }, () =>
    VOWELS.flatMap((name) => [vowel(name, 0.2, pitch), silence(0.1)]),
  ).flat();
  const samples = synthesise(tones, rate).map((sample) => sample * 10 ** (gainDb / 20));
  const hops = hear(samples, rate);
  return VOWELS.map((_, i) => {
    const start = ((rounds - 1) * VOWELS.length + i) * 0.3;
    return strongest(mean(hops, start + 0.05, start + 0.15));
  });
}

describe('a spectrum', () => {
  it('has the power of a sine at its place, and of noise all over', () => {
    const spectrum = new Spectrum(1000);
    const sine = Float32Array.from(
      { length: 1000 },
      (_, i) => 0.5 * Math.sin((2 * Math.PI * 100 * i) / 1024),
    );
    spectrum.compute(sine, 1000);
    const peak = spectrum.power.indexOf(Math.max(...spectrum.power));
    expect(peak).toBe(100);
    expect(spectrum.power[100]).toBeCloseTo(0.25, 2);
    expect(spectrum.power[160]).toBeLessThan(1e-6);
  });

  it('is that of a plain Fourier transform', () => {
    const window = 60;
    const spectrum = new Spectrum(window);
    const samples = noise(1, -10, window);
    spectrum.compute(samples, window);
    for (const bin of [0, 1, 7, 31, 32]) {
      let re = 0;
      let im = 0;
      samples.forEach((sample, i) => {
        const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / window);
        re += sample * hann * Math.cos((2 * Math.PI * bin * i) / spectrum.size);
        im -= sample * hann * Math.sin((2 * Math.PI * bin * i) / spectrum.size);
      });
      expect(spectrum.power[bin]).toBeCloseTo((re * re + im * im) * (4 / window) ** 2, 6);
    }
  });
});

describe('a voice', () => {
  const expected = VOWELS.map((name) => VISEME_OF[name]);

  it.each([16_000, 44_100, 48_000, 96_000])('is told apart by its vowels at %i samples a second', (rate) => {
    expect(hearVowels(0, rate, 115)).toEqual(expected);
  });

  it.each([-20, -10, 10, 15])('is told apart %i dB louder', (gain) => {
    expect(hearVowels(gain, RATE, 130)).toEqual(expected);
  });

  it('is as loud when all of it is 20 dB quieter', () => {
    const tones = [
      silence(0.3),
      vowel('a', 0.4),
      silence(0.2),
      { ...vowel('a', 0.4), db: -30 },
      silence(0.2),
    ];
    const samples = synthesise(tones, RATE);
    const loud = hear(samples);
    const quiet = hear(samples.map((sample) => sample / 10));
    const at = (hops: readonly Hop[], time: number): number =>
      hops.find((hop) => hop.time >= time)?.loudness ?? 0;
    expect(at(loud, 0.5)).toBeGreaterThan(0.85);
    expect(at(quiet, 0.5)).toBeCloseTo(at(loud, 0.5), 1);
    expect(at(quiet, 1.1)).toBeCloseTo(at(loud, 1.1), 1);
    // What is quieter within one's speech is quieter.
    expect(at(loud, 1.1)).toBeLessThan(at(loud, 0.5) - 0.2);
  });

  it('hisses: sibilants are no vowels, and s is not sh', () => {
    const tones = [vowel('a'), HISS, vowel('i'), SH, vowel('o'), HISS, vowel('e'), SH].flatMap((tone) => [
      tone,
      silence(0.05),
    ]);
    const hops = hear(synthesise(tones, RATE));
    const vowels = (from: number): number => {
      return mean(hops, from + 0.03, from + 0.12)
        .subarray(VISEME.aa)
        .reduce((sum, weight) => sum + weight, 0);
    };
    const s = 0.25 + 0.2 + 0.25 + 0.2 + 0.25;
    const sh = s + 0.2 + 0.25;
    expect(vowels(s)).toBeLessThan(0.05);
    expect(vowels(sh)).toBeLessThan(0.05);
    expect(vowels(s - 0.25)).toBeGreaterThan(0.8);
    expect(strongest(mean(hops, s + 0.03, s + 0.12))).toBe('SS');
    expect(strongest(mean(hops, sh + 0.03, sh + 0.12))).toBe('CH');
  });

  it('bursts: a t is no s', () => {
    const burst: Tone = { ...HISS, seconds: 0.03 };
    const tones = [vowel('a'), silence(0.06), burst, vowel('i'), silence(0.06), HISS, vowel('a')];
    const hops = hear(synthesise(tones, RATE));
    expect(strongest(mean(hops, 0.26, 0.29))).toBe('DD');
    expect(strongest(mean(hops, 0.61, 0.68))).toBe('SS');
  });

  it('is heard within 40 ms of its beginning, and its end too', () => {
    const hops = hear(synthesise([silence(0.5), vowel('a', 0.5), silence(0.5)], RATE));
    const { delay } = new VoiceAnalyser(RATE);
    // When it is known: the middle of what was heard, and the half of it that came after.
    const first = hops.find(({ loudness }) => loudness > 0.3);
    expect((first?.time ?? 9) + delay - 0.5).toBeLessThan(0.04);
    const last = hops.findLast(({ loudness }) => loudness > 0);
    expect((last?.time ?? 9) + delay - 1).toBeLessThan(0.04);
    const [one, two] = hops;
    expect((two?.time ?? 9) - (one?.time ?? 0)).toBeLessThan(0.016);
  });

  it('gives weights that add up to 1', () => {
    const hops = hear(synthesise([silence(0.1), vowel('a'), HISS, vowel('u'), silence(0.1)], RATE));
    for (const { visemes, loudness } of hops) {
      expect(visemes.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
      expect(loudness).toBeGreaterThanOrEqual(0);
      expect(loudness).toBeLessThanOrEqual(1);
    }
  });
});

describe('what is no voice', () => {
  const quiet = (hops: readonly Hop[]): void => {
    for (const { visemes, loudness } of hops) {
      expect(loudness).toBe(0);
      expect([...visemes]).toEqual(Array.from({ length: VISEME_COUNT }, (_, v) => (v === 0 ? 1 : 0)));
    }
  };

  it('silence is rest', () => quiet(hear(new Float32Array(RATE))));

  it('quiet noise is rest, and a voice over it is heard', () => {
    const hiss = noise(3, -48, RATE);
    quiet(hear(hiss));
    const spoken = hiss.slice();
    synthesise([vowel('a', 0.5)], RATE).forEach((sample, i) => {
      spoken[RATE + i] = (spoken[RATE + i] ?? 0) + sample;
    });
    const hops = hear(spoken);
    expect(strongest(mean(hops, 1.1, 1.4))).toBe('aa');
    quiet(hops.filter(({ time }) => time < 0.95 || time > 1.55));
  });

  it('noise that begins is taken for noise after a while', () => {
    const hops = hear(noise(9.5, -38, RATE).fill(0, 0, RATE / 2));
    quiet(hops.slice(-100));
  });

  it('numbers that are none, and sound beyond full scale, do no harm', () => {
    const samples = synthesise([vowel('a', 0.5)], RATE);
    for (let i = 0; i < 1000; i++) samples[i] = [NaN, Infinity, -Infinity, 1e30][i % 4] ?? 0;
    const hops = hear(samples);
    for (const { visemes, loudness, level } of hops) {
      expect([...visemes, loudness, level].every(Number.isFinite)).toBe(true);
    }
    expect(strongest(mean(hops, 0.1, 0.4))).toBe('aa');
    for (const rate of [0, NaN, -1, 1e9]) {
      expect(() => hear(samples.subarray(0, 1000), rate)).not.toThrow();
    }
  });
});
