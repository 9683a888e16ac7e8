import { Matrix4, Vector3, type Camera } from 'three';
import type { CameraPose } from '../core/picture';
import type { Vec3 } from '../core/vec';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { Lens } from './lens';
import { Subtree } from './subtree';
import type { Ray } from '../core/vec';
import { visualNumber } from './visual';

/** A pose with only what should change; names are already resolved to ids. */
export type CameraChanges = { readonly [K in keyof CameraPose]?: CameraPose[K] | undefined };

/** How long a move to a new point of interest takes, ms: long enough to follow with the eye, too short to wait for. */
const GLIDE_MS = 250;
/** Native's default distance and closest distance, in model extents. */
const DEFAULT_DISTANCE = 1.5;
const MIN_DISTANCE = 0.01;
/** Zooming out ends at this part of the far plane's distance, before the model is lost behind it. */
const MAX_DISTANCE = 0.9;
/** Degrees of orbit for a pointer movement across the height of the view, as in native simulate. */
const ORBIT_DEGREES = 180;

const RADIANS = Math.PI / 180;

/**
 * The camera, in MuJoCo's conventions: free, following a body, or one of the model's own.
 *
 * Pointer movements come in view heights, x to the right and y downwards, and do what they do in native simulate.
 * Positions on the screen are normalised device coordinates, -1..1, y upwards. Nothing here allocates per frame.
 */
export class CameraControl {
  /** World, m; and unit axes. As of the last {@link applyTo}. */
  readonly eye = new Vector3();
  readonly forward = new Vector3(0, 1, 0);
  readonly up = new Vector3(0, 0, 1);
  readonly right = new Vector3(1, 0, 0);
  readonly lens = new Lens();

  private model: ModelCopy | null = null;
  private readonly lookat = new Vector3();
  private distance = 1;
  private azimuth = 90;
  private elevation = -45;
  private fixed: number | null = null;
  private subtree: Subtree | null = null;

  /** What is still missing of the way to `lookat`, and when that glide began (NaN: at the next frame). */
  private readonly glide = new Vector3();
  private glideStart = -Infinity;
  private readonly shown = new Vector3();
  private readonly basis = new Matrix4();
  private readonly back = new Vector3();

  /**
   * @param onChange called after every change of the pose that a person or the API made
   * @param reducedMotion whether to skip glides
   */
  constructor(
    private readonly onChange: () => void = () => undefined,
    private readonly reducedMotion: () => boolean = () =>
      window.matchMedia('(prefers-reduced-motion: reduce)').matches,
  ) {}

  /** Takes a newly loaded model and its default camera. */
  setModel(model: ModelCopy): void {
    this.model = model;
    this.align();
  }

  /** The model's own view: `mjv_defaultFreeCamera`, or the fixed camera its `visual/global` names. */
  align(): void {
    const { model } = this;
    if (model === null) return;
    this.lookat.fromArray(model.stat.center);
    this.distance = DEFAULT_DISTANCE * model.stat.extent;
    this.azimuth = visualNumber(model, 'global', 'azimuth', 90);
    this.elevation = visualNumber(model, 'global', 'elevation', -45);
    const id = visualNumber(model, 'global', 'cameraid', -1);
    this.fixed = id >= 0 && id < model.ncam ? id : null;
    this.subtree = null;
    this.endGlide();
    this.onChange();
  }

  get(): CameraPose {
    const { x, y, z } = this.lookat;
    return {
      lookat: [x, y, z],
      distance: this.distance,
      azimuth: this.azimuth,
      elevation: this.elevation,
      fixed: this.fixed,
      track: this.subtree?.body ?? null,
    };
  }

  /** Whether a body is being followed. */
  get following(): boolean {
    return this.subtree !== null;
  }

  /**
   * Changes the pose at once, without a glide. Following a body and looking through a model's camera exclude each
   * other; a new `lookat` ends both, and a new distance or angle leaves the model's camera.
   */
  set(changes: CameraChanges): void {
    const { lookat, distance, azimuth, elevation, fixed, track } = changes;
    if ((lookat ?? distance ?? azimuth ?? elevation) !== undefined) this.fixed = null;
    if (lookat !== undefined) {
      this.lookat.set(...lookat);
      this.subtree = null;
    }
    if (distance !== undefined) this.distance = distance;
    if (azimuth !== undefined) this.azimuth = wrapDegrees(azimuth);
    if (elevation !== undefined) this.elevation = clampElevation(elevation);
    if (track !== undefined) {
      this.subtree = track === null || this.model === null ? null : new Subtree(this.model, track);
      if (track !== null) this.fixed = null;
    }
    if (fixed !== undefined) {
      this.fixed = fixed;
      if (fixed !== null) this.subtree = null;
    }
    this.endGlide();
    this.onChange();
  }

