import { Vector3 } from 'three';
import type { ViewOptions } from '../core/picture';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { flag, geomLook, isShown } from './geoms';
import { OPAQUE_ALPHA, textureOf, writeLook, type Look } from './looks';
import { GEOM, SHAPE, type Shapes } from './shapes';
import { TRAIT, type Stage, type Surface } from './stage';
import type { Textures } from './textures';
import { visualNumber } from './visual';

/** Part of its alpha that a plane keeps when seen from behind. */
const BEHIND_ALPHA = 0.3;

/** Squares along an infinite plane, in native: what its pattern repeats by where no texture says so. */
const GRID = 200;

/** An infinite plane's width in far distances: it reaches beyond the sky. */
const REACH = 2.1;

/** Native draws planes after everything else that is transparent. */
const ALWAYS_FAR = 1e10;

/** One plane, as written into whichever surface shows it. */
interface Plane {
  readonly geom: number;
  /** Per axis: m by which an infinite plane follows the camera, 0 where the plane ends. */
  readonly step: readonly [number, number];
  readonly front: Float32Array;
  /** Fainter, and wound the other way. */
  readonly back: Float32Array;
}

/** Planes of equal texture and opacity, those seen from above and those seen from below. */
interface Group {
  readonly planes: Plane[];
  readonly front: Surface;
  readonly back: Surface;
}

/** The planes of a model: infinite ones follow the camera, all of them fade when seen from behind. */
export class Planes {
  readonly #list: Group[] = [];
  readonly #model: ModelCopy;
  readonly #position = new Vector3();
  readonly #axis = new Vector3();
  readonly #toEye = new Vector3();
  readonly #place: [number, number, number] = [0, 0, 0];

  constructor(
    m: ModelCopy,
    options: ViewOptions,
    stage: Stage,
    shapes: Shapes,
    textures: Textures,
    reflector: number,
  ) {
    this.#model = m;
    const groups = new Map<string, Group>();
    for (let geom = 0; geom < m.ngeom; geom++) {
      if (m.geom_type[geom] !== GEOM.plane || !isShown(m, options, geom)) continue;
      const look = geomLook(m, options, geom);
      if (look.rgba[3] === 0) continue;
      const textureId = flag(options, 'texture', true) ? textureOf(m, look.matid) : -1;
      const texture = textures.get(textureId);
      const mapping = texture === null ? 'none' : textures.isCube(textureId) ? 'cube' : 'plane';
      const transparent = look.rgba[3] < OPAQUE_ALPHA;
      const { half, step, infinite } = extentOf(m, geom, look.matid);

      const key = `${textureId} ${transparent} ${infinite} ${geom === reflector}`;
      let group = groups.get(key);
      if (group === undefined) {
        const style = { mapping, texture, mirrored: geom !== reflector } as const;
        const front = stage.surface({
          ...style,
          transparent,
          // Nothing to see lies behind an infinite plane, and a shadow map full of floor is slow.
          casts: !infinite,
          mirror: geom === reflector ? 'whole' : undefined,
        });
        const back = stage.surface({ ...style, transparent: true, casts: false });
        for (const surface of [front, back]) {
          shapes.fill(surface.geometry, SHAPE.plane);
          surface.distance = ALWAYS_FAR;
        }
        group = { planes: [], front, back };
        groups.set(key, group);
        this.#list.push(group);
      }
      const scale = texture === null ? null : planeTexture(m, geom, look.matid, half, mapping === 'cube');
      group.planes.push({
        geom,
        step,
        front: traitsOf(look, half, scale, 1),
        back: traitsOf(faded(look), half, scale, -1),
      });
    }
    for (const { planes, front, back } of this.#list) {
      front.count = planes.length;
      back.count = planes.length;
    }
  }

