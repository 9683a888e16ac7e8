import { Color, type Object3D, type WebGLRenderer } from 'three';
import { CHANNELS } from '../face/frame';
import type { HeadColours, StyleName } from '../face/head/style';
import { coloursOf } from '../face/look';
import { hasMoved, REDUCED_MOTION } from './faces';
import type { GlbKind } from './glb_head';
import type { HeadKinds } from './head_kinds';
import type { HeadLoader } from './head_loader';
import { HeadPortraits, type Portrait } from './head_portraits';
import { nod } from './head_pose';
import { ReadyHeads } from './ready_heads';
import type { SceneHead } from './scene_head';

/** Portraits are drawn 20 times a second at most, ms between. */
const EVERY_MS = 50;

/** Who is in a portrait, and how they looked when it was last drawn. */
interface Sitter extends Portrait {
  readonly head: SceneHead;
  readonly style: StyleName;
  readonly colours: HeadColours;
  readonly glb: GlbKind | null;
  readonly weights: Float32Array;
  readonly quaternion: Float32Array;
  readonly shown: Float32Array;
  /** Side of the canvas as it was drawn, pixels. */
  side: number;
}

/** A canvas in which somebody's face is wanted. */
interface Frame {
  readonly context: CanvasRenderingContext2D;
  readonly who: () => SceneHead | null;
  visible: boolean;
  sitter: Sitter | null;
  /** Whether nothing is in the canvas: one that was used before may still show somebody. */
  empty: boolean;
}

/**
 * Faces in the interface, at most 20 times a second, and none but those that are on the screen and have moved.
 *
 * They have a clock of their own: they live while the scene stands still.
 */
export class Portraits {
  private readonly drawing: HeadPortraits;
  private readonly frames = new Map<Element, Frame>();
  private readonly ready: ReadyHeads;
  private readonly due: Sitter[] = [];
  private readonly observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const frame = this.frames.get(target);
      if (frame !== undefined) frame.visible = isIntersecting;
    }
    this.start();
  });
  private timer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;

  constructor(
    kinds: HeadKinds,
    loader: HeadLoader,
    private readonly renderer: WebGLRenderer,
    compile: (object: Object3D) => Promise<unknown>,
  ) {
    const drawing = new HeadPortraits(kinds);
    this.drawing = drawing;
    this.ready = new ReadyHeads(loader, drawing, compile);
  }

  /**
   * Draws somebody's face into a square canvas, as large as its `width`, with nothing around it.
   *
   * @param who asked before every drawing; for null the canvas is emptied
   * @returns how to stop
   */
  add(canvas: HTMLCanvasElement, who: () => SceneHead | null): () => void {
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) return () => undefined;
    const frame: Frame = { context, who, visible: false, sitter: null, empty: false };
    this.frames.set(canvas, frame);
    // Of one that it watches already it would say nothing.
    this.observer.unobserve(canvas);
    this.observer.observe(canvas);
    return () => {
      if (this.frames.get(canvas) !== frame) return;
      this.frames.delete(canvas);
      this.observer.unobserve(canvas);
    };
  }

  /** Side of the largest portrait of somebody that is on the screen, pixels; 0 when there is none. */
  pixels(seat: number): number {
    let most = 0;
    for (const { visible, sitter } of this.frames.values())
      if (visible && sitter?.head.seat === seat) most = Math.max(most, sitter.side);
    return most;
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    this.observer.disconnect();
    this.frames.clear();
    this.drawing.dispose();
  }

  private start(): void {
    if (this.timer !== undefined || this.disposed) return;
    if ([...this.frames.values()].some(({ visible }) => visible))
      this.timer = setTimeout(() => void this.turn(), EVERY_MS);
  }

  private async turn(): Promise<void> {
    const { due } = this;
    if (document.visibilityState === 'visible' && !this.renderer.getContext().isContextLost())
      for (const frame of this.frames.values()) if (frame.visible) this.look(frame);
    try {
      if (due.length > 0) await this.drawing.draw(this.renderer, due);
    } catch {
      // The context went while the pixels were on their way; the next turn draws them anew.
      for (const sitter of due) sitter.side = 0;
    }
    due.length = 0;
    this.timer = undefined;
    this.start();
  }

  /** Puts a frame among those to be drawn, if its face is another than it shows. */
  private look(frame: Frame): void {
    const head = frame.who();
    const { context } = frame;
    const { width } = context.canvas;
    if (head === null) {
      if (!frame.empty) context.clearRect(0, 0, width, width);
      frame.empty = true;
      frame.sitter = null;
      return;
    }
    if (width === 0 || !this.ready.has(head)) return;
    const glb = head.glb !== null && this.ready.hasGlb(head.glb) ? head.glb : null;
    let { sitter } = frame;
    const known = sitter?.head;
    if (
      sitter === null ||
      known?.seat !== head.seat ||
      known.look !== head.look ||
      known.colour !== head.colour ||
      known.face !== head.face ||
      // Their own head comes after the word that they wear one.
      sitter.glb !== glb
    )
      sitter = frame.sitter = sitterOf(context, head, glb);
    if (sitter.side === width && !hasMoved(head.face, sitter.shown, width)) return;
    frame.empty = false;
    sitter.side = width;
    sitter.shown.set(head.face);
    sitter.quaternion.fill(0).fill(1, 0, 1);
    nod(sitter.quaternion, head.face, REDUCED_MOTION.matches);
    this.due.push(sitter);
  }
}

function sitterOf(context: CanvasRenderingContext2D, head: SceneHead, glb: GlbKind | null): Sitter {
  const { r, g, b } = new Color().setStyle(head.colour, '');
  return {
    context,
    head,
    style: head.look.style,
    colours: coloursOf(head.look, [r, g, b]),
    glb,
    weights: head.face,
    quaternion: new Float32Array(4),
    shown: new Float32Array(CHANNELS),
    side: 0,
  };
}
