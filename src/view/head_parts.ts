import {
  DataTexture,
  DoubleSide,
  GLSL3,
  HalfFloatType,
  InstancedBufferGeometry,
  NearestFilter,
  RawShaderMaterial,
  RGBAFormat,
  type BufferAttribute,
  type InstancedBufferAttribute,
  type IUniform,
} from 'three';
import { DELTA_ROW } from '../face/head/pack';
import { casterVertex } from './head_glsl';
import { CASTING } from './materials';
import { EMPTY_FRAGMENT } from './shaders';

/** What heads are drawn for: as they are, seen in the mirror, or to cast a shadow. */
export type HeadPass = 'plain' | 'mirrored' | 'caster';

/** The displacements of a head's vertices. @param texels as `packDeltas` makes them */
export function deltaTexture(texels: Uint16Array<ArrayBuffer>): DataTexture {
  const height = texels.length / (4 * DELTA_ROW);
  const deltas = new DataTexture(texels, DELTA_ROW, height, RGBAFormat, HalfFloatType);
  deltas.minFilter = deltas.magFilter = NearestFilter;
  deltas.needsUpdate = true;
  return deltas;
}

/** A geometry of a kind for instances; `slot` says which record each has. */
export function instancedGeometry(
  {
    attributes,
    index,
  }: {
    readonly attributes: Readonly<Record<string, BufferAttribute>>;
    readonly index: BufferAttribute;
  },
  slot: InstancedBufferAttribute,
): InstancedBufferGeometry {
  const geometry = new InstancedBufferGeometry();
  for (const [name, attribute] of Object.entries(attributes)) geometry.setAttribute(name, attribute);
  geometry.setIndex(index);
  geometry.setAttribute('slot', slot);
  geometry.instanceCount = 0;
  return geometry;
}

/** @param place the texel of a record where its place begins */
export function casterMaterial(place: number, uniforms: Record<string, IUniform>): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: casterVertex(place),
    fragmentShader: EMPTY_FRAGMENT,
    uniforms,
    side: DoubleSide,
    ...CASTING,
  });
}
