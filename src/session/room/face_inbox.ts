import { ByteWriter } from '../../core/bytes';

/** Messages go to the page at most so often, ms: each time costs its main thread something. */
const HAND_OVER_MS = 8;
/** More than this waits only where nobody takes it, bytes. */
const MAX_WAITING_BYTES = 1 << 18;

/** Others' face messages on their way to this browser's page. */
export class FaceInbox {
  private readonly out = new ByteWriter();
  private takenAt = -Infinity;

  add(seat: number, message: Uint8Array): void {
    if (this.out.length > MAX_WAITING_BYTES) this.out.clear();
    this.out.varint(seat);
    this.out.blob(message);
  }

  /** When the page is to have what is here, wall ms. */
  get due(): number {
    return this.out.length === 0 ? Infinity : this.takenAt + HAND_OVER_MS;
  }

  /** What is here, repeated `seat varint | length varint | message`; null before it is {@link due}. */
  take(now: number): Uint8Array<ArrayBuffer> | null {
    if (this.due > now) return null;
    this.takenAt = now;
    const bytes = this.out.finish();
    this.out.clear();
    return bytes;
  }
}
