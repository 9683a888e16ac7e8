import type { SceneHead } from '../../view/scene_head';
import type { FaceApp } from '../face_api';
import type { OwnFace } from './own_face';
import type { PortraitOf } from './api';
import type { SceneHeads } from './scene_heads';

/** Portraits that are wanted: of people, and of oneself as a single source has it. */
export class Portraits {
  private wanted = 0;

  /** @param self one's own seat */
  constructor(
    private readonly view: FaceApp['view'],
    private readonly heads: SceneHeads,
    private readonly own: OwnFace,
    private readonly self: () => number,
  ) {}

  /** Whether any is drawn. */
  get isAny(): boolean {
    return this.wanted > 0;
  }

  /** Draws one until it is stopped. */
  draw(canvas: HTMLCanvasElement, of: PortraitOf | undefined): () => void {
    const stop = this.view.portrait(canvas, () => this.headOf(of));
    let isWanted = true;
    this.wanted++;
    return () => {
      if (!isWanted) return;
      isWanted = false;
      this.wanted--;
      stop();
    };
  }

  private headOf(of: PortraitOf | undefined): SceneHead | null {
    const self = this.self();
    if (typeof of !== 'object') return this.heads.describe(of === undefined ? self : Number(of), self);
    const slot = this.own.slotOf(of.source);
    const head = this.heads.describe(self, self);
    return slot === null || head === null ? null : { ...head, face: slot.frame };
  }
}
