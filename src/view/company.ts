import { Camera, Group, type Object3D, type WebGLRenderer } from 'three';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import type { CameraControl } from './camera';
import type { Faces, PictureSize } from './faces';
import type { People, Person } from './people';
import type { Portraits } from './portraits';
import type { SceneHead } from './scene_head';
import type { Stage } from './stage';

/** A picture of everybody that is wanted in the interface. */
interface Wanted {
  readonly canvas: HTMLCanvasElement;
  readonly who: () => SceneHead | null;
  /** Ends it, once it has begun. */
  stop: (() => void) | null;
}

/** Everybody's marks and heads, whose code comes with the first company: most views are of one person. */
export class Company {
  /** What lies over the picture: marks and names. Heads are on the stage. */
  readonly object = new Group();
  private people: People | null = null;
  private faces: Faces | null = null;
  private portraits: Portraits | null = null;
  private readonly loading = { people: false, faces: false };
  private disposed = false;
  private model: ModelCopy | null = null;
  private list: readonly Person[] = [];
  private pixelRatio = 1;
  private heads: readonly SceneHead[] = [];
  private readonly wanted = new Set<Wanted>();

  constructor(
    private readonly stage: Stage,
    private readonly renderer: WebGLRenderer,
  ) {}

  setModel(model: ModelCopy): void {
    this.model = model;
    this.people?.setExtent(model.stat.extent);
    this.faces?.setModel(model);
  }

  /** As `People.setPeople`. */
  setPeople(list: readonly Person[], pixelRatio: number): void {
    this.list = list;
    this.pixelRatio = pixelRatio;
    this.people?.setPeople(list, pixelRatio);
    if (list.length > 0 && this.people === null) void this.load('people', () => this.loadPeople());
  }

  /** As `Faces.setHeads`. */
  setHeads(heads: readonly SceneHead[]): void {
    this.heads = heads;
    this.faces?.setHeads(heads);
    if (heads.length > 0) this.needFaces();
  }

  /** As `Portraits.add`. */
  portrait(canvas: HTMLCanvasElement, who: () => SceneHead | null): () => void {
    const wanted: Wanted = { canvas, who, stop: this.portraits?.add(canvas, who) ?? null };
    this.wanted.add(wanted);
    this.needFaces();
    return () => {
      this.wanted.delete(wanted);
      wanted.stop?.();
    };
  }

  /** Largest height of a person's heads in the last picture and of their portraits, device pixels; 0 out of sight. */
  headPixels(seat: number): number {
    return Math.max(this.faces?.pixels(seat) ?? 0, this.portraits?.pixels(seat) ?? 0);
  }

  /** As `Faces.moved`. */
  get moved(): boolean {
    return this.faces?.moved ?? false;
  }

  /**
   * Moves everybody on to a picture at `nowMs`; the cameras are in place already.
   *
   * @param alone the scene alone: heads on bodies and sites are of it, those of people are not
   * @returns whether somebody has still a way to go, so that another picture is worth drawing
   */
  update(
    frame: Frame,
    camera: CameraControl,
    eye: Camera,
    nowMs: number,
    picture: PictureSize,
    alone: boolean,
  ): boolean {
    const { faces } = this;
    faces?.begin(frame, camera, picture, !alone);
    const restless = this.people?.update(frame, camera, nowMs, faces) ?? false;
    faces?.end(eye);
    return restless;
  }

  dispose(): void {
    this.disposed = true;
    this.people?.dispose();
    this.portraits?.dispose();
    this.faces?.dispose();
  }

  private needFaces(): void {
    if (this.faces === null) void this.load('faces', () => this.loadFaces());
  }

  private async load(what: 'people' | 'faces', load: () => Promise<void>): Promise<void> {
    if (this.loading[what]) return;
    this.loading[what] = true;
    try {
      await load();
    } catch {
      // A lost network costs the marks until the next change among the people brings another try.
    } finally {
      this.loading[what] = false;
    }
  }

  private async loadPeople(): Promise<void> {
    const module = await import('./people');
    if (this.disposed) return;
    this.people = new module.People();
    if (this.model !== null) this.people.setExtent(this.model.stat.extent);
    this.people.setPeople(this.list, this.pixelRatio);
    this.object.add(this.people.object);
  }

  private async loadFaces(): Promise<void> {
    const [faces, portraits] = await Promise.all([import('./faces'), import('./portraits')]);
    if (this.disposed) return;
    const compile = (object: Object3D): Promise<unknown> => this.renderer.compileAsync(object, new Camera());
    this.faces = new faces.Faces(this.stage, compile);
    if (this.model !== null) this.faces.setModel(this.model);
    this.faces.setHeads(this.heads);
    this.portraits = new portraits.Portraits(this.faces.kinds, this.faces.loader, this.renderer, compile);
    for (const wanted of this.wanted) wanted.stop = this.portraits.add(wanted.canvas, wanted.who);
  }
}
