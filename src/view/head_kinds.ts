import {
  BufferAttribute,
  DataTexture,
  DoubleSide,
  GLSL3,
  HalfFloatType,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  NearestFilter,
  NoBlending,
  RawShaderMaterial,
  RGBAFormat,
  Vector2,
  Vector3,
  type IUniform,
} from 'three';
import { buildHead, type HeadModel } from '../face/head/head';
import { DELTA_ROW, packHead, type PackedHead } from '../face/head/pack';
import type { StyleName } from '../face/head/style';
import { HEAD_FRAGMENT } from './head_fragment';
import { HEAD_CASTER_VERTEX, HEAD_VERTEX } from './head_shader';
import { CASTING, INSIDE_MASK } from './materials';
import { EMPTY_FRAGMENT } from './shaders';

/** A style of heads as the graphics card has it. */
export interface HeadKind {
  readonly model: HeadModel;
  readonly attributes: Readonly<Record<string, BufferAttribute>>;
  readonly index: BufferAttribute;
  readonly deltas: DataTexture;
}

/** Constants of each style's finish, as the shader has them. */
const FINISH: Readonly<Record<StyleName, Readonly<Record<string, string | number>>>> = {
  android: {
    PANELS: 1,
    SHELL: '0.12',
    GLOSS: '0.16',
    BLUSH: '0.5',
    LIP_STRENGTH: '0.75',
    BROW_PLATES: 'false',
  },
  human: { GLOSS: '0.08', BLUSH: '0.45', LIP_STRENGTH: '0.7', BROW_PLATES: 'false' },
  robot: {
    PANELS: 1,
    LENS: 1,
    SHELL: '0.04',
    GLOSS: '0.22',
    BLUSH: '0.0',
    LIP_STRENGTH: '0.9',
    BROW_PLATES: 'true',
  },
};

/** The styles of heads in use, each built when it is first asked for and shared by all who draw it. */
export class HeadKinds {
  private readonly kinds = new Map<StyleName, HeadKind>();

  /**
   * Takes a head that was built elsewhere, in a worker say: building one takes a fifth of a second.
   * Without this {@link get} builds it.
   */
  give(head: PackedHead): void {
    if (!this.has(head.model.name)) this.kinds.set(head.model.name, kindOf(head));
  }

  /** Whether a style is here already. */
  has(style: StyleName): boolean {
    return this.kinds.has(style);
  }

  get(style: StyleName): HeadKind {
    const known = this.kinds.get(style);
    if (known) return known;
    const kind = kindOf(packHead(buildHead(style)));
    this.kinds.set(style, kind);
    return kind;
  }

  dispose(): void {
    for (const { deltas } of this.kinds.values()) deltas.dispose();
    this.kinds.clear();
  }
}

/** A geometry of a kind for so many heads; `slot` says which record each instance has. */
export function headGeometry(
  { attributes, index }: HeadKind,
  slot: InstancedBufferAttribute,
): InstancedBufferGeometry {
  const geometry = new InstancedBufferGeometry();
  for (const [name, attribute] of Object.entries(attributes)) geometry.setAttribute(name, attribute);
  geometry.setIndex(index);
  geometry.setAttribute('slot', slot);
  geometry.instanceCount = 0;
  return geometry;
}

/** What heads are drawn for: as they are, seen in the mirror, or to cast a shadow. */
export type HeadPass = 'plain' | 'mirrored' | 'caster';

/** @param shared uniforms of whoever draws: records, light */
export function headMaterial(
  { model, deltas }: HeadKind,
  shared: Record<string, IUniform>,
  pass: HeadPass,
): RawShaderMaterial {
  if (pass === 'caster')
    return new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: HEAD_CASTER_VERTEX,
      fragmentShader: EMPTY_FRAGMENT,
      uniforms: shared,
      side: DoubleSide,
      ...CASTING,
    });
  const { eye, jaw } = model.shape;
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: HEAD_VERTEX,
    fragmentShader: HEAD_FRAGMENT,
    defines: { ...FINISH[model.name], ...(pass === 'mirrored' ? { MIRROR: 1 } : {}) },
    uniforms: {
      ...shared,
      deltas: { value: deltas },
      eyeAt: { value: new Vector3(...eye.at) },
      hinge: { value: new Vector3(...jaw.hinge) },
      lidRadius: { value: model.lidRadius },
      irisSize: { value: new Vector2(eye.iris, eye.pupil) },
      opening: { value: new Vector3(eye.upper, eye.width, eye.almond) },
    },
    blending: NoBlending,
    ...(pass === 'mirrored' ? INSIDE_MASK : {}),
  });
}

function kindOf({ model, span, texels }: PackedHead): HeadKind {
  const deltas = new DataTexture(
    texels,
    DELTA_ROW,
    texels.length / (4 * DELTA_ROW),
    RGBAFormat,
    HalfFloatType,
  );
  deltas.minFilter = deltas.magFilter = NearestFilter;
  deltas.needsUpdate = true;
  return {
    model,
    attributes: {
      position: new BufferAttribute(model.positions, 3),
      normal: new BufferAttribute(model.normals, 3),
      rig: new BufferAttribute(model.rig, 4),
      looks: new BufferAttribute(model.looks, 4),
      span: new BufferAttribute(span, 2),
    },
    index: new BufferAttribute(model.indices, 1),
    deltas,
  };
}
