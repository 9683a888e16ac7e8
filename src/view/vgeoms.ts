import type { ViewOptions } from '../core/picture';
import { HEADER, VGEOM, type Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { flag, type Point } from './geoms';
import { OPAQUE_ALPHA, textureOf } from './looks';
import { GEOM, SHAPE, type Shapes } from './shapes';
import { PLACE_STRIDE, TRAIT, type Stage, type Surface } from './stage';
import type { Textures } from './textures';
import { visualNumber } from './visual';

/** `mjCAT_DECOR`: casts no shadow. */
const DECOR = 4;

/** How much wider than its shaft an arrow's head is. */
const ARROW_HEAD = 1.75;

/** Width of box edges in line widths. */
const LINEBOX_WIDTH = 1.5;

/** 128 is OpenGL's largest exponent. */
const MAX_EXPONENT = 128;

interface Batch {
  readonly surface: Surface;
  readonly textured: boolean;
  readonly uniform: boolean;
  readonly repeat: readonly [number, number];
  used: number;
}

/**
 * The engine's own drawing: sites, tendons, contacts, forces, frames... A frame carries any number of them, so the
 * surfaces grow as needed and are kept; a steady scene allocates nothing.
 */
export class Vgeoms {
  readonly #model: ModelCopy;
  readonly #stage: Stage;
  readonly #shapes: Shapes;
  readonly #textures: Textures;
  readonly #textured: boolean;
  readonly #lineWidth: number;
  readonly #batches = new Map<number, Batch>();
  readonly #list: Batch[] = [];
  #records: Float32Array = new Float32Array(0);
  #eye: Point = { x: 0, y: 0, z: 0 };

  constructor(m: ModelCopy, options: ViewOptions, stage: Stage, shapes: Shapes, textures: Textures) {
    this.#model = m;
    this.#stage = stage;
    this.#shapes = shapes;
    this.#textures = textures;
    this.#textured = flag(options, 'texture', true);
    this.#lineWidth = visualNumber(m, 'global', 'linewidth', 1);
  }

  update(frame: Frame, eye: Point): void {
    this.#records = frame.vgeoms;
    this.#eye = eye;
    for (const batch of this.#list) {
      batch.used = 0;
      batch.surface.distance = -Infinity;
    }
    const count = frame.header[HEADER.vgeomCount] ?? 0;
    for (let i = 0; i < count; i++) this.#add(i * VGEOM.stride);
    for (const { surface, used } of this.#list) {
      surface.count = used;
      if (used === 0) continue;
      surface.touchPlaces();
      surface.touchTraits();
    }
  }

  dispose(): void {
    for (const { surface } of this.#list) surface.dispose();
    this.#list.length = 0;
    this.#batches.clear();
  }

  #add(at: number): void {
    const r = this.#records;
    const x = r[at + VGEOM.size] ?? 0;
    const y = r[at + VGEOM.size + 1] ?? 0;
    const z = r[at + VGEOM.size + 2] ?? 0;
    switch (r[at + VGEOM.type]) {
      case GEOM.sphere:
      case GEOM.ellipsoid:
        return this.#put(SHAPE.round, at, x, y, z, 0, 0);
      case GEOM.capsule:
        return this.#put(SHAPE.round, at, x, y, (x + y) / 2, z, 0);
      case GEOM.cylinder:
        return this.#put(SHAPE.cylinder, at, x, y, z, 0, 0);
      case GEOM.box:
        return this.#put(SHAPE.box, at, x, y, z, 0, 0);
      case GEOM.mesh:
      case GEOM.sdf: {
        const data = r[at + VGEOM.dataid] ?? -1;
        // The engine numbers meshes twice: the mesh, then its hull.
        const mesh = data >> 1;
        if (data >= 0)
          this.#put(data & 1 ? this.#shapes.hull(mesh) : this.#shapes.mesh(mesh), at, 1, 1, 1, 0, 0);
        return;
      }
      case GEOM.arrow:
        return this.#arrow(at, x, y, z, ARROW_HEAD);
      case GEOM.arrow1:
        return this.#arrow(at, x, y, z, 1);
      case GEOM.arrow2:
        this.#put(SHAPE.cylinder, at, x, y, z / 3, 0, 0);
        this.#put(SHAPE.cone, at, x * ARROW_HEAD, y * ARROW_HEAD, z / 6, 0, z / 3);
        // Half a turn around x is a negative y and z together.
        return this.#put(SHAPE.cone, at, x * ARROW_HEAD, -y * ARROW_HEAD, -z / 6, 0, -z / 3);
      case GEOM.line:
        return this.#put(SHAPE.line, at, 1, 1, z, x * this.#lineWidth, 0);
      case GEOM.linebox:
        return this.#put(SHAPE.linebox, at, x, y, z, LINEBOX_WIDTH * this.#lineWidth, 0);
      case GEOM.triangle:
        return this.#put(SHAPE.triangle, at, x, y, 1, 0, 0);
      default:
        // Flexes and skins are drawn from vertices of their own; labels are text.
        return undefined;
    }
  }

  /** Shaft over two thirds, head over one third of half the length, as in native. */
  #arrow(at: number, x: number, y: number, z: number, head: number): void {
    this.#put(SHAPE.cylinder, at, x, y, z / 6, 0, z / 6);
    this.#put(SHAPE.cone, at, x * head, y * head, z / 6, 0, z / 3);
  }

  /** Adds an instance of a shape, scaled, and moved by `shift` along the record's own z axis. */
  #put(shape: number, at: number, sx: number, sy: number, sz: number, sw: number, shift: number): void {
    const r = this.#records;
    const batch = this.#batch(shape, at);
    const { surface } = batch;
    const i = batch.used++;
    if (i >= surface.capacity) surface.count = i + 1;

    const { places, traits } = surface;
    let to = i * PLACE_STRIDE;
    for (let row = 0; row < 3; row++) {
      const m = at + VGEOM.mat + 3 * row;
      const along = r[m + 2] ?? 0;
      places[to++] = r[m] ?? 0;
      places[to++] = r[m + 1] ?? 0;
      places[to++] = along;
      places[to++] = (r[at + VGEOM.pos + row] ?? 0) + shift * along;
    }

    const t = i * TRAIT.stride;
    traits[t] = sx;
    traits[t + 1] = sy;
    traits[t + 2] = sz;
    traits[t + 3] = sw;
    for (let k = 0; k < 4; k++) traits[t + TRAIT.rgba + k] = r[at + VGEOM.rgba + k] ?? 0;
    traits[t + TRAIT.emission] = r[at + VGEOM.emission] ?? 0;
    traits[t + TRAIT.specular] = r[at + VGEOM.specular] ?? 0;
    traits[t + TRAIT.exponent] = Math.min(r[at + VGEOM.shininess] ?? 0, 1) * MAX_EXPONENT;
    if (batch.textured) {
      const flat = surface.style.mapping === 'plane';
      for (let k = 0; k < 4; k++) {
        const size = batch.uniform ? (r[at + VGEOM.size + k] ?? 1) : 1;
        traits[t + TRAIT.texgen + k] = flat
          ? k < 2
            ? size * (batch.repeat[k] ?? 1)
            : -0.5
          : k < 3
            ? size
            : 1;
      }
    }
    if (surface.style.transparent) {
      const dx = (r[at + VGEOM.pos] ?? 0) - this.#eye.x;
      const dy = (r[at + VGEOM.pos + 1] ?? 0) - this.#eye.y;
      const dz = (r[at + VGEOM.pos + 2] ?? 0) - this.#eye.z;
      surface.farthest(Math.sqrt(dx * dx + dy * dy + dz * dz));
    }
  }

  /** The surface for a shape and a record's texture, opacity and category. */
  #batch(shape: number, at: number): Batch {
    const r = this.#records;
    const matid = this.#textured ? (r[at + VGEOM.matid] ?? -1) : -1;
    const transparent = (r[at + VGEOM.rgba + 3] ?? 1) < OPAQUE_ALPHA;
    const decor = r[at + VGEOM.category] === DECOR;
    const key =
      ((shape * (this.#model.nmat + 1) + matid + 1) * 2 + (transparent ? 1 : 0)) * 2 + (decor ? 1 : 0);
    const known = this.#batches.get(key);
    if (known) return known;

    const m = this.#model;
    const textureId = textureOf(m, matid);
    const texture = this.#textures.get(textureId);
    const mapping = texture === null ? 'none' : this.#textures.isCube(textureId) ? 'cube' : 'plane';
    const surface = this.#stage.surface({
      mapping,
      texture,
      transparent,
      casts: !decor,
      line: shape === SHAPE.line || shape === SHAPE.linebox,
    });
    this.#shapes.fill(surface.geometry, shape);
    const batch: Batch = {
      surface,
      textured: texture !== null,
      uniform: m.mat_texuniform[matid] !== 0,
      repeat: [m.mat_texrepeat[2 * matid] ?? 1, m.mat_texrepeat[2 * matid + 1] ?? 1],
      used: 0,
    };
    this.#batches.set(key, batch);
    this.#list.push(batch);
    return batch;
  }
}
