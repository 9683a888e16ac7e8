import { CHANNELS, HEAD } from '../../face/frame';
import { SHAPES } from '../../face/names';
import { REGION, REGIONS } from '../../face/regions';
import type { FaceWeights, HeadAngles } from './api';
import { readAngles, readWeights } from './arguments';
import type { FaceSource } from './source';

/** The region of the head's angles, as a bit. */
const HEAD_BIT = 1 << REGIONS.indexOf('head');
const ANGLES = ['yaw', 'pitch', 'roll'] as const;

/** The face that code sets: it drives the regions that were set, until it is cleared. */
export class CodeFace implements FaceSource {
  readonly kind = 'code';
  private readonly face = new Float32Array(CHANNELS);
  private readonly given = new Float32Array(SHAPES);
  private regions = 0;

  /** Whether it drives anything. */
  get isSet(): boolean {
    return this.regions !== 0;
  }

  /**
   * Sets some shapes, or all; nothing is changed when it throws.
   *
   * @throws SimroomError `unknown-name`, `bad-argument`
   */
  set(weights: FaceWeights, head: Partial<HeadAngles> = {}): void {
    const { face, given } = this;
    const angles = readAngles(head);
    readWeights(weights, given);
    for (let i = 0; i < SHAPES; i++) {
      const value = given[i] ?? NaN;
      if (Number.isNaN(value)) continue;
      face[i] = value;
      this.regions |= 1 << (REGION[i] ?? 0);
    }
    for (const angle of ANGLES) {
      const value = angles[angle];
      if (value === undefined) continue;
      face[HEAD[angle]] = value;
      this.regions |= HEAD_BIT;
    }
  }

  sample(_now: number, out: Float32Array): number {
    out.set(this.face);
    return this.regions;
  }

  /** Drives nothing any more, and forgets what was set. */
  close(): void {
    this.regions = 0;
    this.face.fill(0);
  }
}
