import {
  AddEquation,
  BackSide,
  BufferAttribute,
  BufferGeometry,
  CustomBlending,
  DoubleSide,
  GLSL3,
  Mesh,
  NoBlending,
  OneFactor,
  OneMinusSrcAlphaFactor,
  RawShaderMaterial,
  Sphere,
  SrcAlphaFactor,
  Vector3,
  ZeroFactor,
} from 'three';
import type { ViewOptions } from '../core/picture';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { column } from './planes';
import { HAZE_FRAGMENT, HAZE_VERTEX, SKY_FRAGMENT, SKY_VERTEX } from './shaders';
import { SHAPE, type Shapes } from './shapes';
import type { Stage } from './stage';
import { TEXTURE_SKYBOX, type Textures } from './textures';
import { visualNumber } from './visual';

/** Radius of the sky in far distances: its corners, √2 away, are just not clipped. */
const RADIUS = 0.7;

/** Segments around the horizon. */
const SLICES = 64;

/**
 * Turn of the sky's vertices around the vertical, rad. Cameras like round angles, and software WebGL clips badly where
 * a vertex lies exactly beside the eye (w = 0): this keeps vertices off round angles.
 */
const ASKEW = 0.0123;
const COS = Math.cos(ASKEW);
const SIN = Math.sin(ASKEW);

/**
 * The sky: a cylinder around the camera that carries the model's first skybox texture, and the haze that fades an
 * infinite plane into it. Where the model has no skybox there is neither, and the background is black.
 */
export class Sky {
  readonly #sky: Mesh;
  readonly #haze: Mesh | null = null;
  readonly #radius: number;
  readonly #plane: number;
  readonly #x = new Vector3();
  readonly #y = new Vector3();
  readonly #z = new Vector3();
  readonly #point = new Vector3();

  /** Null where the model or the options have no sky. */
  static make(
    m: ModelCopy,
    options: ViewOptions,
    stage: Stage,
    shapes: Shapes,
    textures: Textures,
    plane: number,
  ): Sky | null {
    const id = options.skybox ? m.tex_type.indexOf(TEXTURE_SKYBOX) : -1;
    return id < 0 ? null : new Sky(m, options, stage, shapes, textures, id, plane);
  }

  private constructor(
    m: ModelCopy,
    options: ViewOptions,
    stage: Stage,
    shapes: Shapes,
    textures: Textures,
    texture: number,
    plane: number,
  ) {
    this.#radius = RADIUS * visualNumber(m, 'map', 'zfar', 50) * m.stat.extent;
    this.#plane = plane;
    const { fog, fogRange } = stage.materials.uniforms;
    const geometry = new BufferGeometry();
    shapes.fill(geometry, SHAPE.cylinder);
    this.#sky = still(
      new Mesh(
        geometry,
        new RawShaderMaterial({
          glslVersion: GLSL3,
          vertexShader: SKY_VERTEX,
          fragmentShader: SKY_FRAGMENT,
          uniforms: { map: { value: textures.get(texture) }, fog, fogRange },
          side: BackSide,
          blending: NoBlending,
        }),
      ),
    );
    stage.sky.add(this.#sky);
    if (!options.haze || plane < 0) return;

    const rgba = m.vis.rgba['haze'];
    const haze = Array.isArray(rgba) ? new Vector3(rgba[0], rgba[1], rgba[2]) : new Vector3(1, 1, 1);
    this.#haze = still(
      new Mesh(
        hazeGeometry(visualNumber(m, 'map', 'haze', 0.3)),
        new RawShaderMaterial({
          glslVersion: GLSL3,
          vertexShader: HAZE_VERTEX,
          fragmentShader: HAZE_FRAGMENT,
          uniforms: { haze: { value: haze } },
          side: DoubleSide,
          blending: CustomBlending,
          blendEquation: AddEquation,
          blendSrc: SrcAlphaFactor,
          blendDst: OneMinusSrcAlphaFactor,
          blendSrcAlpha: ZeroFactor,
          blendDstAlpha: OneFactor,
        }),
      ),
    );
    stage.sky.add(this.#haze);
  }

  /** Moves the sky with the camera. */
  update(frame: Frame, eye: Vector3): void {
    const radius = this.#radius;
    const x = this.#x;
    const y = this.#y;
    const z = this.#z;
    x.set(COS, SIN, 0).multiplyScalar(radius);
    y.set(-SIN, COS, 0).multiplyScalar(radius);
    z.set(0, 0, radius);
    this.#sky.matrixWorld.makeBasis(x, y, z).setPosition(eye);
    if (this.#haze === null) return;
    const at = 9 * this.#plane;
    column(frame.geom_xmat, at, 0, x);
    column(frame.geom_xmat, at, 1, y);
    column(frame.geom_xmat, at, 2, z);
    this.#point.copy(x);
    x.multiplyScalar(COS).addScaledVector(y, SIN);
    y.multiplyScalar(COS).addScaledVector(this.#point, -SIN);
    const height = -this.#point
      .fromArray(frame.geom_xpos, 3 * this.#plane)
      .sub(eye)
      .dot(z);
    this.#haze.visible = height >= 0;
    this.#point.copy(eye).addScaledVector(z, -height);
    this.#haze.matrixWorld
      .makeBasis(x.multiplyScalar(radius), y.multiplyScalar(radius), z.multiplyScalar(height))
      .setPosition(this.#point);
  }

  dispose(): void {
    for (const mesh of [this.#sky, this.#haze]) {
      if (mesh === null) continue;
      mesh.removeFromParent();
      mesh.geometry.dispose();
      for (const material of [mesh.material].flat()) material.dispose();
    }
  }
}

function still(mesh: Mesh): Mesh {
  mesh.matrixAutoUpdate = false;
  mesh.matrixWorldAutoUpdate = false;
  mesh.frustumCulled = false;
  mesh.geometry.boundingSphere = new Sphere(new Vector3(), Infinity);
  return mesh;
}

/**
 * A ring from the horizon (radius 1, height 0) inwards and up to the eye's height: clear at both edges and opaque
 * where it meets, as seen from the eye, the sky's lower rim.
 *
 * @param width how far it reaches towards the eye, as a part of the radius
 */
function hazeGeometry(width: number): BufferGeometry {
  const alpha = Math.atan2(1, width);
  const beta = 0.75 * Math.PI - alpha;
  const turn = (Math.SQRT1_2 * width * Math.sin(alpha)) / Math.sin(beta);
  const levels = [
    [0, 0],
    [turn, 1],
    [1, 0],
  ] as const;
  const position: number[] = [];
  const cover: number[] = [];
  const index: number[] = [];
  for (const [height, opacity] of levels) {
    for (let j = 0; j <= SLICES; j++) {
      const az = (2 * Math.PI * j) / SLICES;
      const radius = 1 - width * (1 - height);
      position.push(Math.cos(az) * radius, Math.sin(az) * radius, height);
      cover.push(opacity);
    }
  }
  for (let level = 0; level < 2; level++) {
    for (let j = 0; j < SLICES; j++) {
      const a = level * (SLICES + 1) + j;
      const b = a + SLICES + 1;
      index.push(a, a + 1, b + 1, a, b + 1, b);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(position), 3));
  geometry.setAttribute('alpha', new BufferAttribute(new Float32Array(cover), 1));
  geometry.setIndex(index);
  return geometry;
}
