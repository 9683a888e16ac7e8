import type { Object3D } from 'three';
import type { StyleName } from '../face/head/style';
import type { GlbKind } from './glb_head';
import type { HeadLoader } from './head_loader';
import type { SceneHead } from './scene_head';

/** Who draws heads. */
export interface HeadDrawer {
  /** Makes what draws a style or somebody's own head; says in which objects it is. */
  prepare(what: StyleName | GlbKind): readonly Object3D[];
}

/** The heads that can be drawn at once, without a picture that waits for their geometry or programs. */
export class ReadyHeads {
  private readonly styles = new Map<StyleName, boolean>();
  /** Heads that are not worn any more are not kept for this. */
  private readonly glbs = new WeakMap<GlbKind, boolean>();

  /**
   * @param compile makes the programs for an object
   * @param onReady another head can be drawn
   */
  constructor(
    private readonly loader: HeadLoader,
    private readonly drawer: HeadDrawer,
    private readonly compile: (object: Object3D) => Promise<unknown>,
    private readonly onReady: () => void = () => undefined,
  ) {}

  /** Whether a style is ready; asking for one that is not makes it so. */
  hasStyle(style: StyleName): boolean {
    const known = this.styles.get(style);
    if (known === undefined) {
      this.styles.set(style, false);
      void this.makeStyle(style);
    }
    return known === true;
  }

  /** As {@link hasStyle}, of somebody's own head; false once it is disposed. */
  hasGlb(glb: GlbKind): boolean {
    if (glb.isGone) return false;
    const known = this.glbs.get(glb);
    if (known === undefined) {
      this.glbs.set(glb, false);
      void this.makeGlb(glb);
    }
    return known === true;
  }

  /** Whether a head can be drawn: somebody's own, or one of their style until that is here. */
  has({ glb, look }: Pick<SceneHead, 'glb' | 'look'>): boolean {
    return (glb !== null && this.hasGlb(glb)) || this.hasStyle(look.style);
  }

  private async makeStyle(style: StyleName): Promise<void> {
    await this.loader.load(style);
    await this.prepare(style);
    this.styles.set(style, true);
    this.onReady();
  }

  private async makeGlb(glb: GlbKind): Promise<void> {
    await this.prepare(glb);
    this.glbs.set(glb, true);
    this.onReady();
  }

  private async prepare(what: StyleName | GlbKind): Promise<void> {
    await Promise.all(this.drawer.prepare(what).map(this.compile));
  }
}
