import { COEFFICIENTS, Cepstrum } from './cepstrum';
import { Loudness } from './loudness';
import { type Prototypes, computePrototypes } from './prototypes';
import { Spectrum } from './spectrum';
import { VISEME, VISEME_COUNT } from './visemes';

/**
 * Sound to visemes: every 10 ms the shape of the spectrum of the last 24 ms is compared with what each sound should look
 * like. What it says is about the middle of that piece, so it is 12 ms late, and up to 10 ms more until it is said.
 *
 * One cannot hear everything that one sees (a closed p is silence), and strangers' microphones differ: of single moments
 * of strangers' speech, borders between sounds included, some four in ten fall into the right one of fifteen classes, of
 * vowels half, and most of the others into one that looks alike. Prototypes trained on other speakers did no better in
 * the middle of sounds (half either way), so there is nothing to download.
 */

const WINDOW_S = 0.024;
const HOP_S = 0.01;
/** What rates can be, samples a second. */
const MIN_RATE = 8000;
const MAX_RATE = 192_000;
/** Hum is below, Hz. */
const LOWEST_HZ = 100;
/** Differences of shapes, squared, within which two sounds are much alike, dB². */
const TOLERANCE = 14;
/** How a microphone and a room colour a voice is learnt in so many seconds of speech, and then forgotten as slowly. */
const COLOUR_S = 3;
const MEMORY_S = 15;
/** It cannot colour it by more, dB: by waves along the spectrum. Otherwise one long vowel would be taken for colour. */
const MOST_COLOUR = Float32Array.from({ length: COEFFICIENTS }, (_, k) => (k < 3 ? 4 : k < 6 ? 2 : 0.7));
/** Time constant of the noise's spectrum, s. */
const NOISE_S = 0.3;
/** Some more noise than there is on average is taken off; but never all that there is. */
const NOISE_EXCESS = 1.3;
const LEAST_PART = 0.03;
/** A hiss so soon after a moment as quiet as that is a stop that bursts open: t or d, k or g; s and loudness. */
const BURST_S = 0.03;
const CLOSED = 0.2;
/**
 * An m and an n are hardly different to hear, but very much to see: the lips that do not close are what people notice,
 * so in doubt they nearly do.
 */
const CLOSING = 1.4;
/** The meter's range, dB below full scale. */
const METER_DB = 60;

export class VoiceAnalyser {
  /** Of the last hop: how much each viseme is heard; they add up to 1. */
  readonly visemes = new Float32Array(VISEME_COUNT);
  /** Samples between two hops. */
  readonly hop: number;
  /** How long ago the middle of what was heard is at a hop, s. */
  readonly delay = WINDOW_S / 2;
  private readonly spectrum: Spectrum;
  private readonly cepstrum: Cepstrum;
  private readonly prototypes: Prototypes;
  private readonly loud = new Loudness();
  private readonly ring: Float32Array;
  private readonly noise: Float32Array;
  private readonly colour = new Float32Array(COEFFICIENTS);
  private readonly ordinary = new Float32Array(COEFFICIENTS);
  private readonly distances: Float32Array;
  private readonly firstBin: number;
  private meter = 0;
  private heardS = 0;
  private openS = 0;
  private end = 0;
  private due: number;

  /** @param rate samples a second, 8000 to 192000; others are taken for the nearest */
  constructor(rate: number) {
    const samples = Math.min(MAX_RATE, Math.max(MIN_RATE, Math.round(rate) || MIN_RATE));
    this.hop = Math.round(samples * HOP_S);
    this.spectrum = new Spectrum(Math.round(samples * WINDOW_S));
    const { size, window } = this.spectrum;
    this.ring = new Float32Array(window);
    this.cepstrum = new Cepstrum(samples, size);
    this.prototypes = computePrototypes(this.cepstrum, samples, size);
    this.noise = new Float32Array(this.cepstrum.bands.length);
    const count = this.prototypes.visemes.length;
    this.distances = new Float32Array(count);
    for (let i = 0; i < count * COEFFICIENTS; i++) {
      const k = i % COEFFICIENTS;
      this.ordinary[k] = (this.ordinary[k] ?? 0) + (this.prototypes.shapes[i] ?? 0) / count;
    }
    this.firstBin = Math.ceil((LOWEST_HZ * size) / samples);
    this.due = this.hop;
    this.visemes[0] = 1;
  }

  /** 0..1: how loud somebody speaks, against how they speak otherwise; 0 while nobody does. */
  get loudness(): number {
    return this.loud.value;
  }

