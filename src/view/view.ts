import { Camera, ColorManagement, LinearSRGBColorSpace, WebGLRenderTarget, WebGLRenderer } from 'three';
import type { ViewOptions } from '../core/picture';
import { SimroomError } from '../core/errors';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import type { CameraControl } from './camera';
import { Company } from './company';
import { DragArrows } from './drag_arrows';
import { Labels } from './labels';
import type { Person } from './people';
import { Assets, Picture } from './picture';
import type { SceneHead } from './scene_head';
import { Stage } from './stage';

/** Samples per pixel of a screenshot, as native draws off screen. */
const SAMPLES = 4;

/** Pictures over which `figures.frameMs` is averaged. */
const AVERAGED = 60;

/** What drawing costs. */
export interface Figures {
  /** Of the last picture, all its passes together. */
  drawCalls: number;
  triangles: number;
  /** Mean script time of a picture, ms. */
  frameMs: number;
}

/**
 * Draws a model the way MuJoCo's own renderer does.
 *
 * One picture: `draw(frame, now)`. Positions and colours come from MuJoCo's arrays, so a picture needs no scene
 * graph: a few dozen meshes at most, each with all instances of a kind.
 */
export class View {
  readonly camera: CameraControl;
  readonly figures: Figures = { drawCalls: 0, triangles: 0, frameMs: 0 };
  readonly #stage = new Stage();
  readonly #canvas: HTMLCanvasElement;
  readonly #renderer: WebGLRenderer;
  readonly #eye = new Camera();
  readonly #labels = new Labels();
  readonly #dragArrows = new DragArrows();
  readonly #company: Company;
  readonly #size = { height: 1, pixelRatio: 1 };
  #settling = false;
  #options: ViewOptions;
  #assets: Assets | null = null;
  #picture: Picture | null = null;
  #selected: number | null = null;
  #frame: Frame | null = null;
  #aspect = 1;

