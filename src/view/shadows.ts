import {
  Camera,
  DepthTexture,
  LessEqualCompare,
  LinearFilter,
  Matrix4,
  NearestFilter,
  RedFormat,
  UnsignedByteType,
  UnsignedIntType,
  Vector3,
  WebGLRenderTarget,
  type Scene,
  type WebGLRenderer,
} from 'three';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { LIGHT } from './lights';
import type { Materials } from './materials';
import { visualNumber } from './visual';

/**
 * Widest shadow map, texels. Native's default of 4096, read without filtering, takes 64 MB a light; half of that,
 * filtered, looks smoother and suits phones.
 */
const MAX_SIZE = 2048;

/** Widest angle of a spot light's map, degrees, as in native. */
const MAX_ANGLE = 160;

/**
 * How much a map's axis is off the light's, as a part of its length; the map is read with the same matrix, so it does
 * not show. A floor's corner exactly beside a light (w = 0) would otherwise spoil the map in software WebGL.
 */
const ASKEW = 1e-3;

/** Maps clip-space -1..1 to texture 0..1. */
const BIAS = new Matrix4().set(0.5, 0, 0, 0.5, 0, 0.5, 0, 0.5, 0, 0, 0.5, 0.5, 0, 0, 0, 1);

/** Shadow maps: depth as the lights see it. */
export class Shadows {
  readonly #model: ModelCopy;
  readonly #lights: readonly number[];
  readonly #materials: Materials;
  readonly #maps: WebGLRenderTarget[] = [];
  readonly #camera = new Camera();
  readonly #eye = new Vector3();
  readonly #ahead = new Vector3();
  readonly #up = new Vector3();

  /** @param lights ids of the lights that cast shadows */
  constructor(m: ModelCopy, lights: readonly number[], materials: Materials) {
    this.#model = m;
    this.#lights = lights;
    this.#materials = materials;
    this.#camera.matrixAutoUpdate = false;
    this.#camera.matrixWorldAutoUpdate = false;
    const size = Math.min(visualNumber(m, 'quality', 'shadowsize', 4096), MAX_SIZE);
    for (let i = 0; i < lights.length; i++) this.#maps.push(makeMap(size));
    materials.uniforms.shadowMap.value = this.#maps.flatMap(({ depthTexture }) => depthTexture ?? []);
    materials.uniforms.shadowMatrix.value = lights.map(() => new Matrix4());
  }

  /** Draws what casts shadows as each light sees it. */
  render(renderer: WebGLRenderer, casters: Scene, frame: Frame): void {
    const camera = this.#camera;
    const matrices = this.#materials.uniforms.shadowMatrix.value;
    for (let i = 0; i < this.#maps.length; i++) {
      const map = this.#maps[i];
      const matrix = matrices[i];
      if (map === undefined || matrix === undefined) continue;
      this.#aim(this.#lights[i] ?? 0, frame);
      matrix.multiplyMatrices(BIAS, camera.projectionMatrix).multiply(camera.matrixWorldInverse);
      renderer.setRenderTarget(map);
      renderer.clear(false, true, false);
      renderer.render(casters, camera);
    }
    renderer.setRenderTarget(null);
  }

  dispose(): void {
    for (const map of this.#maps) {
      map.depthTexture?.dispose();
      map.dispose();
    }
    this.#materials.uniforms.shadowMap.value = [];
    this.#materials.uniforms.shadowMatrix.value = [];
  }

  #aim(id: number, frame: Frame): void {
    const m = this.#model;
    const camera = this.#camera;
    const near = visualNumber(m, 'map', 'znear', 0.01) * m.stat.extent;
    const far = visualNumber(m, 'map', 'zfar', 50) * m.stat.extent;
    if (m.light_type[id] === LIGHT.directional) {
      const clip = visualNumber(m, 'map', 'shadowclip', 1) * m.stat.extent;
      camera.projectionMatrix.makeOrthographic(-clip, clip, clip, -clip, near, far);
    } else {
      const angle = 2 * (m.light_cutoff[id] ?? 45) * visualNumber(m, 'map', 'shadowscale', 0.6);
      const half = near * Math.tan((Math.min(angle, MAX_ANGLE) * Math.PI) / 360);
      camera.projectionMatrix.makePerspective(-half, half, half, -half, near, far);
    }
    this.#eye.fromArray(frame.light_xpos, 3 * id);
    this.#ahead.fromArray(frame.light_xdir, 3 * id);
    this.#ahead.x += ASKEW;
    this.#ahead.y += ASKEW / 2;
    // Any up will do that is not the direction of the light.
    const sideways = Math.abs(this.#ahead.x) < 0.9;
    this.#up.set(sideways ? 1 : 0, sideways ? 0 : 1, 0);
    camera.matrixWorld.lookAt(this.#eye, this.#ahead.add(this.#eye), this.#up).setPosition(this.#eye);
    camera.matrixWorldInverse.copy(camera.matrixWorld).invert();
  }
}

function makeMap(size: number): WebGLRenderTarget {
  const depthTexture = new DepthTexture(size, size, UnsignedIntType);
  depthTexture.compareFunction = LessEqualCompare;
  depthTexture.minFilter = LinearFilter;
  depthTexture.magFilter = LinearFilter;
  return new WebGLRenderTarget(size, size, {
    depthTexture,
    // Nothing is written to it, but three wants one.
    format: RedFormat,
    type: UnsignedByteType,
    minFilter: NearestFilter,
    magFilter: NearestFilter,
    generateMipmaps: false,
  });
}
