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

export class RangeEncoder {
  private low = 0;
  private range = WORD - 1;
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
    this.low = 0;
    this.range = WORD - 1;
    this.failed = false;
  }

  /** @param zero probability of 0, of PROBABILITY_ONE */
  bit(bit: number, zero: number): void {
    const bound = (this.range >>> PROBABILITY_BITS) * zero;
    if (bit === 0) {
      this.range = bound;
    } else {
      this.low += bound;
      this.range -= bound;
      if (this.low >= WORD) this.carry();
    }
    while (this.range < NARROW) {
      this.put(this.low >>> 24);
      this.low = (this.low << 8) >>> 0;
      this.range = (this.range << 8) >>> 0;
    }
  }

  /** Ends with as few bytes as tell the rest, zeros at the end left out; returns where the bytes end. */
  finish(): number {
    for (let count = 0; count <= 4; count++) {
      const mask = 2 ** (32 - 8 * count) - 1;
      let value = Math.ceil(this.low / (mask + 1)) * (mask + 1);
      if (value - this.low >= this.range) continue;
      if (value >= WORD) {
        this.low = value;
        this.carry();
        value = this.low;
      }
      for (let i = 0; i < count; i++) this.put((value >>> (24 - 8 * i)) & 0xff);
      break;
    }
    while (this.at > this.start && this.bytes[this.at - 1] === 0) this.at--;
    return this.at;
  }

  private carry(): void {
    this.low -= WORD;
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
  private code = 0;
  private range = WORD - 1;
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
    this.range = WORD - 1;
    this.code = 0;
    for (let i = 0; i < 4; i++) this.code = ((this.code << 8) | this.next()) >>> 0;
  }

  /** @param zero probability of 0, as it was written with */
  bit(zero: number): number {
    const bound = (this.range >>> PROBABILITY_BITS) * zero;
    let bit = 0;
    if (this.code < bound) {
      this.range = bound;
    } else {
      this.code -= bound;
      this.range -= bound;
      bit = 1;
    }
    while (this.range < NARROW) {
      this.code = ((this.code << 8) | this.next()) >>> 0;
      this.range = (this.range << 8) >>> 0;
    }
    return bit;
  }

  private next(): number {
    return this.at < this.end ? (this.bytes[this.at++] ?? 0) : this.past();
  }

  private past(): number {
    this.at++;
    return 0;
  }
}
