import { IdleFace } from '../../face/idle';
import { REGIONS } from '../../face/regions';
import type { FaceSource } from './source';

/** Every region, as bits. */
export const ALL_REGIONS = (1 << REGIONS.length) - 1;

/** The face of somebody without a source: it blinks, looks about and breathes. */
export class IdleSource implements FaceSource {
  readonly kind = 'idle';
  private readonly face: IdleFace;

  /** @param seed so that two people do not blink together */
  constructor(seed: number) {
    this.face = new IdleFace(seed);
  }

  sample(now: number, out: Float32Array): number {
    this.face.sample(now, out);
    return ALL_REGIONS;
  }

  close(): void {
    // It holds nothing.
  }
}