  /** Turns around the point looked at. */
  orbit(dx: number, dy: number): void {
    this.leaveFixed();
    this.azimuth = wrapDegrees(this.azimuth - ORBIT_DEGREES * dx);
    this.elevation = clampElevation(this.elevation - ORBIT_DEGREES * dy);
    this.onChange();
  }

  /** Moves the point looked at in the plane of the picture, so that it stays under the pointer. Ends tracking. */
  pan(dx: number, dy: number): void {
    this.shift(dx, dy, this.up);
  }

  /** As {@link pan}, over the ground: up on the screen is away from the eye. */
  panOnGround(dx: number, dy: number): void {
    const azimuth = this.azimuth * RADIANS;
    this.shift(dx, dy, this.back.set(Math.cos(azimuth), Math.sin(azimuth), 0));
  }

  /**
   * Multiplies the distance; the point at (ndcX, ndcY), as far away as the one looked at, keeps its place.
   *
   * @param factor below 1 comes closer
   */
  zoom(factor: number, ndcX = 0, ndcY = 0): void {
    const { model } = this;
    if (model === null) return;
    this.leaveFixed();
    const { extent } = model.stat;
    const furthest = Math.max(MAX_DISTANCE * this.lens.far, this.distance);
    const distance = Math.min(Math.max(this.distance * factor, MIN_DISTANCE * extent), furthest);
    if (this.subtree === null) {
      const part = 1 - distance / this.distance;
      this.lookat.addScaledVector(this.right, part * this.lens.xAt(ndcX, this.distance));
      this.lookat.addScaledVector(this.up, part * this.lens.yAt(ndcY, this.distance));
    }
    this.distance = distance;
    this.onChange();
  }

  /** The factor for {@link zoom} by which native simulate answers a drag of `dy` view heights (down is closer). */
  zoomFactor(dy: number): number {
    const extent = this.model?.stat.extent ?? 1;
    const slope = (9 * extent * Math.log1p(this.distance / extent / 3)) / this.distance;
    // Native subtracts slope * dy; the exponential is the same for small moves and never reaches zero.
    return Math.exp(-slope * dy);
  }

  /** Glides to a new point of interest. */
  lookAt(point: Vec3): void {
    this.leaveFixed();
    this.glideFrom(this.lookat.x - point[0], this.lookat.y - point[1], this.lookat.z - point[2]);
    this.lookat.set(...point);
    this.subtree = null;
    this.onChange();
  }

  /** Glides to a body and follows the centre of mass of its subtree, as native does. */
  follow(body: number): void {
    if (this.model === null) return;
    this.leaveFixed();
    this.subtree = new Subtree(this.model, body);
    // Where it is will be known with the next frame.
    this.glideStart = this.reducedMotion() ? -Infinity : NaN;
    this.glide.set(NaN, NaN, NaN);
    this.onChange();
  }

  /**
   * Puts a three.js camera in place for a frame: position, orientation, projection.
   *
   * @param aspect width of the view over its height
   * @param now ms, of any steady clock
   */
  applyTo(camera: Camera, frame: Frame, aspect: number, now = performance.now()): void {
    const { model } = this;
    if (model === null) return;
    if (this.fixed === null) this.placeFree(model, frame, aspect, now);
    else this.placeFixed(model, frame, this.fixed, aspect);
    camera.position.copy(this.eye);
    this.basis.makeBasis(this.right, this.up, this.back.copy(this.forward).negate());
    camera.quaternion.setFromRotationMatrix(this.basis);
    camera.scale.set(1, 1, 1);
    this.lens.applyTo(camera);
    camera.updateMatrix();
    camera.updateMatrixWorld(true);
  }

  /** The ray under a point of the view. */
  ray(ndcX: number, ndcY: number): Ray {
    const { eye, forward, lens } = this;
    const through = new Vector3();
    this.pointAt(ndcX, ndcY, lens.near, through);
    if (lens.orthographic) return { origin: through.toArray(), direction: forward.toArray() };
    return { origin: eye.toArray(), direction: through.sub(eye).normalize().toArray() };
  }

