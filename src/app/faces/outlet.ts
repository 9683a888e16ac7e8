import { CHANNELS } from '../../face/frame';

/** Faces are handed on at most so often, ms: twice as often as they are sent, so that nothing sudden waits. */
const LEAST_MS = 8;

/** Hands one's own face on to the room, when it has changed and as often as is of use. */
export class FaceOutlet {
  private readonly sent = new Float32Array(CHANNELS).fill(NaN);
  private isTold = false;
  private sentAt = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param send takes CHANNELS numbers, which are its own from then on; null: there is no face any more. Rejects when it
   * did not go anywhere
   */
  constructor(private readonly send: (face: Float32Array<ArrayBuffer> | null) => Promise<void>) {}

  /**
   * @param face as it is now; null while nobody drives it: others let it idle by themselves
   * @param again looks at the face once more; called when this one came too early to be sent
   */
  put(face: Float32Array | null, now: number, again: () => void): void {
    clearTimeout(this.timer);
    if (face === null) {
      if (this.isTold) this.hand(null);
      this.isTold = false;
      this.sent.fill(NaN);
      return;
    }
    if (this.isSame(face)) return;
    const wait = this.sentAt + LEAST_MS - now;
    if (wait > 0) {
      this.timer = setTimeout(again, wait);
      return;
    }
    this.sent.set(face);
    this.sentAt = now;
    this.isTold = true;
    this.hand(this.sent.slice());
  }

  /** Whoever gets it does not know the face: it goes out with the next call, though it be the same. */
  forget(): void {
    clearTimeout(this.timer);
    this.isTold = false;
    this.sent.fill(NaN);
  }

  private isSame(face: Float32Array): boolean {
    for (let i = 0; i < CHANNELS; i++) if (face[i] !== this.sent[i]) return false;
    return true;
  }

  private hand(face: Float32Array<ArrayBuffer> | null): void {
    // The engine is being restarted: the next one is told.
    this.send(face).catch(() => this.sent.fill(NaN));
  }
}