  /** 0..1: level of whatever is heard, for a meter; 1 is full scale. */
  get level(): number {
    return this.meter;
  }

  /** Whether somebody speaks. */
  get speaking(): boolean {
    return this.loud.speaking;
  }

  /**
   * Hears more. Allocates nothing.
   *
   * @param samples -1..1; what is not a number is taken for silence
   * @param heard called for each hop within them, with its place after how many of them
   */
  push(samples: Float32Array, heard: (at: number) => void): void {
    const { ring } = this;
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i] ?? 0;
      ring[this.end] = sample >= -8 && sample <= 8 ? sample : 0;
      if (++this.end === ring.length) this.end = 0;
      if (--this.due === 0) {
        this.due = this.hop;
        this.analyse();
        heard(i + 1);
      }
    }
  }

  private analyse(): void {
    const { spectrum, cepstrum, loud, visemes, noise } = this;
    spectrum.compute(this.ring, this.end);
    const { power } = spectrum;
    let sum = 1e-12;
    for (let bin = this.firstBin; bin < power.length; bin++) sum += power[bin] ?? 0;
    // A full-scale sine has 1.5 under a Hann window, and is 3 dB below what it would be squared off.
    const db = 10 * Math.log10(sum / 3);
    this.meter = Math.min(1, Math.max(0, 1 + db / METER_DB));
    loud.hear(db, HOP_S);
    this.openS = loud.value > CLOSED ? this.openS + HOP_S : 0;
    cepstrum.gather(power);
    const { bands } = cepstrum;
    visemes.fill(0);
    if (!loud.speaking) {
      const part = HOP_S / NOISE_S;
      for (let i = 0; i < bands.length; i++) {
        noise[i] = (noise[i] ?? 0) + ((bands[i] ?? 0) - (noise[i] ?? 0)) * part;
      }
      visemes[0] = 1;
      return;
    }
    for (let i = 0; i < bands.length; i++) {
      const band = bands[i] ?? 0;
      bands[i] = Math.max(LEAST_PART * band, band - NOISE_EXCESS * (noise[i] ?? 0));
    }
    cepstrum.shape();
    this.learnColour();
    this.compare();
  }

  private learnColour(): void {
    const { colour, ordinary, cepstrum } = this;
    this.heardS = Math.min(MEMORY_S, this.heardS + HOP_S);
    const part = (HOP_S / (COLOUR_S + this.heardS)) * this.loud.presence;
    for (let k = 0; k < COEFFICIENTS; k++) {
      const most = MOST_COLOUR[k] ?? 0;
      const now = (cepstrum.coefficients[k] ?? 0) - (ordinary[k] ?? 0);
      const learnt = (colour[k] ?? 0) + (now - (colour[k] ?? 0)) * part;
      colour[k] = Math.min(most, Math.max(-most, learnt));
    }
  }

  /** Shares 1 out between visemes, by how near they are. */
  private compare(): void {
    const { distances, colour, visemes } = this;
    const { coefficients } = this.cepstrum;
    const { shapes, visemes: of } = this.prototypes;
    let nearest = Infinity;
    for (let n = 0; n < of.length; n++) {
      let distance = 0;
      for (let k = 0; k < COEFFICIENTS; k++) {
        const apart = (coefficients[k] ?? 0) - (colour[k] ?? 0) - (shapes[n * COEFFICIENTS + k] ?? 0);
        distance += apart * apart;
      }
      distances[n] = distance;
      nearest = Math.min(nearest, distance);
    }
    let sum = 0;
    for (let n = 0; n < of.length; n++) {
      const viseme = of[n] ?? 0;
      const prior = viseme === VISEME.PP ? CLOSING : 1;
      const likely = prior * Math.exp((nearest - (distances[n] ?? 0)) / TOLERANCE);
      visemes[viseme] = (visemes[viseme] ?? 0) + likely;
      sum += likely;
    }
    if (this.openS <= BURST_S) {
      visemes[VISEME.DD] = visemes[VISEME.SS] ?? 0;
      visemes[VISEME.kk] = visemes[VISEME.CH] ?? 0;
      visemes[VISEME.SS] = 0;
      visemes[VISEME.CH] = 0;
    }
    const { presence } = this.loud;
    for (let v = 0; v < VISEME_COUNT; v++) visemes[v] = ((visemes[v] ?? 0) / sum) * presence;
    visemes[0] = 1 - presence;
  }
}