  /** The world point under a point of the view, `depth` m in front of the eye (along its axis). */
  pointAt(ndcX: number, ndcY: number, depth: number, point: Vector3): void {
    point.copy(this.eye).addScaledVector(this.forward, depth);
    point.addScaledVector(this.right, this.lens.xAt(ndcX, depth));
    point.addScaledVector(this.up, this.lens.yAt(ndcY, depth));
  }

  /** Where a world point is seen: x and y normalised, z its depth in m (behind the eye: negative). May be in place. */
  project(point: Vector3, out: Vector3): Vector3 {
    out.copy(point).sub(this.eye);
    const depth = out.dot(this.forward);
    const x = out.dot(this.right);
    const y = out.dot(this.up);
    return out.set(this.lens.ndcX(x, depth), this.lens.ndcY(y, depth), depth);
  }

  private placeFree(model: ModelCopy, frame: Frame, aspect: number, now: number): void {
    if (this.subtree !== null) {
      const { x, y, z } = this.lookat;
      this.subtree.centerOfMass(frame, this.lookat);
      if (Number.isNaN(this.glide.x)) {
        this.glide.set(x - this.lookat.x, y - this.lookat.y, z - this.lookat.z);
      }
    }
    if (Number.isNaN(this.glideStart)) this.glideStart = now;
    const left = 1 - Math.min(1, (now - this.glideStart) / GLIDE_MS);
    this.shown.copy(this.lookat);
    if (left > 0) this.shown.addScaledVector(this.glide, left ** 3);

    const ca = Math.cos(this.azimuth * RADIANS);
    const sa = Math.sin(this.azimuth * RADIANS);
    const ce = Math.cos(this.elevation * RADIANS);
    const se = Math.sin(this.elevation * RADIANS);
    this.forward.set(ce * ca, ce * sa, se);
    this.up.set(-se * ca, -se * sa, ce);
    this.right.set(sa, -ca, 0);
    this.eye.copy(this.shown).addScaledVector(this.forward, -this.distance);
    this.lens.setFree(model, this.distance, aspect);
  }

  private placeFixed(model: ModelCopy, frame: Frame, id: number, aspect: number): void {
    const { cam_xpos: pos, cam_xmat: mat } = frame;
    this.eye.fromArray(pos, 3 * id);
    const at = 9 * id;
    this.right.set(mat[at] ?? 0, mat[at + 3] ?? 0, mat[at + 6] ?? 0);
    this.up.set(mat[at + 1] ?? 0, mat[at + 4] ?? 0, mat[at + 7] ?? 0);
    this.forward.set(-(mat[at + 2] ?? 0), -(mat[at + 5] ?? 0), -(mat[at + 8] ?? 0));
    this.lens.setFixed(model, id, aspect);
  }

  /** Moving a fixed camera by hand continues as the free camera from where it stands, looking the same way. */
  private leaveFixed(): void {
    if (this.fixed === null || this.model === null) return;
    const { center, extent } = this.model.stat;
    const ahead = this.shown.fromArray(center).sub(this.eye).dot(this.forward);
    this.fixed = null;
    this.distance = Math.max(ahead, MIN_DISTANCE * extent);
    this.elevation = Math.asin(Math.min(1, Math.max(-1, this.forward.z))) / RADIANS;
    // Straight up or down, the heading is where the picture's upper edge points.
    const heading = Math.abs(this.forward.z) < 0.9999 ? this.forward : this.up;
    this.azimuth = Math.atan2(heading.y, heading.x) / RADIANS;
    this.lookat.copy(this.eye).addScaledVector(this.forward, this.distance);
    this.endGlide();
  }

  private shift(dx: number, dy: number, vertical: Vector3): void {
    this.leaveFixed();
    this.subtree = null;
    const metres = this.lens.heightAt(this.distance);
    this.lookat.addScaledVector(this.right, -dx * metres).addScaledVector(vertical, dy * metres);
    this.onChange();
  }

  private glideFrom(x: number, y: number, z: number): void {
    this.glide.set(x, y, z);
    this.glideStart = this.reducedMotion() ? -Infinity : NaN;
  }

  private endGlide(): void {
    this.glideStart = -Infinity;
  }
}

function clampElevation(degrees: number): number {
  return Math.min(90, Math.max(-90, degrees));
}

/** Into (-180, 180]. */
function wrapDegrees(degrees: number): number {
  const turn = degrees % 360;
  if (turn > 180) return turn - 360;
  return turn <= -180 ? turn + 360 : turn;
}
