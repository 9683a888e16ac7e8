import { fromUtf8 } from '../../core/utf8';

/** Reads big-endian packets. Never throws: past the end it returns zeros and `ok` turns false. */
export class BigEndianReader {
  private readonly view: DataView;
  private at = 0;
  private failed = false;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** False once anything was read past the end. */
  get ok(): boolean {
    return !this.failed;
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.take(1) ? this.view.getUint8(this.at - 1) : 0;
  }

  i32(): number {
    return this.take(4) ? this.view.getInt32(this.at - 4) : 0;
  }

  f32(): number {
    return this.take(4) ? this.view.getFloat32(this.at - 4) : 0;
  }

  f64(): number {
    return this.take(8) ? this.view.getFloat64(this.at - 8) : 0;
  }

  /** So many bytes of UTF-8; empty when they are not that, or not there. */
  text(length: number): string {
    if (!this.take(length)) return '';
    return textOf(this.bytes.subarray(this.at - length, this.at));
  }

  /** UTF-8 up to a zero byte, which is passed over too, and then what fills four bytes. */
  paddedText(): string {
    const end = this.bytes.indexOf(0, this.at);
    const length = end < 0 ? -1 : end - this.at;
    const text = this.text(length);
    this.take(4 - (length % 4));
    return text;
  }

  /** The next bytes, in place. */
  part(length: number): Uint8Array {
    return this.take(length) ? this.bytes.subarray(this.at - length, this.at) : this.bytes.subarray(0, 0);
  }

  private take(length: number): boolean {
    if (this.failed || length < 0 || length > this.remaining) {
      this.failed = true;
      return false;
    }
    this.at += length;
    return true;
  }
}

/** Most names are ASCII, for which there is a quicker way. */
function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte >= 0x80) return fromUtf8(bytes) ?? '';
    text += String.fromCharCode(byte);
  }
  return text;
}
