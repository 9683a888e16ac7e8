import type { Camera } from 'three';
import type { ModelCopy } from '../core/model';
import { visualNumber } from './visual';

/**
 * Narrowest shape of window that still shows a camera's full height. In a taller one (a phone held upright) the field
 * grows instead, so that its width is never below 4/5 of the height the model asked for: MuJoCo's default distance
 * of 1.5 extents then still fits a whole extent across.
 */
const MIN_ASPECT = 0.8;

/** The edges of what a camera sees on its near plane, in m along its right and up axes, as `mjvGLCamera` has them. */
export class Lens {
  left = -1;
  right = 1;
  bottom = -1;
  top = 1;
  near = 0.01;
  far = 100;
  orthographic = false;

  /** The free and the tracking camera. An orthographic one scales with its distance, so that zooming works there too. */
  setFree(model: ModelCopy, distance: number, aspect: number): void {
    const fovy = visualNumber(model, 'global', 'fovy', 45);
    this.setDepth(model);
    this.orthographic = visualNumber(model, 'global', 'orthographic', 0) !== 0;
    this.setFovy(this.orthographic ? (fovy * distance) / (1.5 * model.stat.extent) : fovy, aspect);
  }

  /** A model camera: its field of view, or its sensor with focal length and principal point; always wholly visible. */
  setFixed(model: ModelCopy, id: number, aspect: number): void {
    this.setDepth(model);
    this.orthographic = model.cam_projection[id] === 1;
    const width = model.cam_sensorsize[2 * id] ?? 0;
    const height = model.cam_sensorsize[2 * id + 1] ?? 0;
    const fx = model.cam_intrinsic[4 * id] ?? 0;
    const fy = model.cam_intrinsic[4 * id + 1] ?? 0;
    if (this.orthographic || width <= 0 || height <= 0 || fx <= 0 || fy <= 0) {
      this.setFovy(model.cam_fovy[id] ?? 45, aspect);
      return;
    }
    const centerX = (this.near * (model.cam_intrinsic[4 * id + 2] ?? 0)) / fx;
    const centerY = (-this.near * (model.cam_intrinsic[4 * id + 3] ?? 0)) / fy;
    let halfWidth = (this.near * width) / (2 * fx);
    let halfHeight = (this.near * height) / (2 * fy);
    if (halfWidth < halfHeight * aspect) halfWidth = halfHeight * aspect;
    else halfHeight = halfWidth / aspect;
    this.left = centerX - halfWidth;
    this.right = centerX + halfWidth;
    this.bottom = centerY - halfHeight;
    this.top = centerY + halfHeight;
  }

  /** Height of the view, in m, at a depth along the camera's axis. */
  heightAt(depth: number): number {
    const height = this.top - this.bottom;
    return this.orthographic ? height : (height * depth) / this.near;
  }

  /** Sideways position of a normalised device coordinate (-1..1) at a depth, in m along the camera's right axis. */
  xAt(ndcX: number, depth: number): number {
    const x = (this.left + this.right + ndcX * (this.right - this.left)) / 2;
    return this.orthographic ? x : (x * depth) / this.near;
  }

  /** As {@link xAt}, along the camera's up axis. */
  yAt(ndcY: number, depth: number): number {
    const y = (this.bottom + this.top + ndcY * (this.top - this.bottom)) / 2;
    return this.orthographic ? y : (y * depth) / this.near;
  }

  /** Inverse of {@link xAt}. */
  ndcX(x: number, depth: number): number {
    const onLens = this.orthographic ? x : (x * this.near) / depth;
    return (2 * onLens - this.left - this.right) / (this.right - this.left);
  }

  /** Inverse of {@link yAt}. */
  ndcY(y: number, depth: number): number {
    const onLens = this.orthographic ? y : (y * this.near) / depth;
    return (2 * onLens - this.bottom - this.top) / (this.top - this.bottom);
  }

  /** Writes the projection, and its inverse, in the depth convention the renderer has chosen for the camera. */
  applyTo(camera: Camera): void {
    const { left, right, bottom, top, near, far } = this;
    const { projectionMatrix, coordinateSystem, reversedDepth } = camera;
    if (this.orthographic) {
      projectionMatrix.makeOrthographic(left, right, top, bottom, near, far, coordinateSystem, reversedDepth);
    } else {
      projectionMatrix.makePerspective(left, right, top, bottom, near, far, coordinateSystem, reversedDepth);
    }
    camera.projectionMatrixInverse.copy(projectionMatrix).invert();
  }

  private setDepth(model: ModelCopy): void {
    this.near = visualNumber(model, 'map', 'znear', 0.01) * model.stat.extent;
    this.far = visualNumber(model, 'map', 'zfar', 50) * model.stat.extent;
  }

  /** @param fovy vertical field: degrees, or m for an orthographic camera */
  private setFovy(fovy: number, aspect: number): void {
    const asked = this.orthographic ? fovy / 2 : this.near * Math.tan((fovy * Math.PI) / 360);
    this.top = asked * Math.max(1, MIN_ASPECT / aspect);
    this.bottom = -this.top;
    this.right = this.top * aspect;
    this.left = -this.right;
  }
}
