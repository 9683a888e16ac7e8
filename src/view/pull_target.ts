import { Quaternion, Vector3 } from 'three';
import type { Frame } from '../core/frame';
import type { CameraControl } from './camera';
import { bodyPoint } from './quat';

/** Turn of a body for a pointer movement across the height of the view, rad, as in native simulate. */
const TURN = 2 * Math.PI;
/**
 * A body's target is never turned further than this from where it is, rad: beyond half a turn the spring would pull it
 * the other way round.
 */
const MAX_LAG = 0.9 * Math.PI;
/** A target this close to the last one taken has not moved, relative to its distance from the eye. */
const SAME = 1e-6;
/** A pull never reaches nearer than this many near-plane distances. */
const MIN_REACH = 2;

/**
 * Where a hand pulls a body to: under the pointer, as far in front of the eye as the grabbed point was; or, turning
 * it, which way round. World frame, m.
 */
export class PullTarget {
  readonly point = new Vector3();
  readonly quat = new Quaternion();
  private body = -1;
  /** Distance of the target from the eye along its axis, m. */
  private depth = 0;
  /** From the pointer to the target on the screen: a selected body is pulled from afar. */
  private offsetX = 0;
  private offsetY = 0;
  private readonly taken = new Vector3();
  private turned = false;

  /** @param ndcX, ndcY where the pointer is, normalised device coordinates */
  constructor(
    private readonly camera: CameraControl,
    private readonly turning: boolean,
    private ndcX: number,
    private ndcY: number,
  ) {}

  /**
   * Begins, with a body grabbed at a point in its frame.
   *
   * @param fromAfar whether the pointer is elsewhere, so that only its movement counts
   */
  begin(frame: Frame, body: number, local: readonly [number, number, number], fromAfar: boolean): void {
    const { camera, point } = this;
    this.body = body;
    bodyPoint(frame.xpos, frame.xquat, body, local, 0, point);
    bodyQuat(frame, body, this.quat);
    camera.project(point, seen);
    this.depth = Math.max(seen.z, MIN_REACH * camera.lens.near);
    if (fromAfar && seen.z > 0) {
      this.offsetX = seen.x - this.ndcX;
      this.offsetY = seen.y - this.ndcY;
    }
    if (!this.turning) this.aim();
    this.taken.copy(point);
  }

  /** The pointer is at (ndcX, ndcY), having gone (dx, dy) view heights, y downwards. */
  move(ndcX: number, ndcY: number, dx: number, dy: number): void {
    this.ndcX = ndcX;
    this.ndcY = ndcY;
    if (!this.turning || this.body < 0) return;
    turn.setFromAxisAngle(this.camera.up, TURN * dx);
    this.quat.premultiply(turn);
    turn.setFromAxisAngle(this.camera.right, TURN * dy);
    this.quat.premultiply(turn).normalize();
    this.turned = true;
  }

  /** Multiplies the distance from the eye. */
  reach(factor: number): void {
    this.depth = Math.max(this.depth * factor, MIN_REACH * this.camera.lens.near);
  }

  /** Brings the target up to date with the camera; returns whether it has moved since this last said so. */
  update(frame: Frame): boolean {
    if (this.turning) {
      if (!this.turned) return false;
      this.turned = false;
      const now = bodyQuat(frame, this.body, turn);
      const ahead = now.angleTo(this.quat);
      if (ahead > MAX_LAG) this.quat.copy(now.slerp(this.quat, MAX_LAG / ahead));
      return true;
    }
    this.aim();
    if (this.point.distanceTo(this.taken) <= SAME * this.depth) return false;
    this.taken.copy(this.point);
    return true;
  }

  private aim(): void {
    this.camera.pointAt(this.ndcX + this.offsetX, this.ndcY + this.offsetY, this.depth, this.point);
  }
}

const seen = new Vector3();
const turn = new Quaternion();

function bodyQuat({ xquat }: Frame, body: number, out: Quaternion): Quaternion {
  const at = 4 * body;
  return out.set(xquat[at + 1] ?? 0, xquat[at + 2] ?? 0, xquat[at + 3] ?? 0, xquat[at] ?? 1);
}
