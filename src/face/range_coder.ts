/**
 * Binary arithmetic coding: decisions, each with the probability of being 0, into few bytes and back.
 *
 * A range coder after G. N. N. Martin (1979), with binary decisions as in LZMA's.
 */

/** Precision of the probabilities, bits. */
const PROBABILITY_BITS = 12;
/** Certainty; a probability lies between 1 and this less 1. */
export const PROBABILITY_ONE = 1 << PROBABILITY_BITS;
/** Below it the range is widened by a byte. */
const NARROW = 2 ** 24;
const WORD = 2 ** 32;
/** Places in a coder's state. */
const LOW = 0;
const RANGE = 1;

export class RangeEncoder {
  /** The low end and the width of the interval: in an array, where they stay 32-bit integers. */
  private readonly state = new Uint32Array(2);
  private start = 0;
  private at = 0;
  private failed = false;

  constructor(private bytes: Uint8Array) {}

  /** False once the bytes did not suffice. */
  get ok(): boolean {
    return !this.failed;
  }

  /** Begins anew, to write from `start` on. */
  begin(bytes: Uint8Array, start: number): void {
    this.bytes = bytes;
    this.start = start;
    this.at = start;
    this.state[LOW] = 0;
    this.state[RANGE] = WORD - 1;
    this.failed = false;
  }

  /** @param zero probability of 0, of PROBABILITY_ONE */
  bit(bit: number, zero: number): void {
    const { state } = this;
    let low = state[LOW] ?? 0;
    let range = state[RANGE] ?? 0;
    const bound = Math.imul(range >>> PROBABILITY_BITS, zero) >>> 0;
    if (bit === 0) {
      range = bound;
    } else {
      low += bound;
      range -= bound;
      if (low >= WORD) {
        low -= WORD;
        this.carry();
      }
    }
    while (range < NARROW) {
      this.put(low >>> 24);
      low = (low << 8) >>> 0;
      range = (range << 8) >>> 0;
    }
    state[LOW] = low;
    state[RANGE] = range;
  }

  /** Ends with as few bytes as tell the rest, zeros at the end left out; returns where the bytes end. */
  finish(): number {
    const low = this.state[LOW] ?? 0;
    for (let count = 0; count <= 4; count++) {
      const unit = 2 ** (32 - 8 * count);
      let value = Math.ceil(low / unit) * unit;
      if (value - low >= (this.state[RANGE] ?? 0)) continue;
      if (value >= WORD) {
        value -= WORD;
        this.carry();
      }
      for (let i = 0; i < count; i++) this.put((value >>> (24 - 8 * i)) & 0xff);
      break;
    }
    while (this.at > this.start && this.bytes[this.at - 1] === 0) this.at--;
    return this.at;
  }

  private carry(): void {
    let i = this.at - 1;
    while (i >= this.start && this.bytes[i] === 0xff) this.bytes[i--] = 0;
    if (i >= this.start) this.bytes[i] = (this.bytes[i] ?? 0) + 1;
  }

  private put(byte: number): void {
    if (this.at >= this.bytes.length) {
      this.failed = true;
      return;
    }
    this.bytes[this.at++] = byte;
  }
}

/** Reads what {@link RangeEncoder} wrote; from other bytes it reads other decisions, and never fails. */
export class RangeDecoder {
  /** What was read, above the low end, and the width of the interval. */
  private readonly state = new Uint32Array(2);
  private at = 0;
  private end = 0;

  constructor(private bytes: Uint8Array) {}

  /** True when no byte is left that was not needed. */
  get spent(): boolean {
    return this.at >= this.end;
  }

  /** Begins to read at `start`; beyond `end` all is zeros. */
  begin(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    let code = 0;
    for (let i = 0; i < 4; i++) code = ((code << 8) | this.next()) >>> 0;
    this.state[LOW] = code;
    this.state[RANGE] = WORD - 1;
  }

  /** @param zero probability of 0, as it was written with */
  bit(zero: number): number {
    const { state } = this;
    let code = state[LOW] ?? 0;
    let range = state[RANGE] ?? 0;
    const bound = Math.imul(range >>> PROBABILITY_BITS, zero) >>> 0;
    let bit = 0;
    if (code < bound) {
      range = bound;
    } else {
      code -= bound;
      range -= bound;
      bit = 1;
    }
    while (range < NARROW) {
      code = ((code << 8) | this.next()) >>> 0;
      range = (range << 8) >>> 0;
    }
    state[LOW] = code;
    state[RANGE] = range;
    return bit;
  }

  private next(): number {
    return this.at < this.end ? (this.bytes[this.at++] ?? 0) : 0;
  }
}