  update(frame: Frame, eye: Vector3): void {
    const { geom_xpos, geom_xmat } = frame;
    const position = this.#position;
    const axis = this.#axis;
    const toEye = this.#toEye;
    for (const { planes, front, back } of this.#list) {
      let above = 0;
      let below = 0;
      for (const plane of planes) {
        const { geom, step } = plane;
        const at = 9 * geom;
        position.fromArray(geom_xpos, 3 * geom);
        toEye.copy(eye).sub(position);
        column(geom_xmat, at, 2, axis);
        const behind = toEye.dot(axis) < 0;
        for (let k = 0; k < 2; k++) {
          const by = step[k] ?? 0;
          if (by === 0) continue;
          column(geom_xmat, at, k, axis);
          position.addScaledVector(axis, by * Math.round(toEye.dot(axis) / by));
        }
        position.toArray(this.#place);
        const surface = behind ? back : front;
        const instance = behind ? below++ : above++;
        surface.place(instance, this.#place, 0, geom_xmat, at);
        surface.traits.set(behind ? plane.back : plane.front, instance * TRAIT.stride);
      }
      show(front, above);
      show(back, below);
    }
  }

  /** Geom id of the first plane without end, which is the one that haze surrounds; -1 where there is none. */
  get infinite(): number {
    const { geom_size } = this.#model;
    for (const { planes } of this.#list)
      for (const { geom } of planes)
        if ((geom_size[3 * geom] ?? 0) <= 0 && (geom_size[3 * geom + 1] ?? 0) <= 0) return geom;
    return -1;
  }

  dispose(): void {
    for (const { front, back } of this.#list) {
      front.dispose();
      back.dispose();
    }
    this.#list.length = 0;
  }
}

function show(surface: Surface, count: number): void {
  surface.count = count;
  if (count === 0) return;
  surface.touchPlaces();
  surface.touchTraits();
}

/** @param facing -1 turns the winding over, so that only the back is seen */
function traitsOf(
  look: Look,
  half: readonly [number, number],
  texture: readonly [number, number, number, number] | null,
  facing: 1 | -1,
): Float32Array {
  const traits = new Float32Array(TRAIT.stride);
  writeLook(traits, 0, look);
  traits.set([facing * half[0], half[1], 1, 0], TRAIT.size);
  if (texture) traits.set([facing * texture[0], texture[1], texture[2], texture[3]], TRAIT.texgen);
  return traits;
}

/** Column `k` of the row-major matrix at `at`: an axis of the geom in world coordinates. */
export function column(mat: ArrayLike<number>, at: number, k: number, out: Vector3): Vector3 {
  return out.set(mat[at + k] ?? 0, mat[at + 3 + k] ?? 0, mat[at + 6 + k] ?? 0);
}

function faded(look: Look): Look {
  const [r, g, b, a] = look.rgba;
  return { ...look, rgba: [r, g, b, a * BEHIND_ALPHA] };
}

function extentOf(
  m: ModelCopy,
  geom: number,
  matid: number,
): { half: [number, number]; step: [number, number]; infinite: boolean } {
  const zfar = visualNumber(m, 'map', 'zfar', 50) * m.stat.extent;
  const half: [number, number] = [0, 0];
  const step: [number, number] = [0, 0];
  for (const k of [0, 1] as const) {
    const size = m.geom_size[3 * geom + k] ?? 0;
    const repeat = matid < 0 ? 0 : (m.mat_texrepeat[2 * matid + k] ?? 0);
    const period = repeat > 0 ? 2 / repeat : (REACH * zfar) / (GRID - 2);
    half[k] = size > 0 ? size : (REACH * zfar) / 2 + period;
    step[k] = size > 0 ? 0 : 2 * period;
  }
  return { half, step, infinite: step[0] > 0 || step[1] > 0 };
}

/** Scale and offset of texture coordinates that run from -1 to 1 over the plane. */
function planeTexture(
  m: ModelCopy,
  geom: number,
  matid: number,
  half: readonly [number, number],
  cube: boolean,
): [number, number, number, number] {
  const uniform = m.mat_texuniform[matid] !== 0;
  const [sx, sy] = [0, 1].map((k) => {
    const size = m.geom_size[3 * geom + k] ?? 0;
    // A cube texture is looked up with the plane's own metres, scaled by its size once more when uniform.
    if (cube) return (half[k] ?? 1) * (uniform ? size : 1);
    const repeat = m.mat_texrepeat[2 * matid + k] ?? 1;
    // Repeats count over the plane's half size, or over a metre when uniform or without end.
    return size > 0 && !uniform ? repeat : repeat * (half[k] ?? 1);
  }) as [number, number];
  if (cube) return [sx, sy, 0, 1];
  // The pattern starts at a plane's corner, or at the origin of one without end.
  const finite = (k: number): boolean => (m.geom_size[3 * geom + k] ?? 0) > 0;
  return [sx, sy, finite(0) ? sx / 2 : -0.5, finite(1) ? sy / 2 : -0.5];
}
