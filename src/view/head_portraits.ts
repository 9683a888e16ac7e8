import { Color, OrthographicCamera, Scene, type WebGLRenderer } from 'three';
import { HEAD_HEIGHT, HeadBatch, type HeadLook } from './head_batch';
import type { HeadKinds } from './head_kinds';

/** Portraits drawn in one go; more take several. */
const AT_ONCE = 16;
/** Side of the square that a portrait shows, and its middle above the eyes, m. */
const SIDE = 0.275;
const MIDDLE = 0.004;
const LEVEL = [1, 0, 0, 0] as const;

/** A head to be drawn into a canvas of its own. */
export interface Portrait extends HeadLook {
  /** 52, in ARKit's order. */
  readonly weights: ArrayLike<number>;
  /** How the head is held, w first; level and looking at the viewer where left out. */
  readonly quaternion?: ArrayLike<number>;
  readonly background: Color;
  /** Of a square canvas. */
  readonly context: CanvasRenderingContext2D;
}

/**
 * Small live pictures of faces in the interface.
 *
 * They are drawn side by side with the view's own renderer into its own canvas, just before the scene is drawn over
 * them, and copied from there to their 2D canvases with `drawImage`: that stays on the graphics card, while reading
 * pixels back would wait for it, and a renderer per portrait would keep every buffer and program once more.
 */
export class HeadPortraits {
  private readonly batch: HeadBatch;
  private readonly scene = new Scene();
  private readonly camera = new OrthographicCamera();
  private readonly position = new Float32Array(3);
  private readonly clearColor = new Color();

  /** @param kinds shared with whoever else draws heads; not disposed with this */
  constructor(kinds: HeadKinds) {
    this.batch = new HeadBatch(kinds, AT_ONCE);
    this.scene.add(this.batch.object);
    this.camera.position.set(1, 0, MIDDLE);
    this.camera.up.set(0, 0, 1);
    this.camera.lookAt(0, 0, MIDDLE);
    this.camera.near = 0.5;
    this.camera.far = 1.5;
    this.camera.updateMatrixWorld();
  }

  /**
   * Draws portraits. To be called before a picture of the scene, in the same task: what is in the renderer's canvas is
   * lost. Portraits are as large as their canvases, the scene's canvas allowing.
   */
  draw(renderer: WebGLRenderer, portraits: readonly Portrait[]): void {
    const canvas = renderer.domElement;
    const largest = portraits.reduce((most, { context }) => Math.max(most, context.canvas.width), 1);
    const side = Math.min(largest, canvas.width, canvas.height);
    const atOnce = Math.min(AT_ONCE, Math.floor(canvas.width / side));
    const { autoClear } = renderer;
    const alpha = renderer.getClearAlpha();
    renderer.getClearColor(this.clearColor);
    renderer.autoClear = false;
    renderer.setRenderTarget(null);
    renderer.setScissorTest(true);
    for (let first = 0; first < portraits.length; first += atOnce)
      this.strip(renderer, portraits, first, Math.min(atOnce, portraits.length - first), side);
    renderer.autoClear = autoClear;
    renderer.setClearColor(this.clearColor, alpha);
    const ratio = renderer.getPixelRatio();
    renderer.setScissorTest(false);
    renderer.setViewport(0, 0, canvas.width / ratio, canvas.height / ratio);
  }

  dispose(): void {
    this.batch.dispose();
  }

  private strip(
    renderer: WebGLRenderer,
    portraits: readonly Portrait[],
    first: number,
    count: number,
    side: number,
  ): void {
    const { batch, camera, position } = this;
    const half = SIDE / 2;
    camera.left = -half * count;
    camera.right = half * count;
    camera.top = half;
    camera.bottom = -half;
    camera.updateProjectionMatrix();
    const css = side / renderer.getPixelRatio();
    batch.begin(camera);
    for (let i = 0; i < count; i++) {
      const portrait = portraits[first + i];
      if (!portrait) continue;
      // The camera's right is the heads' left.
      position[1] = (2 * i + 1 - count) * half;
      batch.add(portrait, portrait.weights, position, portrait.quaternion ?? LEVEL, HEAD_HEIGHT);
      renderer.setScissor(i * css, 0, css, css);
      renderer.setClearColor(portrait.background, 1);
      renderer.clear();
    }
    batch.end();
    renderer.setScissor(0, 0, count * css, css);
    renderer.setViewport(0, 0, count * css, css);
    renderer.render(this.scene, camera);
    const { domElement } = renderer;
    for (let i = 0; i < count; i++) {
      const context = portraits[first + i]?.context;
      const { width, height } = context?.canvas ?? domElement;
      context?.drawImage(domElement, i * side, domElement.height - side, side, side, 0, 0, width, height);
    }
  }
}
