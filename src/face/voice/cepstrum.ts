/**
 * The shape of a spectrum in a few numbers that hardly depend on pitch and not at all on loudness: decibels in bands as
 * wide as the ear's (mel), then the slow waves along them (a discrete cosine transform), as is usual in recognising
 * speech.
 */

/** Bands and waves of a shape. */
const BANDS = 26;
export const COEFFICIENTS = 12;

/** What is heard, Hz: below is hum, above there is nothing to tell sounds apart by. */
const LOWEST_HZ = 120;
const HIGHEST_HZ = 7600;
/** So much of half the rate is free of the filter before sampling. */
const CLEAN_PART = 0.94;
/** Bands weaker than the strongest by so much say nothing, dB. */
const RANGE_DB = 55;

/** The scale of pitch as it is heard, by Stevens and Volkmann, in O'Shaughnessy's formula. */
const toMel = (hz: number): number => 1127 * Math.log(1 + hz / 700);
const toHz = (mel: number): number => 700 * (Math.exp(mel / 1127) - 1);

export class Cepstrum {
  /** Waves along the bands, from one half period upwards, dB. */
  readonly coefficients = new Float32Array(COEFFICIENTS);
  /** Power in each band; whoever knows what is noise may take it off before {@link shape}. */
  readonly bands = new Float32Array(BANDS);
  private readonly decibels = new Float32Array(BANDS);
  /** Bins of each band and their weights, one after another. */
  private readonly first = new Uint16Array(BANDS);
  private readonly weights: readonly Float32Array[];
  private readonly waves = new Float32Array(COEFFICIENTS * BANDS);

  /**
   * @param rate samples a second
   * @param size samples of a transform
   */
  constructor(rate: number, size: number) {
    const low = toMel(LOWEST_HZ);
    const high = toMel(Math.min(HIGHEST_HZ, (rate / 2) * CLEAN_PART));
    const edge = (i: number): number => (toHz(low + ((high - low) * i) / (BANDS + 1)) * size) / rate;
    this.weights = Array.from({ length: BANDS }, (_, band) => {
      const from = edge(band);
      const peak = edge(band + 1);
      const to = edge(band + 2);
      const first = Math.ceil(from);
      this.first[band] = first;
      const weights = Float32Array.from({ length: Math.max(1, Math.floor(to) - first + 1) }, (__, i) => {
        const bin = first + i;
        return Math.max(0, bin < peak ? (bin - from) / (peak - from) : (to - bin) / (to - peak));
      });
      const sum = weights.reduce((total, weight) => total + weight, 0);
      // A band between two bins has the nearer one.
      return sum > 0 ? weights.map((weight) => weight / sum) : weights.fill(1);
    });
    for (let k = 0; k < COEFFICIENTS; k++) {
      for (let band = 0; band < BANDS; band++) {
        const wave = Math.cos((Math.PI * (k + 1) * (band + 0.5)) / BANDS);
        this.waves[k * BANDS + band] = (wave * Math.sqrt(2)) / BANDS;
      }
    }
  }

  /** Gathers a power spectrum in {@link bands}. Allocates nothing. */
  gather(power: Float32Array): void {
    for (let band = 0; band < BANDS; band++) {
      const weights = this.weights[band];
      if (weights === undefined) continue;
      const first = this.first[band] ?? 0;
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += (weights[i] ?? 0) * (power[first + i] ?? 0);
      this.bands[band] = sum;
    }
  }

  /** Computes {@link coefficients} from {@link bands}. Allocates nothing. */
  shape(): void {
    const { bands, decibels, waves, coefficients } = this;
    let most = 1e-20;
    for (let i = 0; i < BANDS; i++) most = Math.max(most, bands[i] ?? 0);
    const least = most * 10 ** (-RANGE_DB / 10);
    for (let i = 0; i < BANDS; i++) decibels[i] = 10 * Math.log10(Math.max(least, bands[i] ?? 0));
    for (let k = 0; k < COEFFICIENTS; k++) {
      let sum = 0;
      for (let i = 0; i < BANDS; i++) sum += (waves[k * BANDS + i] ?? 0) * (decibels[i] ?? 0);
      coefficients[k] = sum;
    }
  }
}
