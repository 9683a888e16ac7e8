import {
  BufferAttribute,
  GLSL3,
  NoBlending,
  RawShaderMaterial,
  Vector2,
  Vector3,
  type DataTexture,
  type IUniform,
} from 'three';
import { buildHead, type HeadModel } from '../face/head/head';
import { packHead, type PackedHead } from '../face/head/pack';
import type { StyleName } from '../face/head/style';
import { HEAD_FRAGMENT } from './head_fragment';
import { casterMaterial, deltaTexture, type HeadPass } from './head_parts';
import { HEAD_VERTEX, RECORD } from './head_shader';
import { INSIDE_MASK } from './materials';

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

/** @param shared uniforms of whoever draws: records, light */
export function headMaterial(
  { model, deltas }: HeadKind,
  shared: Record<string, IUniform>,
  pass: HeadPass,
): RawShaderMaterial {
  if (pass === 'caster') return casterMaterial(RECORD.place, shared);
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
    deltas: deltaTexture(texels),
  };
}
