import {
  CustomBlending,
  DoubleSide,
  FrontSide,
  GLSL3,
  NoBlending,
  OneFactor,
  OneMinusSrcAlphaFactor,
  RawShaderMaterial,
  SrcAlphaFactor,
  Vector3,
  Vector4,
  ZeroFactor,
  type InstancedBufferAttribute,
  type InstancedBufferGeometry,
  type IUniform,
} from 'three';
import type { GlbMaterial } from '../face/glb/materials';
import type { GlbKind } from './glb_head';
import { GLB_FRAGMENT, GLB_RECORD, GLB_VERTEX } from './glb_shader';
import { casterMaterial, instancedGeometry, type HeadPass } from './head_parts';
import { INSIDE_MASK } from './materials';

/**
 * What is blended is drawn twice: where it is nearly opaque as a solid, with depth, so that whatever is drawn later does
 * not cover it; the soft rest is mixed with what is behind.
 */
const SOLID_FROM = 0.6;
/** Soft rest: colours are mixed, the picture's own alpha stays. */
const SOFT = {
  blending: CustomBlending,
  blendSrc: SrcAlphaFactor,
  blendDst: OneMinusSrcAlphaFactor,
  blendSrcAlpha: ZeroFactor,
  blendDstAlpha: OneFactor,
  depthWrite: false,
} as const;
/** Of a mirror-like and of a dull surface. */
const GLOSS = { most: 0.3, least: 0.05 };

/** A geometry for instances of a head; `slot` says which record each has. Groups are those of {@link glbMaterials}. */
export function glbGeometry(kind: GlbKind, slot: InstancedBufferAttribute): InstancedBufferGeometry {
  const geometry = instancedGeometry(kind, slot);
  passesOf(kind).forEach(({ start, count }, i) => geometry.addGroup(start, count, i));
  return geometry;
}

/** One material for each group of the geometry. */
export function glbMaterials(
  kind: GlbKind,
  shared: Record<string, IUniform>,
  pass: HeadPass,
): RawShaderMaterial[] {
  const { pivots } = kind.model;
  const posing = {
    ...shared,
    deltas: { value: kind.deltas },
    hinge: { value: new Vector3(...pivots.jaw) },
    leftEye: { value: new Vector3(...pivots.leftEye) },
    rightEye: { value: new Vector3(...pivots.rightEye) },
  };
  return passesOf(kind).map(({ material, soft, map }) => {
    if (pass === 'caster') {
      const caster = casterMaterial(GLB_RECORD.place, shared);
      caster.visible = !soft;
      return caster;
    }
    const { roughness, doubleSided, unlit, alpha, cutoff } = material;
    return new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: GLB_VERTEX,
      fragmentShader: GLB_FRAGMENT,
      defines: {
        ...(map && { MAP: 1 }),
        ...(unlit && { UNLIT: 1 }),
        ...(alpha === 'mask' && { CUT: cutoff.toFixed(3) }),
        ...(alpha === 'blend' && { [soft ? 'SOFT' : 'CUT']: SOLID_FROM.toFixed(3) }),
        ...(pass === 'mirrored' && { MIRROR: 1 }),
      },
      uniforms: {
        ...posing,
        map: { value: map },
        factor: { value: new Vector4(...material.colour) },
        emissive: { value: new Vector3(...material.emissive) },
        gloss: { value: GLOSS.least + (GLOSS.most - GLOSS.least) * (1 - roughness) ** 2 },
      },
      side: doubleSided ? DoubleSide : FrontSide,
      ...(soft ? SOFT : { blending: NoBlending }),
      ...(pass === 'mirrored' ? INSIDE_MASK : {}),
    });
  });
}

interface Drawn {
  readonly start: number;
  readonly count: number;
  readonly material: GlbMaterial;
  readonly map: GlbKind['textures'][number];
  readonly soft: boolean;
}

/** What is drawn of a head, in order. */
function passesOf({ model, textures }: GlbKind): readonly Drawn[] {
  return model.groups.flatMap(({ material: index, start, count }): Drawn[] => {
    const material = model.materials[index];
    if (!material) return [];
    const drawn = { start, count, material, map: textures[index] ?? null };
    return material.alpha === 'blend'
      ? [
          { ...drawn, soft: false },
          { ...drawn, soft: true },
        ]
      : [{ ...drawn, soft: false }];
  });
}
