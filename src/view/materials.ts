import {
  AddEquation,
  AlwaysStencilFunc,
  CustomBlending,
  DoubleSide,
  EqualStencilFunc,
  FrontSide,
  GLSL3,
  KeepStencilOp,
  LessEqualDepth,
  Matrix4,
  NoBlending,
  OneFactor,
  OneMinusSrcAlphaFactor,
  RawShaderMaterial,
  ReplaceStencilOp,
  SrcAlphaFactor,
  Vector2,
  Vector4,
  ZeroFactor,
  type IUniform,
  type Texture,
} from 'three';
import { EMPTY_FRAGMENT, VERTEX } from './shaders';
import { MAX_LIGHTS, surfaceFragment, type Lighting } from './surface_shader';

/**
 * What a surface is drawn for. `mask` marks the mirror in the stencil buffer, `mirrored` and `mirroredTransparent`
 * draw the scene seen in it, `reflector` adds the mirror's own colour to that, `caster` fills a shadow map.
 */
export type Pass =
  | 'opaque'
  | 'transparent'
  | 'mask'
  | 'mirrored'
  | 'mirroredTransparent'
  | 'reflector'
  | 'caster';

/** How a texture lies on a surface: projected along z, as a cube, by texture coordinates, or not at all. */
export type Mapping = 'none' | 'plane' | 'cube' | 'uv';

/** Shadow maps at most: each takes one of the 16 texture units that WebGL 2 grants, and 16 MB. */
export const MAX_SHADOWS = 4;

/** Fixed-function slope and constant offset of shadow casters, as native has them. */
const SHADOW_OFFSET = { factor: 1.5, units: 4 };

/** How a shadow map is filled. */
export const CASTING = {
  blending: NoBlending,
  colorWrite: false,
  polygonOffset: true,
  polygonOffsetFactor: SHADOW_OFFSET.factor,
  polygonOffsetUnits: SHADOW_OFFSET.units,
} as const;

const MAPPING_DEFINE: Record<Mapping, string | null> = {
  none: null,
  plane: 'PLANE_MAP',
  cube: 'CUBE_MAP',
  uv: 'UV_MAP',
};

/**
 * The few materials everything is drawn with. Colour, shininess and the like are instance attributes, so a material
 * is one per pass, texture and mapping, and all of them share one set of uniforms: writing a value here changes it
 * in every program.
 */
export class Materials {
  readonly uniforms = {
    /** Position of a spot light or direction to a directional one, and a spot light's axis; world, 3 numbers each. */
    lightPlace: { value: new Float32Array(MAX_LIGHTS * 3) },
    lightAxis: { value: new Float32Array(MAX_LIGHTS * 3) },
    fog: { value: new Vector4() },
    fogRange: { value: new Vector2(0, 1) },
    mirrorPlane: { value: new Vector4() },
    mirrorReflectance: { value: 0 },
    viewport: { value: new Vector2(1, 1) },
    shadowMap: { value: [] as Texture[] },
    shadowMatrix: { value: [] as Matrix4[] },
  };
  #lighting: Lighting = { lights: [], plain: 0, maps: 0 };
  #wireframe = false;
  readonly #made = new Map<string, RawShaderMaterial>();

  /** What shines; it is compiled into the programs, so set it before drawing. */
  set lighting(lighting: Lighting) {
    if (JSON.stringify(lighting) === JSON.stringify(this.#lighting)) return;
    this.#lighting = lighting;
    for (const [key, material] of this.#made) {
      material.fragmentShader = this.#fragment(key.slice(0, key.indexOf(' ')));
      material.needsUpdate = true;
    }
  }

  set wireframe(on: boolean) {
    this.#wireframe = on;
    for (const [key, material] of this.#made) material.wireframe = on && !key.startsWith('mask ');
  }

  /** The material for a pass; the same arguments give the same one. Owned by this object. */
  get(pass: Pass, mapping: Mapping, texture: Texture | null, line = false): RawShaderMaterial {
    const plain = pass === 'caster' || pass === 'mask';
    const used = plain || texture === null ? 'none' : mapping;
    // Texture coordinates move vertices of capsules, unless they are real ones.
    const shape = mapping === 'uv' ? 'uv' : line ? 'line' : '';
    const key = `${pass} ${used} ${shape} ${used === 'none' ? '' : (texture?.id ?? '')}`;
    const known = this.#made.get(key);
    if (known) return known;

    const defines: Record<string, number> = {};
    const map = MAPPING_DEFINE[mapping === 'uv' ? 'uv' : used];
    if (map !== null && used !== 'none') defines[map] = 1;
    if (mapping === 'uv' && used === 'none') defines['UNMAPPED'] = 1;
    if (line) defines['LINE'] = 1;
    if (pass === 'mirrored' || pass === 'mirroredTransparent') defines['MIRROR'] = 1;
    if (pass === 'transparent' || pass === 'mirroredTransparent') defines['TRANSPARENT'] = 1;
    const uniforms: Record<string, IUniform> = { ...this.uniforms };
    if (used !== 'none') uniforms['map'] = { value: texture };
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: this.#fragment(pass),
      defines,
      uniforms,
      side: pass === 'caster' || line ? DoubleSide : FrontSide,
      depthFunc: LessEqualDepth,
      wireframe: this.#wireframe && pass !== 'mask',
      // Order is ours: three is never to sort these apart.
      transparent: false,
      ...PASS_STATE[pass],
    });
    this.#made.set(key, material);
    return material;
  }

  #fragment(pass: string): string {
    if (pass === 'caster' || pass === 'mask') return EMPTY_FRAGMENT;
    // Native's shadows fall on what is opaque, and are not seen in the mirror.
    return surfaceFragment(this.#lighting, pass === 'opaque' || pass === 'reflector');
  }

  /** Frees all programs; materials are made anew when asked for. */
  dispose(): void {
    for (const material of this.#made.values()) material.dispose();
    this.#made.clear();
  }
}

const BLEND = {
  blending: CustomBlending,
  blendEquation: AddEquation,
  blendSrc: SrcAlphaFactor,
  blendDst: OneMinusSrcAlphaFactor,
  blendSrcAlpha: ZeroFactor,
  blendDstAlpha: OneFactor,
  depthWrite: false,
} as const;

/** Drawn only where the mirror is. */
export const INSIDE_MASK = {
  stencilWrite: true,
  stencilFunc: EqualStencilFunc,
  stencilRef: 1,
  stencilFail: KeepStencilOp,
  stencilZFail: KeepStencilOp,
  stencilZPass: KeepStencilOp,
} as const;

const PASS_STATE = {
  opaque: { blending: NoBlending },
  transparent: BLEND,
  mask: {
    blending: NoBlending,
    colorWrite: false,
    depthWrite: false,
    depthTest: false,
    stencilWrite: true,
    stencilFunc: AlwaysStencilFunc,
    stencilRef: 1,
    stencilFail: ReplaceStencilOp,
    stencilZFail: ReplaceStencilOp,
    stencilZPass: ReplaceStencilOp,
  },
  mirrored: { blending: NoBlending, ...INSIDE_MASK },
  mirroredTransparent: { ...BLEND, ...INSIDE_MASK },
  reflector: {
    ...BLEND,
    blendSrc: OneFactor,
    blendDst: OneFactor,
    depthWrite: true,
  },
  caster: CASTING,
} as const;
