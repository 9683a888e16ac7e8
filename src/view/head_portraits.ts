import { Color, LinearFilter, OrthographicCamera, Scene, WebGLRenderTarget, type WebGLRenderer } from 'three';
import { GlbBatch } from './glb_batch';
import type { GlbKind } from './glb_head';
import { HeadBatch, type HeadLook } from './head_batch';
import { HEAD_HEIGHT } from './head_instances';
import type { HeadKinds } from './head_kinds';
import type { HeadDrawer } from './ready_heads';

/** Portraits drawn in one go; more take several. */
const AT_ONCE = 64;
/** Side of the square that a portrait shows, and its middle above the eyes, m. */
const SIDE = 0.275;
const MIDDLE = 0.004;
/** Distance of two portraits in the common picture, in sides: necks and turned heads reach over the edge of theirs. */
const APART = 1.5;
/** Samples per pixel. */
const SAMPLES = 4;
const LEVEL = [1, 0, 0, 0] as const;
const OPAQUE = 255;

/** A head to be drawn into a canvas of its own. */
export interface Portrait extends HeadLook {
  /** Their own head, instead of one of a style. */
  readonly glb?: GlbKind | null;
  /** 52, in ARKit's order. */
  readonly weights: ArrayLike<number>;
  /** How the head is held, w first; level and looking at the viewer where left out. */
  readonly quaternion?: ArrayLike<number>;
  /** Of a square canvas. Around the head it becomes transparent. */
  readonly context: CanvasRenderingContext2D;
}

/**
 * Small live pictures of faces in the interface.
 *
 * They are drawn side by side into a picture of their own, with the view's renderer: the scene's picture stays as it is,
 * and no buffer or program is there twice. Their pixels are read without waiting for the graphics card.
 */
export class HeadPortraits implements HeadDrawer {
  private readonly batch: HeadBatch;
  private readonly glbs = new GlbBatch(AT_ONCE);
  private readonly scene = new Scene();
  private readonly camera = new OrthographicCamera();
  private readonly position = new Float32Array(3);
  private readonly clearColor = new Color();
  private target: WebGLRenderTarget | null = null;
  private pixels = new Uint8Array(0);
  private readonly images = new WeakMap<CanvasRenderingContext2D, ImageData>();

  /** @param kinds shared with whoever else draws heads; not disposed with this */
  constructor(kinds: HeadKinds) {
    this.batch = new HeadBatch(kinds, AT_ONCE);
    this.scene.add(this.batch.object, this.glbs.object);
    this.camera.position.set(1, 0, 0);
    this.camera.up.set(0, 0, 1);
    this.camera.lookAt(0, 0, 0);
    this.camera.updateMatrixWorld();
  }

  prepare(what: HeadLook['style'] | GlbKind): readonly Scene[] {
    if (typeof what === 'string') this.batch.prepare(what);
    else this.glbs.prepare(what);
    return [this.scene];
  }

  /** Draws portraits as large as their canvases; resolves when all are on them. One call at a time. */
  async draw(renderer: WebGLRenderer, portraits: readonly Portrait[]): Promise<void> {
    for (let first = 0; first < portraits.length; first += AT_ONCE)
      await this.drawSome(renderer, portraits.slice(first, first + AT_ONCE));
  }

  dispose(): void {
    this.batch.dispose();
    this.glbs.dispose();
    this.target?.dispose();
  }

  private async drawSome(renderer: WebGLRenderer, portraits: readonly Portrait[]): Promise<void> {
    const sides = portraits.map(({ context }) => context.canvas.width);
    const side = Math.max(1, ...sides);
    const columns = Math.ceil(Math.sqrt(portraits.length));
    const rows = Math.ceil(portraits.length / columns);
    const cell = Math.ceil(APART * side);
    const target = this.render(renderer, portraits, columns, rows, cell);
    const { width, height } = target;
    if (this.pixels.length < 4 * width * height) this.pixels = new Uint8Array(4 * width * height);
    const { pixels } = this;
    await renderer.readRenderTargetPixelsAsync(target, 0, 0, width, height, pixels);
    portraits.forEach(({ context }, i) => {
      // One that was resized meanwhile is drawn anew.
      if (context.canvas.width === sides[i])
        this.put(context, pixels, width, cell * (i % columns), cell * Math.floor(i / columns));
    });
  }

  private render(
    renderer: WebGLRenderer,
    portraits: readonly Portrait[],
    columns: number,
    rows: number,
    cell: number,
  ): WebGLRenderTarget {
    const { batch, glbs, camera, position } = this;
    const target = this.targetOf(cell * columns, cell * rows);
    // A metre is as many pixels for all; the camera's right is the heads' left.
    camera.left = 0;
    camera.bottom = 0;
    camera.right = target.width;
    camera.top = target.height;
    camera.far = HEAD_HEIGHT * (cell / SIDE);
    camera.near = -camera.far;
    camera.updateProjectionMatrix();
    batch.begin(camera);
    glbs.begin(camera);
    portraits.forEach((portrait, i) => {
      const side = portrait.context.canvas.width;
      const scale = side / SIDE;
      position[1] = cell * (i % columns) + side / 2;
      position[2] = cell * Math.floor(i / columns) + side / 2 - MIDDLE * scale;
      const { glb, weights, quaternion = LEVEL } = portrait;
      if (glb) glbs.add({ glb }, weights, position, quaternion, HEAD_HEIGHT * scale);
      else batch.add(portrait, weights, position, quaternion, HEAD_HEIGHT * scale);
    });
    batch.end();
    glbs.end();
    const alpha = renderer.getClearAlpha();
    renderer.getClearColor(this.clearColor);
    const before = renderer.getRenderTarget();
    renderer.setRenderTarget(target);
    renderer.setClearColor(0x000000, 0);
    renderer.clear();
    renderer.render(this.scene, camera);
    renderer.setClearColor(this.clearColor, alpha);
    renderer.setRenderTarget(before);
    return target;
  }

  /** The common picture, in this size. */
  private targetOf(width: number, height: number): WebGLRenderTarget {
    this.target ??= new WebGLRenderTarget(width, height, {
      samples: SAMPLES,
      minFilter: LinearFilter,
      magFilter: LinearFilter,
      generateMipmaps: false,
    });
    const { target } = this;
    if (target.width !== width || target.height !== height) target.setSize(width, height);
    return target;
  }

  /** Copies a square that begins at (x, y) from below to a canvas. */
  private put(
    context: CanvasRenderingContext2D,
    pixels: Uint8Array,
    stride: number,
    x: number,
    y: number,
  ): void {
    const side = context.canvas.width;
    let image = this.images.get(context);
    if (image?.width !== side) {
      image = context.createImageData(side, side);
      this.images.set(context, image);
    }
    const { data } = image;
    for (let row = 0; row < side; row++) {
      let from = 4 * (stride * (y + side - 1 - row) + x);
      let to = 4 * side * row;
      for (let i = 0; i < side; i++, from += 4, to += 4) {
        const alpha = pixels[from + 3] ?? 0;
        // Edges come multiplied by how much of the head is in them.
        const scale = alpha > 0 && alpha < OPAQUE ? OPAQUE / alpha : 1;
        for (let k = 0; k < 3; k++) data[to + k] = scale * (pixels[from + k] ?? 0);
        data[to + 3] = alpha;
      }
    }
    context.putImageData(image, 0, 0);
  }
}