  /** @throws SimroomError `webgl-unavailable` where there is no WebGL 2 */
  constructor(canvas: HTMLCanvasElement, options: ViewOptions, camera: CameraControl) {
    this.#canvas = canvas;
    this.#options = options;
    this.camera = camera;
    this.#renderer = makeRenderer(canvas);
    this.#company = new Company(this.#stage, this.#renderer);
    this.#eye.matrixAutoUpdate = false;
    this.#stage.overlay.add(this.#labels.object, this.#dragArrows.object, this.#company.object);
    this.#labels.setOptions(options);
    canvas.addEventListener('webglcontextlost', this.#onLost);
    canvas.addEventListener('webglcontextrestored', this.#onRestored);
  }

  /** Replaces what is drawn; the camera is told separately. */
  setModel(model: ModelCopy): void {
    this.#frame = null;
    this.#selected = null;
    this.#clear();
    this.#assets = new Assets(model);
    this.#labels.setModel(model);
    this.#company.setModel(model);
    this.#rebuild();
  }

  setOptions(options: ViewOptions): void {
    this.#options = options;
    this.#labels.setOptions(options);
    this.#rebuild();
  }

  /** Makes a body glow; null for none. */
  setSelection(body: number | null): void {
    this.#selected = body;
    this.#picture?.select(body);
    this.#labels.setSelection(body);
  }

  /** Who is in the room, by seat: names and colours of marks and pulls. */
  setPeople(people: readonly Person[]): void {
    this.#dragArrows.setPeople(people);
    this.#company.setPeople(people, Math.min(window.devicePixelRatio, this.#options.maxPixelRatio));
  }

  /**
   * Whose heads are in the scene. A person's head takes the place of their mark once its style is here; the faces are
   * read with every picture.
   */
  setHeads(heads: readonly SceneHead[]): void {
    this.#company.setHeads(heads);
  }

  /** Largest height of somebody's heads in the last picture and of their portraits, device pixels; 0 out of sight. */
  headPixels(seat: number): number {
    return this.#company.headPixels(seat);
  }

  /**
   * Draws somebody's face into a square canvas, as large as its `width`, with nothing around it: at most 20 times a
   * second, while it is on the screen and the face moves, whether or not the scene is drawn.
   *
   * @param who asked before every drawing; for null the canvas is emptied
   * @returns how to stop
   */
  portrait(canvas: HTMLCanvasElement, who: () => SceneHead | null): () => void {
    return this.#company.portrait(canvas, who);
  }

  /**
   * Whether another picture is worth drawing, though the frame be the same: somebody's mark is still on its way, or a
   * face in sight looks different from how it was drawn.
   */
  get settling(): boolean {
    return this.#settling || this.#company.moved;
  }

  /** Sizes of the view in CSS pixels, and device pixels for each of them. */
  resize(cssWidth: number, cssHeight: number, devicePixelRatio: number): void {
    const ratio = Math.min(devicePixelRatio, this.#options.maxPixelRatio);
    this.#renderer.setPixelRatio(ratio);
    this.#renderer.setSize(Math.max(1, cssWidth), Math.max(1, cssHeight), false);
    this.#size.height = Math.max(1, cssHeight);
    this.#size.pixelRatio = ratio;
    this.#aspect = Math.max(1, cssWidth) / Math.max(1, cssHeight);
    this.#stage.materials.uniforms.viewport.value.set(this.#canvas.width, this.#canvas.height);
  }

  /**
   * Draws one picture. The frame is read during the call only.
   *
   * @param nowMs any steady clock, for the camera's moves
   */
  draw(frame: Frame, nowMs: number): void {
    const started = performance.now();
    this.#frame = frame;
    this.#render(frame, this.#aspect, nowMs, null);
    const { info } = this.#renderer;
    this.figures.drawCalls = info.render.calls;
    this.figures.triangles = info.render.triangles;
    this.figures.frameMs += (performance.now() - started - this.figures.frameMs) / AVERAGED;
  }

  /** The ray under a point of the view, x and y in 0..1 with y downwards; as of the last picture. */
  ray(x: number, y: number): ReturnType<CameraControl['ray']> {
    return this.camera.ray(2 * x - 1, 1 - 2 * y);
  }

  /** The last frame as a PNG of exactly this size, without overlays. Rejects with `no-model` before the first. */
  async screenshot(width: number, height: number): Promise<Blob> {
    const frame = this.#frame;
    if (frame === null || !isWhole(frame))
      throw new SimroomError('no-model', 'Nothing has been drawn yet: load a model, then take a screenshot.');
    const target = new WebGLRenderTarget(width, height, { samples: SAMPLES, stencilBuffer: true });
    const pixels = new Uint8Array(4 * width * height);
    const { viewport } = this.#stage.materials.uniforms;
    const { x, y } = viewport.value;
    try {
      viewport.value.set(width, height);
      this.#stage.overlay.visible = false;
      this.#render(frame, width / height, performance.now(), target);
      this.#renderer.readRenderTargetPixels(target, 0, 0, width, height, pixels);
    } finally {
      viewport.value.set(x, y);
      this.#stage.overlay.visible = true;
      this.#renderer.setRenderTarget(null);
      target.dispose();
      // Rays are those of the view's own shape again.
      this.camera.applyTo(this.#eye, frame, this.#aspect);
    }
    return toPng(pixels, width, height);
  }

  dispose(): void {
    this.#canvas.removeEventListener('webglcontextlost', this.#onLost);
    this.#canvas.removeEventListener('webglcontextrestored', this.#onRestored);
    this.#labels.dispose();
    this.#dragArrows.dispose();
    this.#company.dispose();
    this.#clear();
    this.#renderer.dispose();
  }

  #render(frame: Frame, aspect: number, nowMs: number, target: WebGLRenderTarget | null): void {
    const renderer = this.#renderer;
    renderer.info.reset();
    this.camera.applyTo(this.#eye, frame, aspect, nowMs);
    this.#picture?.update(frame, this.camera);
    this.#labels.update(frame, this.camera);
    this.#dragArrows.update(frame);
    const alone = target !== null;
    this.#settling = this.#company.update(frame, this.camera, this.#eye, nowMs, this.#size, alone);
    this.#picture?.renderShadows(renderer, frame);
    renderer.setRenderTarget(target);
    renderer.clear();
    renderer.render(this.#stage.picture, this.#eye);
  }

  #rebuild(): void {
    this.#picture?.dispose();
    this.#picture = this.#assets && new Picture(this.#assets, this.#options, this.#stage);
    this.#picture?.select(this.#selected);
  }

  /** Frees everything of the model; what was made from it can be made again. */
  #clear(): void {
    this.#picture?.dispose();
    this.#picture = null;
    this.#assets?.dispose();
    this.#stage.materials.dispose();
  }

  readonly #onLost = (event: Event): void => {
    // Without this the browser never gives the context back.
    event.preventDefault();
    // Freed now, while that is still a no-op: afterwards these would be objects of another context.
    this.#clear();
  };

  readonly #onRestored = (): void => {
    this.#rebuild();
    if (this.#frame && isWhole(this.#frame)) this.draw(this.#frame, performance.now());
  };
}

/** Whether a frame's buffer is here, and not on its way to be filled again. */
function isWhole(frame: Frame): boolean {
  return frame.buffer.byteLength > 0;
}

function makeRenderer(canvas: HTMLCanvasElement): WebGLRenderer {
  // Colours are MuJoCo's own, unconverted, from arrays to screen.
  ColorManagement.enabled = false;
  let renderer: WebGLRenderer;
  try {
    renderer = new WebGLRenderer({
      canvas,
      antialias: true,
      alpha: false,
      stencil: true,
      powerPreference: 'high-performance',
    });
  } catch (cause) {
    throw new SimroomError(
      'webgl-unavailable',
      'This browser offers no WebGL 2, which drawing needs: turn on hardware acceleration, or try another browser.',
      { cause },
    );
  }
  renderer.outputColorSpace = LinearSRGBColorSpace;
  renderer.autoClear = false;
  renderer.sortObjects = false;
  renderer.info.autoReset = false;
  renderer.setClearColor(0x000000, 1);
  return renderer;
}

/** @param pixels RGBA rows from the bottom up, as WebGL reads them */
function toPng(pixels: Uint8Array, width: number, height: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null)
    throw new SimroomError(
      'webgl-unavailable',
      'This browser cannot turn a picture into a PNG: no 2D canvas.',
    );
  const image = context.createImageData(width, height);
  const row = 4 * width;
  for (let y = 0; y < height; y++)
    image.data.set(pixels.subarray(y * row, (y + 1) * row), (height - 1 - y) * row);
  context.putImageData(image, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
