import type { ModelCopy } from '../core/model';
import { TRAIT } from './stage';

/** Colour and material of something drawn, by MuJoCo's names. */
export interface Look {
  readonly rgba: readonly [number, number, number, number];
  readonly emission: number;
  readonly specular: number;
  /** 0..1. */
  readonly shininess: number;
  readonly reflectance: number;
  /** Material that supplies the texture, or -1. */
  readonly matid: number;
}

/** What MuJoCo draws with where no material says otherwise. */
const PLAIN = { emission: 0, specular: 0.5, shininess: 0.5, reflectance: 0 };

/** Below this alpha a geom counts as transparent: no shadows on it, blended, sorted. */
export const OPAQUE_ALPHA = 0.995;

/** `mjTEXROLE_RGB`: slot of the colour texture among a material's textures. */
const TEXROLE_RGB = 1;

/** 128 is OpenGL's largest exponent; MuJoCo's shininess is a part of it. */
const MAX_EXPONENT = 128;

function rgbaAt(values: Float32Array, index: number): [number, number, number, number] {
  const at = 4 * index;
  return [values[at] ?? 0, values[at + 1] ?? 0, values[at + 2] ?? 0, values[at + 3] ?? 0];
}

/** The look that material `matid` (-1: none) and an object's own colour give; an own colour of default grey yields. */
export function lookOf(m: ModelCopy, matid: number, rgbas: Float32Array, index: number): Look {
  const own = rgbaAt(rgbas, index);
  if (matid < 0) return { ...PLAIN, rgba: own, matid };
  const isDefault = own[0] === 0.5 && own[1] === 0.5 && own[2] === 0.5 && own[3] === 1;
  return {
    rgba: isDefault ? rgbaAt(m.mat_rgba, matid) : own,
    emission: m.mat_emission[matid] ?? 0,
    specular: m.mat_specular[matid] ?? 0,
    shininess: m.mat_shininess[matid] ?? 0,
    reflectance: m.mat_reflectance[matid] ?? 0,
    matid,
  };
}

/** Id of the texture that colours a material, or -1. */
export function textureOf(m: ModelCopy, matid: number): number {
  const roles = m.mat_texid.length / m.nmat;
  return matid < 0 ? -1 : (m.mat_texid[matid * roles + TEXROLE_RGB] ?? -1);
}

/** Writes a look's colour and material into an instance's traits; size and texture scale are left alone. */
export function writeLook(
  traits: Float32Array,
  instance: number,
  look: Look,
  emission = look.emission,
): void {
  const at = instance * TRAIT.stride;
  traits.set(look.rgba, at + TRAIT.rgba);
  traits[at + TRAIT.emission] = emission;
  traits[at + TRAIT.specular] = look.specular;
  traits[at + TRAIT.exponent] = Math.min(look.shininess, 1) * MAX_EXPONENT;
}
