import { CONTEXTS, type Decider } from './frame_coder';
import { RangeDecoder, RangeEncoder } from './range_coder';
import { TABLE } from './table';

/** Probabilities are kept with so many bits more than the range coder takes. */
const EXTRA_BITS = 4;
/** Certainty. */
const ONE = 1 << 16;
/** Each decision moves its probability by 2^-5 of the way: a message is short, but a face may differ from the table. */
const ADAPT_SHIFT = 5;
/** Bits by which an entry of the table is coarser. */
const TABLE_SHIFT = 8;

const START: Uint16Array = Uint16Array.from(TABLE, (entry) => entry << TABLE_SHIFT);

/** Probabilities of 0 that begin as the table has them and follow what is decided in one message. */
class Probabilities {
  private readonly zero = new Uint16Array(CONTEXTS);

  reset(): void {
    this.zero.set(START);
  }

  of(context: number): number {
    return (this.zero[context] ?? ONE / 2) >>> EXTRA_BITS;
  }

  learn(context: number, bit: number): void {
    const zero = this.zero[context] ?? 0;
    this.zero[context] = bit === 0 ? zero + ((ONE - zero) >>> ADAPT_SHIFT) : zero - (zero >>> ADAPT_SHIFT);
  }
}

const NOTHING = new Uint8Array(0);

/** Writes decisions. */
export class WritingDecider implements Decider {
  private readonly probabilities = new Probabilities();
  private readonly coder = new RangeEncoder(NOTHING);

  begin(bytes: Uint8Array, start: number): void {
    this.probabilities.reset();
    this.coder.begin(bytes, start);
  }

  decide(context: number, bit: number): number {
    this.coder.bit(bit, this.probabilities.of(context));
    this.probabilities.learn(context, bit);
    return bit;
  }

  /** Where the bytes end; -1 when there was not enough room. */
  finish(): number {
    const end = this.coder.finish();
    return this.coder.ok ? end : -1;
  }
}

/** Reads them. */
export class ReadingDecider implements Decider {
  private readonly probabilities = new Probabilities();
  private readonly coder = new RangeDecoder(NOTHING);

  /** True when no byte is left over. */
  get spent(): boolean {
    return this.coder.spent;
  }

  begin(bytes: Uint8Array, start: number, end: number): void {
    this.probabilities.reset();
    this.coder.begin(bytes, start, end);
  }

  decide(context: number): number {
    const bit = this.coder.bit(this.probabilities.of(context));
    this.probabilities.learn(context, bit);
    return bit;
  }
}
