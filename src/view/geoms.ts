import type { ViewOptions } from '../core/picture';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { OPAQUE_ALPHA, lookOf, textureOf, writeLook, type Look } from './looks';
import type { Mapping } from './materials';
import { GEOM, SHAPE, type Shapes } from './shapes';
import { TRAIT, type Stage, type Surface } from './stage';
import type { Textures } from './textures';
import { visualNumber } from './visual';

/** Model geoms of equal shape, texture and opacity, in one surface. */
interface Batch {
  readonly surface: Surface;
  /** Geom of each instance. A transparent batch is kept in drawing order, the farthest first. */
  readonly geoms: Int32Array;
}

/** Everything of one geom that does not move. */
interface Part {
  readonly geom: number;
  readonly shape: number;
  readonly look: Look;
  readonly size: readonly [number, number, number, number];
  readonly texture: number;
}

/** World, m. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** `mjNGROUP` - 1. */
const LAST_GROUP = 5;

/** Whether an `mjtVisFlag` is on, given the engine's own default. */
export function flag(options: ViewOptions, name: string, byDefault: boolean): boolean {
  return options.flags[name] ?? byDefault;
}

/** Whether MuJoCo would draw a geom at all under these options (its alpha apart). */
export function isShown(m: ModelCopy, options: ViewOptions, geom: number): boolean {
  const group = Math.min(Math.max(m.geom_group[geom] ?? 0, 0), LAST_GROUP);
  if (!(options.geomGroups[group] ?? false)) return false;
  const welded = m.body_weldid[m.geom_bodyid[geom] ?? 0] === 0;
  return !welded || flag(options, 'static', true);
}

/** A geom's look, faded where everything that moves is to be transparent. */
export function geomLook(m: ModelCopy, options: ViewOptions, geom: number): Look {
  const look = lookOf(m, m.geom_matid[geom] ?? -1, m.geom_rgba, geom);
  const fades = options.transparent && m.body_weldid[m.geom_bodyid[geom] ?? 0] !== 0;
  if (!fades) return look;
  const [r, g, b, a] = look.rgba;
  return { ...look, rgba: [r, g, b, a * visualNumber(m, 'map', 'alpha', 0.3)] };
}

/**
 * The first opaque plane or box with reflectance, which is the only mirror that native draws, or -1.
 */
export function findReflector(m: ModelCopy, options: ViewOptions): number {
  for (let geom = 0; geom < m.ngeom; geom++) {
    const type = m.geom_type[geom];
    if ((type !== GEOM.plane && type !== GEOM.box) || !isShown(m, options, geom)) continue;
    const look = geomLook(m, options, geom);
    if (look.rgba[3] >= OPAQUE_ALPHA && look.reflectance > 0) return geom;
  }
  return -1;
}

/** A model's geoms (planes apart), in as few surfaces as shape, texture and opacity allow. */
export class Geoms {
  readonly #model: ModelCopy;
  readonly #batches: Batch[] = [];
  #selected: number | null = null;

  constructor(
    m: ModelCopy,
    options: ViewOptions,
    stage: Stage,
    shapes: Shapes,
    textures: Textures,
    reflector: number,
  ) {
    this.#model = m;
    const grouped = new Map<string, Part[]>();
    const hosts = new Map<string, number>();
    const parts: Part[] = [];
    for (let geom = 0; geom < m.ngeom; geom++) {
      if (m.geom_type[geom] === GEOM.plane || !isShown(m, options, geom)) continue;
      const part = partOf(m, options, shapes, geom);
      if (part === null || part.look.rgba[3] === 0) continue;
      parts.push(part);
      const host = `${part.shape} ${opacity(part)}`;
      if (part.texture >= 0 && !hosts.has(host)) hosts.set(host, part.texture);
    }
    for (const part of parts) {
      // What has no texture rides along with what has: its texture scale of 0 says so.
      const texture = part.texture < 0 ? (hosts.get(`${part.shape} ${opacity(part)}`) ?? -1) : part.texture;
      const key = `${part.shape} ${opacity(part)} ${texture} ${part.geom === reflector}`;
      const list = grouped.get(key);
      if (list) list.push(part);
      else grouped.set(key, [part]);
    }
    for (const list of grouped.values()) this.#add(list, stage, shapes, textures, reflector);
  }

