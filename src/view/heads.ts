import {
  DataTexture,
  DoubleSide,
  FloatType,
  Frustum,
  GLSL3,
  Group,
  Matrix4,
  Mesh,
  NearestFilter,
  RawShaderMaterial,
  RGBAFormat,
  Sphere,
  Vector2,
  Vector3,
  type Camera,
  type InstancedBufferAttribute,
} from 'three';
import { buildHead, type HeadModel } from '../face/head/head';
import { makePose, poseOf, TURNS } from '../face/head/rig';
import { STYLE_NAMES, type HeadColours, type StyleName } from '../face/head/style';
import { SHAPES } from '../face/names';
import { deltaTexture, headGeometry } from './head_geometry';
import { HEAD_FRAGMENT, HEAD_VERTEX, RECORD } from './head_shader';

/** Heads at once. */
export const MAX_HEADS = 64;

/** Height of a head of size 1, m. */
export const HEAD_HEIGHT = 0.24;
/** All of a head of size 1 is within this of its origin, m. */
const HEAD_RADIUS = 0.24;

/** A head as it is to be seen in the next picture. */
export interface HeadState {
  /** Of the point between the eyes, world, m. */
  readonly position: ArrayLike<number>;
  /** Unit, w first; the identity looks along x with z up. */
  readonly quaternion: ArrayLike<number>;
  /** Height of the head, m. */
  readonly size: number;
  readonly style: StyleName;
  readonly colours: HeadColours;
  /** 52, in ARKit's order. */
  readonly weights: ArrayLike<number>;
}

interface Kind {
  readonly model: HeadModel;
  readonly mesh: Mesh<ReturnType<typeof headGeometry>['geometry'], RawShaderMaterial>;
  readonly slot: InstancedBufferAttribute;
  readonly deltas: DataTexture;
}

const STRIDE = 4 * RECORD.texels;

/** Constants of each style's finish, as the shader has them. */
const FINISH: Readonly<Record<StyleName, Readonly<Record<string, string | number>>>> = {
  android: { PANELS: 1, SHELL: '0.12', GLOSS: '0.16', BLUSH: '0.5', LIP_STRENGTH: '0.75' },
  human: { GLOSS: '0.08', BLUSH: '0.45', LIP_STRENGTH: '0.7' },
  robot: { PANELS: 1, SHELL: '0.04', LENS: 1, GLOSS: '0.22', BLUSH: '0.0', LIP_STRENGTH: '0.9' },
};

/**
 * Faces in the scene: up to {@link MAX_HEADS} heads, one draw call for each style in sight.
 *
 * The graphics card does the work. What a picture costs here is to turn each visible head's 52 weights into a pose and
 * to upload one small texture; nothing is allocated for it.
 */
