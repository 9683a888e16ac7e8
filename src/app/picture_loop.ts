import { HEADER } from '../core/frame';
import type { EngineClient, LiveModel } from './engine_client';

/** After something moved the camera the view is drawn for so long, ms: the longest glide, and a little. */
const SETTLE_MS = 400;

/** Pictures over which the script time is averaged. */
const AVERAGED = 60;

/** Pictures after a new model that are not counted: they compile shaders and fill buffers. */
const WARM_UP = 5;

/** What a picture is drawn from. */
export interface Picture {
  /** Another model is to be shown. */
  onModel(live: LiveModel): void;
  /** Draw `live.frame`; `now` in ms. */
  draw(live: LiveModel, now: number): void;
}

/**
 * The view's animation loop: takes the newest frame, draws it, asks for the next.
 *
 * While nothing moves nothing is drawn, so that a paused room costs no battery.
 */
export class PictureLoop {
  /** Mean main-thread script time of a picture, ms; pictures per second. */
  readonly figures = { frameMs: 0, fps: 0 };
  private request = 0;
  private shown: LiveModel | null = null;
  private fresh = false;
  private drawUntil = 0;
  private last = 0;
  private drawn = 0;

  constructor(
    private readonly engine: EngineClient,
    private readonly picture: Picture,
  ) {}

  start(): void {
    this.request = requestAnimationFrame(this.turn);
  }

  /** Something besides the simulation changed the picture. */
  touch(): void {
    this.drawUntil = performance.now() + SETTLE_MS;
  }

  /** Shows another model from its first frame on; who waited for its load finds it adopted. */
  adopt(live: LiveModel): void {
    if (live === this.shown) return;
    this.shown = live;
    this.drawn = 0;
    this.picture.onModel(live);
  }

  /** A frame of the current model has arrived, or something in it looks different: one picture more. */
  again(): void {
    this.fresh = true;
  }

  dispose(): void {
    cancelAnimationFrame(this.request);
  }

  /** Draws the newest frame now, also where the browser would not ask for a picture, as in a hidden tab. */
  drawNow(now = performance.now()): void {
    const { live } = this.engine;
    // A model's arrays are empty until its first frame is here.
    if (live === null || live.frame.header[HEADER.generation] !== live.generation) return;
    const start = performance.now();
    this.adopt(live);
    this.fresh = false;
    this.picture.draw(live, now);
    this.measure(now, performance.now() - start);
  }

  private readonly turn = (now: number): void => {
    this.request = requestAnimationFrame(this.turn);
    if (this.fresh || now < this.drawUntil) this.drawNow(now);
    this.engine.lendBuffers();
  };

  private measure(now: number, ms: number): void {
    const { figures } = this;
    if (this.drawn++ < WARM_UP) return;
    const weight = 1 / AVERAGED;
    figures.frameMs += (ms - figures.frameMs) * weight;
    const elapsed = now - this.last;
    this.last = now;
    // A picture after a pause says nothing about the rate.
    if (elapsed > 0 && elapsed < 1000) figures.fps += (1000 / elapsed - figures.fps) * weight;
  }
}
