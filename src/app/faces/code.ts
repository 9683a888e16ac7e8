import { SimroomError } from '../../core/errors';
import { CHANNELS, HEAD } from '../../face/frame';
import { SHAPES } from '../../face/names';
import { REGION, REGIONS } from '../../face/regions';
import { setWeights } from '../../face/weights';
import type { FaceWeights, HeadAngles } from './api';
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
    checkHead(head);
    const { face, given } = this;
    given.fill(NaN);
    setWeights(weights, given);
    for (let i = 0; i < SHAPES; i++) {
      const value = given[i] ?? NaN;
      if (Number.isNaN(value)) continue;
      face[i] = value;
      this.regions |= 1 << (REGION[i] ?? 0);
    }
    for (const angle of ANGLES) {
      const value = head[angle];
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

function checkHead(head: unknown): void {
  if (typeof head !== 'object' || head === null) {
    throw new SimroomError('bad-argument', `How a head is turned is an object of ${ANGLES.join(', ')}, rad.`);
  }
  for (const [name, value] of Object.entries<unknown>({ ...head })) {
    if (!ANGLES.some((angle) => angle === name)) {
      throw new SimroomError('unknown-name', `A head turns by ${ANGLES.join(', ')}; there is no "${name}".`);
    }
    if (value === undefined || Number.isFinite(value)) continue;
    const what = typeof value === 'number' ? value : typeof value;
    throw new SimroomError('bad-argument', `${name} is ${what}: an angle is a number of radians.`);
  }
}
