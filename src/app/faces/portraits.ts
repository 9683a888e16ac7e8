import { CHANNELS } from '../../face/frame';
import type { StyleName } from '../../face/head/style';
import type { FaceLook } from '../../face/look';
import type { SceneHead } from '../../view/scene_head';
import type { FaceApp } from '../face_api';
import type { OwnFace } from './own_face';
import type { PortraitOf } from './api';
import { seatOf } from './arguments';
import type { SceneHeads } from './scene_heads';

/** The face of a head that only shows what it looks like. */
const AT_REST = new Float32Array(CHANNELS);

/** Portraits that are wanted: of people, and of oneself as a single source or another style has it. */
export class Portraits {
  private wanted = 0;
  /** One's own look in every style that is shown: a portrait is drawn again when it gets another one. */
  private readonly looks = new Map<StyleName, FaceLook>();

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
    if (typeof of !== 'object') return this.heads.describe(of === undefined ? self : seatOf(of), self);
    const head = this.heads.describe(self, self);
    if (head === null) return null;
    if ('style' in of) return { ...head, look: this.lookIn(of.style, head.look), glb: null, face: AT_REST };
    const slot = this.own.slotOf(of.source);
    return slot === null ? null : { ...head, face: slot.frame };
  }

  private lookIn(style: StyleName, own: FaceLook): FaceLook {
    const known = this.looks.get(style);
    if (known?.skin === own.skin && known.hair === own.hair && known.iris === own.iris) return known;
    const look = { ...own, style, file: null };
    this.looks.set(style, look);
    return look;
  }
}
