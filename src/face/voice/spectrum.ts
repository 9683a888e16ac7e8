/**
 * Power spectrum of a short piece of sound: a Hann window, then a fast Fourier transform.
 *
 * The transform is radix-2 on half as many complex numbers as there are samples (even samples as real, odd ones as
 * imaginary parts), taken apart afterwards.
 */
export class Spectrum {
  /** Samples of a transform: a power of two; the window is filled up with zeros. */
  readonly size: number;
  /** Of each bin from 0 to half the rate; bin `i` is at `i * rate / size` Hz. 1 is a full-scale sine's. */
  readonly power: Float32Array;
  private readonly re: Float32Array;
  private readonly im: Float32Array;
  private readonly hann: Float32Array;
  /** Of `exp(-2πi k / size)`. */
  private readonly cos: Float32Array;
  private readonly sin: Float32Array;
  private readonly reversed: Uint16Array;
  private readonly scale: number;

  /** @param window samples that are looked at at once, at most 65536 */
  constructor(readonly window: number) {
    const bits = Math.max(2, Math.ceil(Math.log2(window)));
    this.size = 1 << bits;
    const half = this.size / 2;
    this.power = new Float32Array(half + 1);
    this.re = new Float32Array(half);
    this.im = new Float32Array(half);
    this.hann = Float32Array.from({ length: window }, (_, i) => {
      return 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / window);
    });
    this.cos = Float32Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / this.size));
    this.sin = Float32Array.from({ length: half }, (_, k) => -Math.sin((2 * Math.PI * k) / this.size));
    this.reversed = new Uint16Array(half);
    for (let i = 0; i < half; i++) {
      this.reversed[i] = ((this.reversed[i >> 1] ?? 0) >> 1) | ((i & 1) << (bits - 2));
    }
    // A Hann window lets half of the amplitude through, and a sine has half of it in either direction.
    this.scale = (4 / window) ** 2;
  }

  /**
   * Computes {@link power}. Allocates nothing.
   *
   * @param ring samples, the last ones of a stream
   * @param end where the piece ends in the ring: one after its last sample
   */
  compute(ring: Float32Array, end: number): void {
    const { re, im, hann, reversed, window } = this;
    re.fill(0);
    im.fill(0);
    let at = end - window;
    if (at < 0) at += ring.length;
    for (let i = 0; i < window; i++) {
      const sample = (ring[at] ?? 0) * (hann[i] ?? 0);
      const slot = reversed[i >> 1] ?? 0;
      if ((i & 1) === 0) re[slot] = sample;
      else im[slot] = sample;
      if (++at === ring.length) at = 0;
    }
    this.transform();
    this.takeApart();
  }

  private transform(): void {
    const { re, im, cos, sin } = this;
    const count = re.length;
    for (let span = 1; span < count; span *= 2) {
      const step = this.size / (2 * span);
      for (let start = 0; start < count; start += 2 * span) {
        for (let k = 0; k < span; k++) {
          const a = start + k;
          const b = a + span;
          const c = cos[k * step] ?? 0;
          const s = sin[k * step] ?? 0;
          const real = (re[b] ?? 0) * c - (im[b] ?? 0) * s;
          const imaginary = (re[b] ?? 0) * s + (im[b] ?? 0) * c;
          re[b] = (re[a] ?? 0) - real;
          im[b] = (im[a] ?? 0) - imaginary;
          re[a] = (re[a] ?? 0) + real;
          im[a] = (im[a] ?? 0) + imaginary;
        }
      }
    }
  }

  /** The spectrum of the samples from that of their pairs. */
  private takeApart(): void {
    const { re, im, cos, sin, power, scale } = this;
    const half = re.length;
    for (let k = 0; k <= half; k++) {
      const here = k === half ? 0 : k;
      const mirror = here === 0 ? 0 : half - here;
      const evenRe = ((re[here] ?? 0) + (re[mirror] ?? 0)) / 2;
      const evenIm = ((im[here] ?? 0) - (im[mirror] ?? 0)) / 2;
      const oddRe = ((im[here] ?? 0) + (im[mirror] ?? 0)) / 2;
      const oddIm = ((re[mirror] ?? 0) - (re[here] ?? 0)) / 2;
      const c = k === half ? -1 : (cos[k] ?? 0);
      const s = k === half ? 0 : (sin[k] ?? 0);
      const real = evenRe + oddRe * c - oddIm * s;
      const imaginary = evenIm + oddRe * s + oddIm * c;
      power[k] = (real * real + imaginary * imaginary) * scale;
    }
  }
}
