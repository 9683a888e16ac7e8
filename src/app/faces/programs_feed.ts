import type { FaceApp } from '../face_api';
import type { FacePrograms } from './source';

/** Everybody's faces go to programs so often, ms. */
const EVERY_MS = 1000 / 60;

/** Gives everybody's face to the programs at the bridge, while they want them. */
export class ProgramsFeed {
  private givenAt = -Infinity;

  /** @param faceAt somebody's face as it is now; null for somebody who is not there */
  constructor(
    private readonly app: FaceApp,
    private readonly own: Float32Array,
    private readonly faceAt: (seat: number, now: number) => Float32Array | null,
  ) {}

  give(programs: FacePrograms | null, now: number): void {
    if (programs?.wanted !== true || now - this.givenAt < EVERY_MS) return;
    this.givenAt = now;
    programs.send(this.app.settings().name, this.own, now);
    for (const { id, name, self } of this.app.state.peers) {
      const face = self ? null : this.faceAt(Number(id), now);
      if (face !== null) programs.send(name, face, now);
    }
  }
}