  /** Makes the geoms of a body glow; null for none. */
  select(body: number | null): void {
    if (body === this.#selected) return;
    this.#selected = body;
    const m = this.#model;
    const glow = visualNumber(m, 'global', 'glow', 0.3);
    for (const { surface, geoms } of this.#batches) {
      for (let i = 0; i < geoms.length; i++) {
        const geom = geoms[i] ?? 0;
        const matid = m.geom_matid[geom] ?? -1;
        const emission = matid < 0 ? 0 : (m.mat_emission[matid] ?? 0);
        surface.traits[i * TRAIT.stride + TRAIT.emission] =
          emission + (m.geom_bodyid[geom] === body ? glow : 0);
      }
      surface.touchTraits();
    }
  }

  /** Moves everything to where the frame has it; `eye` (world, m) orders what is transparent. */
  update(frame: Frame, eye: Point): void {
    const { geom_xpos, geom_xmat } = frame;
    for (const { surface, geoms } of this.#batches) {
      if (surface.style.transparent) this.#order(surface, geoms, geom_xpos, eye);
      for (let i = 0; i < geoms.length; i++) {
        const geom = geoms[i] ?? 0;
        surface.place(i, geom_xpos, 3 * geom, geom_xmat, 9 * geom);
      }
      surface.touchPlaces();
    }
  }

  dispose(): void {
    for (const { surface } of this.#batches) surface.dispose();
    this.#batches.length = 0;
  }

  #add(list: readonly Part[], stage: Stage, shapes: Shapes, textures: Textures, reflector: number): void {
    const [first] = list;
    if (first === undefined) return;
    const m = this.#model;
    const textureId = list.find((part) => part.texture >= 0)?.texture ?? -1;
    const texture = textures.get(textureId);
    const mapping = texture === null ? 'none' : mappingOf(m, first.geom, textures.isCube(textureId));
    const surface = stage.surface(
      {
        mapping,
        texture,
        transparent: opacity(first) === 'transparent',
        casts: true,
        mirror: first.geom === reflector ? 'body' : undefined,
      },
      list.length,
    );
    shapes.fill(surface.geometry, first.shape);
    list.forEach((part, i) => {
      const at = i * TRAIT.stride;
      writeLook(surface.traits, i, part.look);
      surface.traits.set(part.size, at + TRAIT.size);
      if (part.texture >= 0)
        surface.traits.set(textureScale(m, part.geom, part.look.matid, mapping), at + TRAIT.texgen);
    });
    surface.count = list.length;
    surface.touchTraits();
    this.#batches.push({ surface, geoms: Int32Array.from(list, (part) => part.geom) });
  }

  /** Insertion sort of instances by distance: from picture to picture the order hardly changes. */
  #order(surface: Surface, geoms: Int32Array, xpos: Float32Array, eye: Point): void {
    const { traits } = surface;
    let moved = false;
    for (let i = 1; i < geoms.length; i++) {
      for (let j = i; j > 0 && this.#nearer(geoms[j - 1] ?? 0, geoms[j] ?? 0, xpos, eye); j--) {
        const geom = geoms[j] ?? 0;
        geoms[j] = geoms[j - 1] ?? 0;
        geoms[j - 1] = geom;
        for (let k = 0; k < TRAIT.stride; k++) {
          const at = j * TRAIT.stride + k;
          const value = traits[at] ?? 0;
          traits[at] = traits[at - TRAIT.stride] ?? 0;
          traits[at - TRAIT.stride] = value;
        }
        moved = true;
      }
    }
    if (moved) surface.touchTraits();
    surface.distance = this.#distance(geoms[0] ?? 0, xpos, eye);
  }

