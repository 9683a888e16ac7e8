import type { Vector3 } from 'three';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { MAX_SHADOWS, type Materials } from './materials';
import { LIGHT_STRIDE, MAX_LIGHTS } from './shaders';

/** `mjtLightType`. */
export const LIGHT = { spot: 0, directional: 1 } as const;

/** Stands for the light at the camera among light ids. */
const HEADLIGHT = -1;

/** What ambient light there is when nothing else shines. */
const AMBIENT_WITHOUT_LIGHTS = 0.3;

/** OpenGL's value for a light that shines all around, degrees. */
const ALL_AROUND = 180;

/** Below any cosine: no cone cuts the light off. */
const NO_CONE = -2;

type Rgb = readonly [number, number, number];

/** The lights of a scene: which there are is settled by the model, where they are by each frame. */
export class Lights {
  /** Ids of the lights whose shadows are mapped, in the order of the maps. */
  readonly shadowed: readonly number[];
  readonly #model: ModelCopy;
  /** Light ids in the order of the uniform: those that cast no shadow, those with a map, those too many for one. */
  readonly #ids: readonly number[];
  readonly #materials: Materials;

  /** Fills in everything about the lights that no frame changes. */
  constructor(m: ModelCopy, shadows: boolean, materials: Materials) {
    this.#model = m;
    this.#materials = materials;
    const ids: number[] = Number(m.vis.headlight['active'] ?? 1) === 0 ? [] : [HEADLIGHT];
    for (let id = 0; id < m.nlight && ids.length < MAX_LIGHTS; id++)
      if (m.light_active[id] && isKnown(m, id)) ids.push(id);
    const casts = (id: number): boolean =>
      shadows && id >= 0 && m.light_castshadow[id] === 1 && shines(m, id);
    const casting = ids.filter(casts);
    this.shadowed = casting.slice(0, MAX_SHADOWS);
    this.#ids = [...ids.filter((id) => !casting.includes(id)), ...casting];

    const { lightCount, ambient, lights } = materials.uniforms;
    lightCount.value[0] = ids.length - casting.length;
    lightCount.value[1] = ids.length;
    ambient.value.setScalar(ids.length > 0 ? 0 : AMBIENT_WITHOUT_LIGHTS);
    this.#ids.forEach((id, i) => this.#describe(id, lights.value, i * LIGHT_STRIDE * 4));
  }

  /** Moves the lights to where the frame has them, and the headlight to the camera. */
  update(frame: Frame, forward: Vector3): void {
    const { light_xpos, light_xdir } = frame;
    const values = this.#materials.uniforms.lights.value;
    for (let i = 0; i < this.#ids.length; i++) {
      const id = this.#ids[i] ?? HEADLIGHT;
      const at = i * LIGHT_STRIDE * 4;
      if (id === HEADLIGHT) {
        values[at] = -forward.x;
        values[at + 1] = -forward.y;
        values[at + 2] = -forward.z;
        continue;
      }
      const directional = this.#model.light_type[id] === LIGHT.directional;
      for (let k = 0; k < 3; k++) {
        const dir = light_xdir[3 * id + k] ?? 0;
        values[at + k] = directional ? -dir : (light_xpos[3 * id + k] ?? 0);
        values[at + 4 + k] = dir;
      }
    }
  }

  /**
   * vec4s of a light: position with exponent + 1 (or direction to it with 0), axis with the cone's cosine, then
   * ambient, diffuse and specular colours with the three attenuation coefficients.
   */
  #describe(id: number, out: Float32Array, at: number): void {
    const m = this.#model;
    const spot = id !== HEADLIGHT && m.light_type[id] === LIGHT.spot;
    const cutoff = m.light_cutoff[id] ?? ALL_AROUND;
    out.fill(0, at, at + LIGHT_STRIDE * 4);
    out[at + 3] = spot ? 1 + (m.light_exponent[id] ?? 0) : 0;
    out[at + 7] = spot && cutoff < ALL_AROUND ? Math.cos((cutoff * Math.PI) / 180) : NO_CONE;
    out.set(colour(m, id, 'ambient'), at + 8);
    out.set(colour(m, id, 'diffuse'), at + 12);
    out.set(colour(m, id, 'specular'), at + 16);
    for (let k = 0; k < 3; k++)
      out[at + 11 + 4 * k] = spot ? (m.light_attenuation[3 * id + k] ?? 0) : k === 0 ? 1 : 0;
  }
}

/** Other kinds are for other renderers: native's own draws nothing of them. */
function isKnown(m: ModelCopy, id: number): boolean {
  return m.light_type[id] === LIGHT.spot || m.light_type[id] === LIGHT.directional;
}

function colour(m: ModelCopy, id: number, term: 'ambient' | 'diffuse' | 'specular'): Rgb {
  if (id === HEADLIGHT) {
    const value = m.vis.headlight[term];
    return Array.isArray(value) ? [value[0] ?? 0, value[1] ?? 0, value[2] ?? 0] : [0, 0, 0];
  }
  const values = m[`light_${term}`];
  return [values[3 * id] ?? 0, values[3 * id + 1] ?? 0, values[3 * id + 2] ?? 0];
}

function shines(m: ModelCopy, id: number): boolean {
  return (['ambient', 'diffuse', 'specular'] as const).some((term) => colour(m, id, term).some((c) => c > 0));
}
