import { SimroomError } from './errors';

/**
 * Little-endian byte writing and reading for the tape and the wire.
 *
 * The reader never throws: past the end it returns zeros and `ok` turns false, so a decoder checks once at its end.
 */

const INITIAL_BYTES = 256;
/** Seven bits a byte: 2^53 - 1, the largest exact integer, takes eight. */
const MAX_VARINT_BYTES = 8;

export class ByteWriter {
  private bytes = new Uint8Array(INITIAL_BYTES);
  private view = new DataView(this.bytes.buffer);
  private used = 0;

  get length(): number {
    return this.used;
  }

  /** Forgets what was written, keeping the memory. */
  clear(): void {
    this.used = 0;
  }

  /** A copy of what was written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.used);
  }

  /** What was written, in place: valid until the next write. */
  written(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.used);
  }

  u8(value: number): void {
    this.reserve(1);
    this.view.setUint8(this.used, value);
    this.used += 1;
  }

  f32(value: number): void {
    this.reserve(4);
    this.view.setFloat32(this.used, value, true);
    this.used += 4;
  }

  f64(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.used, value, true);
    this.used += 8;
  }

  /**
   * A non-negative integer up to 2^53 - 1, seven bits a byte, low bits first. A fraction is cut off.
   *
   * @throws SimroomError `bad-argument` beyond that range: nobody could read it
   */
  varint(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
      throw new SimroomError('bad-argument', `${value} is not a whole number from 0 to 2^53 - 1.`);
    }
    this.reserve(MAX_VARINT_BYTES);
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.used++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.used++] = rest;
  }

  /** Length, then the bytes. */
  blob(value: Uint8Array): void {
    this.varint(value.length);
    this.raw(value);
  }

  /** The bytes alone. */
  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.bytes.set(value, this.used);
    this.used += value.length;
  }

  /** Count, then that many float64. */
  f64s(values: ArrayLike<number>): void {
    this.varint(values.length);
    for (let i = 0; i < values.length; i++) this.f64(values[i] ?? 0);
  }

  private reserve(extra: number): void {
    const needed = this.used + extra;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.used));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

export class ByteReader {
  private readonly view: DataView;
  private at = 0;
  private failed = false;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** False once anything was read past the end or out of range. */
  get ok(): boolean {
    return !this.failed;
  }

  get position(): number {
    return this.at;
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  /** Marks what was read as invalid, for the decoder that finds a value out of its range. */
  fail(): void {
    this.failed = true;
  }

  u8(): number {
    return this.take(1) ? this.view.getUint8(this.at - 1) : 0;
  }

  f32(): number {
    return this.take(4) ? this.view.getFloat32(this.at - 4, true) : 0;
  }

  f64(): number {
    return this.take(8) ? this.view.getFloat64(this.at - 8, true) : 0;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (this.failed) return 0;
      if (byte < 0x80) {
        if (value <= Number.MAX_SAFE_INTEGER) return value;
        break;
      }
      scale *= 0x80;
    }
    this.failed = true;
    return 0;
  }

  /** A copy of a blob; empty when its length lies. */
  blob(): Uint8Array<ArrayBuffer> {
    return this.raw(this.varint());
  }

  /** A copy of the next bytes; empty when there are not so many. */
  raw(length: number): Uint8Array<ArrayBuffer> {
    // Not `slice`, which a Node Buffer overrides to share its memory.
    return this.take(length)
      ? new Uint8Array(this.bytes.subarray(this.at - length, this.at))
      : new Uint8Array(0);
  }

  /** The bytes that are left, in place. */
  rest(): Uint8Array {
    const { at } = this;
    this.at = this.bytes.length;
    return this.bytes.subarray(at);
  }

  /** Counted float64s; the count is checked against the bytes that are there before anything is allocated. */
  f64s(): Float64Array<ArrayBuffer> {
    const count = this.varint();
    if (this.failed || count * 8 > this.remaining) {
      this.failed = true;
      return new Float64Array(0);
    }
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) values[i] = this.f64();
    return values;
  }

  /** Passes over bytes. */
  skip(length: number): void {
    this.take(length);
  }

  private take(length: number): boolean {
    if (this.failed || length > this.remaining) {
      this.failed = true;
      return false;
    }
    this.at += length;
    return true;
  }
}