  #nearer(a: number, b: number, xpos: Float32Array, eye: Point): boolean {
    return this.#distance(a, xpos, eye) < this.#distance(b, xpos, eye);
  }

  /** From the eye to a geom's bounding sphere, m. */
  #distance(geom: number, xpos: Float32Array, eye: Point): number {
    const x = (xpos[3 * geom] ?? 0) - eye.x;
    const y = (xpos[3 * geom + 1] ?? 0) - eye.y;
    const z = (xpos[3 * geom + 2] ?? 0) - eye.z;
    return Math.sqrt(x * x + y * y + z * z) - (this.#model.geom_rbound[geom] ?? 0);
  }
}

function opacity(part: Part): 'opaque' | 'transparent' {
  return part.look.rgba[3] < OPAQUE_ALPHA ? 'transparent' : 'opaque';
}

function partOf(m: ModelCopy, options: ViewOptions, shapes: Shapes, geom: number): Part | null {
  const x = m.geom_size[3 * geom] ?? 0;
  const y = m.geom_size[3 * geom + 1] ?? 0;
  const z = m.geom_size[3 * geom + 2] ?? 0;
  const data = m.geom_dataid[geom] ?? -1;
  const look = geomLook(m, options, geom);
  const texture = flag(options, 'texture', true) ? textureOf(m, look.matid) : -1;
  const part = (shape: number, ...size: [number, number, number, number]): Part => ({
    geom,
    shape,
    look,
    size,
    texture,
  });
  switch (m.geom_type[geom]) {
    case GEOM.sphere:
      return part(SHAPE.round, x, x, x, 0);
    case GEOM.capsule:
      return part(SHAPE.round, x, x, x, y);
    case GEOM.ellipsoid:
      return part(SHAPE.round, x, y, z, 0);
    case GEOM.cylinder:
      return part(SHAPE.cylinder, x, x, y, 0);
    case GEOM.box:
      return part(SHAPE.box, x, y, z, 0);
    case GEOM.hfield:
      return data < 0 ? null : part(shapes.hfield(data), 1, 1, 1, 0);
    case GEOM.mesh:
    case GEOM.sdf: {
      if (data < 0) return null;
      const collides = (m.geom_contype[geom] ?? 0) !== 0 || (m.geom_conaffinity[geom] ?? 0) !== 0;
      const hull = collides && flag(options, 'convexhull', false);
      return part(hull ? shapes.hull(data) : shapes.mesh(data), 1, 1, 1, 0);
    }
    default:
      return null;
  }
}

/** A mesh's own texture coordinates win over projection; they need a flat texture. */
function mappingOf(m: ModelCopy, geom: number, cube: boolean): Mapping {
  const type = m.geom_type[geom];
  const isMesh = type === GEOM.mesh || type === GEOM.sdf;
  const explicit = isMesh && (m.mesh_texcoordadr[m.geom_dataid[geom] ?? -1] ?? -1) >= 0;
  if (explicit) return cube ? 'none' : 'uv';
  return cube ? 'cube' : 'plane';
}

/** What multiplies a unit geometry's own coordinates before the texture is looked up. */
function textureScale(m: ModelCopy, geom: number, matid: number, mapping: Mapping): number[] {
  const type = m.geom_type[geom];
  const raw = [0, 1, 2].map((k) => m.geom_size[3 * geom + k] ?? 0) as [number, number, number];
  // mjvGeom's sizes: radius, radius, half-length for what is round.
  const size =
    type === GEOM.sphere
      ? [raw[0], raw[0], raw[0]]
      : type === GEOM.capsule || type === GEOM.cylinder
        ? [raw[0], raw[0], raw[1]]
        : raw;
  const uniform = m.mat_texuniform[matid] !== 0;
  if (mapping === 'cube') return uniform ? [...size, 1] : [1, 1, 1, 1];
  // Shapes that come in metres rather than in units of their size.
  const metric = type === GEOM.mesh || type === GEOM.sdf || type === GEOM.hfield;
  const scale = [0, 1].map((k) => {
    const repeat = m.mat_texrepeat[2 * matid + k] ?? 1;
    const extent = (size[k] ?? 0) > 0 ? (size[k] ?? 1) : 1;
    if (uniform) return metric ? repeat : repeat * extent;
    return metric ? repeat / extent : repeat;
  });
  return [...scale, -0.5, -0.5];
}
