import type { Vector3 } from 'three';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { MAX_SHADOWS, type Materials } from './materials';
import { MAX_LIGHTS, type LightTerms, type Rgb } from './surface_shader';

/** `mjtLightType`. */
export const LIGHT = { spot: 0, directional: 1 } as const;

/** Stands for the light at the camera among light ids. */
const HEADLIGHT = -1;

/** OpenGL's value for a light that shines all around, degrees. */
const ALL_AROUND = 180;

/** The lights of a scene: which there are is settled by the model, where they are by each frame. */
export class Lights {
  /** Ids of the lights whose shadows are mapped, in the order of the maps. */
  readonly shadowed: readonly number[];
  readonly #model: ModelCopy;
  /** Light ids in the order of the uniform: those that cast no shadow, those with a map, those too many for one. */
  readonly #ids: readonly number[];
  readonly #materials: Materials;

  /** Tells the materials what shines. */
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

    materials.lighting = {
      lights: this.#ids.map((id) => termsOf(m, id)),
      plain: ids.length - casting.length,
      maps: this.shadowed.length,
    };
  }

  /** Moves the lights to where the frame has them, and the headlight to the camera. */
  update(frame: Frame, forward: Vector3): void {
    const { light_xpos, light_xdir } = frame;
    const { lightPlace, lightAxis } = this.#materials.uniforms;
    for (let i = 0; i < this.#ids.length; i++) {
      const id = this.#ids[i] ?? HEADLIGHT;
      if (id === HEADLIGHT) {
        lightPlace.value[3 * i] = -forward.x;
        lightPlace.value[3 * i + 1] = -forward.y;
        lightPlace.value[3 * i + 2] = -forward.z;
        continue;
      }
      const directional = this.#model.light_type[id] === LIGHT.directional;
      for (let k = 0; k < 3; k++) {
        const dir = light_xdir[3 * id + k] ?? 0;
        lightPlace.value[3 * i + k] = directional ? -dir : (light_xpos[3 * id + k] ?? 0);
        lightAxis.value[3 * i + k] = dir;
      }
    }
  }
}

function termsOf(m: ModelCopy, id: number): LightTerms {
  const cutoff = m.light_cutoff[id] ?? ALL_AROUND;
  return {
    ambient: colour(m, id, 'ambient'),
    diffuse: colour(m, id, 'diffuse'),
    specular: colour(m, id, 'specular'),
    spot:
      id === HEADLIGHT || m.light_type[id] !== LIGHT.spot
        ? null
        : {
            cone: cutoff < ALL_AROUND ? Math.cos((cutoff * Math.PI) / 180) : null,
            exponent: m.light_exponent[id] ?? 0,
            attenuation: triple(m.light_attenuation, id),
          },
  };
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
  return triple(m[`light_${term}`], id);
}

function triple(values: Float32Array, index: number): Rgb {
  return [values[3 * index] ?? 0, values[3 * index + 1] ?? 0, values[3 * index + 2] ?? 0];
}

function shines(m: ModelCopy, id: number): boolean {
  return (['ambient', 'diffuse', 'specular'] as const).some((term) => colour(m, id, term).some((c) => c > 0));
}

/** How bright a model's lights make it: 1 is a room with MuJoCo's headlight and one lamp of its own, 0 is darkness. */
export function brightnessOf(m: ModelCopy): number {
  let sum = Number(m.vis.headlight['active'] ?? 1) === 0 ? 0 : luminance(m, HEADLIGHT);
  for (let id = 0; id < m.nlight; id++) if (m.light_active[id] && isKnown(m, id)) sum += luminance(m, id);
  return Math.min(1.15, 0.55 + 0.4 * sum);
}

function luminance(m: ModelCopy, id: number): number {
  const of = ([r, g, b]: Rgb): number => 0.21 * r + 0.72 * g + 0.07 * b;
  return of(colour(m, id, 'ambient')) + of(colour(m, id, 'diffuse'));
}