export class Heads {
  readonly object = new Group();
  readonly #kinds = new Map<StyleName, Kind>();
  readonly #data = new Float32Array(STRIDE * MAX_HEADS);
  readonly #records = new DataTexture(
    this.#data,
    RECORD.texels,
    MAX_HEADS,
    RGBAFormat,
    FloatType,
    undefined,
    undefined,
    undefined,
    NearestFilter,
    NearestFilter,
  );
  readonly #shared = {
    records: { value: this.#records },
    keyDirection: { value: new Vector3(0, 0, 1) },
    exposure: { value: 1 },
  };
  readonly #states: (HeadState | null)[] = Array.from({ length: MAX_HEADS }, () => null);
  readonly #pose = makePose();
  readonly #frustum = new Frustum();
  readonly #matrix = new Matrix4();
  readonly #sphere = new Sphere();
  readonly #axis = new Vector3();

  /** Shows a head, or changes it. The state is kept and read again with every picture: write new weights into it. */
  set(slot: number, state: HeadState): void {
    if (slot < 0 || slot >= MAX_HEADS) return;
    this.#states[slot] = state;
    const { colours } = state;
    this.#colour(slot, RECORD.skin, colours.skin);
    this.#colour(slot, RECORD.accent, colours.accent);
    this.#colour(slot, RECORD.hair, colours.hair);
    this.#colour(slot, RECORD.iris, colours.iris);
    this.#colour(slot, RECORD.lips, colours.lips);
  }

  remove(slot: number): void {
    this.#states[slot] = null;
  }

  /** How bright the scene is, 1 is a lit room; a head is never wholly dark. */
  set brightness(value: number) {
    this.#shared.exposure.value = Math.min(1.15, Math.max(0.55, value));
  }

  /** Prepares a picture from this camera, whose matrices are up to date. */
  update(camera: Camera): void {
    this.#matrix.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
    this.#frustum.setFromProjectionMatrix(this.#matrix);
    this.#shine(camera);
    let any = false;
    for (const kind of this.#kinds.values()) kind.mesh.geometry.instanceCount = 0;
    for (let slot = 0; slot < MAX_HEADS; slot++) {
      const state = this.#states[slot] ?? null;
      if (state === null) continue;
      const scale = state.size / HEAD_HEIGHT;
      const { position } = state;
      this.#sphere.center.set(position[0] ?? 0, position[1] ?? 0, position[2] ?? 0);
      this.#sphere.radius = HEAD_RADIUS * scale;
      if (!this.#frustum.intersectsSphere(this.#sphere)) continue;
      const kind = this.#kind(state.style);
      const { geometry } = kind.mesh;
      kind.slot.array[geometry.instanceCount++] = slot;
      this.#write(slot, state, scale, kind.model);
      any = true;
    }
    for (const { mesh, slot } of this.#kinds.values()) {
      mesh.visible = mesh.geometry.instanceCount > 0;
      if (mesh.visible) slot.needsUpdate = true;
    }
    if (any) this.#records.needsUpdate = true;
  }

  dispose(): void {
    this.object.removeFromParent();
    for (const { mesh, deltas } of this.#kinds.values()) {
      mesh.geometry.dispose();
      mesh.material.dispose();
      deltas.dispose();
    }
    this.#kinds.clear();
    this.#records.dispose();
  }

  #write(slot: number, state: HeadState, scale: number, { joints }: HeadModel): void {
    const data = this.#data;
    const at = STRIDE * slot;
    const { turns, weights } = poseOf(state.weights, joints, this.#pose);
    for (let i = 0; i < SHAPES; i++) data[at + i] = weights[i] ?? 0;
    for (let i = 0; i < TURNS; i++) data[at + 4 * RECORD.turns + i] = turns[i] ?? 0;
    const { position, quaternion } = state;
    const place = at + 4 * RECORD.place;
    for (let i = 0; i < 3; i++) {
      data[place + i] = quaternion[i + 1] ?? 0;
      data[place + 4 + i] = position[i] ?? 0;
    }
    data[place + 3] = quaternion[0] ?? 1;
    data[place + 7] = scale;
  }

  #colour(slot: number, texel: number, rgb: readonly number[]): void {
    for (let i = 0; i < 3; i++) this.#data[STRIDE * slot + 4 * texel + i] = rgb[i] ?? 0;
  }

  /** The main light stands over the viewer's left shoulder, and never below the horizon. */
  #shine(camera: Camera): void {
    const { value } = this.#shared.keyDirection;
    value.set(0, 0, 0.55);
    value.addScaledVector(this.#axis.setFromMatrixColumn(camera.matrixWorld, 0), -0.5);
    value.addScaledVector(this.#axis.setFromMatrixColumn(camera.matrixWorld, 1), 0.35);
    value.addScaledVector(this.#axis.setFromMatrixColumn(camera.matrixWorld, 2), 0.75);
    value.normalize();
  }

  #kind(style: StyleName): Kind {
    const known = this.#kinds.get(style);
    if (known) return known;
    const model = buildHead(style);
    const { geometry, slot } = headGeometry(model, MAX_HEADS);
    const deltas = deltaTexture(model);
    const { eye, jaw } = model.shape;
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: HEAD_VERTEX,
      fragmentShader: HEAD_FRAGMENT,
      defines: { ...FINISH[style] },
      uniforms: {
        ...this.#shared,
        deltas: { value: deltas },
        eyeAt: { value: new Vector3(...eye.at) },
        hinge: { value: new Vector3(...jaw.hinge) },
        lidRadius: { value: model.lidRadius },
        irisSize: { value: new Vector2(eye.iris, eye.pupil) },
        lidRest: { value: new Vector3(eye.upper, -eye.lower, eye.width) },
      },
      side: DoubleSide,
    });
    const mesh = new Mesh(geometry, material);
    // Its instances are culled one by one.
    mesh.frustumCulled = false;
    mesh.matrixAutoUpdate = false;
    this.object.add(mesh);
    const kind = { model, mesh, slot, deltas };
    this.#kinds.set(style, kind);
    return kind;
  }
}

export { STYLE_NAMES };
