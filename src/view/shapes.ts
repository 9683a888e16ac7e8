import { BufferAttribute, type BufferGeometry } from 'three';
import type { ModelCopy } from '../core/model';
import {
  boxShape,
  coneShape,
  cylinderShape,
  lineBoxShape,
  lineShape,
  planeShape,
  roundShape,
  triangleShape,
  type Shape,
} from './geometries';
import { hfieldShape, hullShape, meshShape } from './meshes';

/** `mjtGeom`. */
export const GEOM = {
  plane: 0,
  hfield: 1,
  sphere: 2,
  capsule: 3,
  ellipsoid: 4,
  cylinder: 5,
  box: 6,
  mesh: 7,
  sdf: 8,
  arrow: 100,
  arrow1: 101,
  arrow2: 102,
  line: 103,
  linebox: 104,
  triangle: 108,
} as const;

/** Kinds of unit geometry; meshes, hulls and height fields are numbered from `mesh` on, see {@link Shapes}. */
export const SHAPE = {
  round: 0,
  cylinder: 1,
  box: 2,
  plane: 3,
  cone: 4,
  line: 5,
  linebox: 6,
  triangle: 7,
  mesh: 8,
} as const;

/**
 * Fineness of round shapes by number of geoms: native's 28 by 16 show corners on large screens, where there is one
 * body to look at, and are a burden where there are hundreds. Lighting is per pixel, so that only outlines differ.
 */
const FINENESS = [
  { geoms: 60, slices: 40, stacks: 24 },
  { geoms: 250, slices: 28, stacks: 16 },
  { geoms: Infinity, slices: 20, stacks: 12 },
] as const;

/** A model's geometries, made on first use. A mesh's shape is `mesh + 3 id`, its hull the next, a height field's the third. */
export class Shapes {
  readonly #model: ModelCopy;
  readonly #made = new Map<number, Shape>();

  constructor(model: ModelCopy) {
    this.#model = model;
  }

  mesh(id: number): number {
    return SHAPE.mesh + 3 * id;
  }

  /** The mesh itself where it has no hull. */
  hull(id: number): number {
    return (this.#model.mesh_graphadr[id] ?? -1) < 0 ? this.mesh(id) : SHAPE.mesh + 3 * id + 1;
  }

  hfield(id: number): number {
    return SHAPE.mesh + 3 * id + 2;
  }

  /** Gives a geometry buffers of its own with the vertices of a shape. */
  fill(geometry: BufferGeometry, kind: number): void {
    const shape = this.#get(kind);
    geometry.setAttribute('position', new BufferAttribute(shape.position, 3));
    geometry.setAttribute('normal', new BufferAttribute(shape.normal, 3));
    geometry.setAttribute('uv', new BufferAttribute(shape.uv, 2));
    if (shape.index) geometry.setIndex(new BufferAttribute(shape.index, 1));
  }

  #get(kind: number): Shape {
    const known = this.#made.get(kind);
    if (known) return known;
    const shape = this.#make(kind);
    this.#made.set(kind, shape);
    return shape;
  }

  #make(kind: number): Shape {
    const fineness = FINENESS.find(({ geoms }) => this.#model.ngeom <= geoms) ?? FINENESS[0];
    switch (kind) {
      case SHAPE.round:
        return roundShape(fineness);
      case SHAPE.cylinder:
        return cylinderShape(fineness);
      case SHAPE.cone:
        return coneShape(fineness);
      case SHAPE.box:
        return boxShape();
      case SHAPE.plane:
        return planeShape();
      case SHAPE.line:
        return lineShape();
      case SHAPE.linebox:
        return lineBoxShape();
      case SHAPE.triangle:
        return triangleShape();
      default: {
        const id = Math.floor((kind - SHAPE.mesh) / 3);
        const variant = (kind - SHAPE.mesh) % 3;
        if (variant === 2) return hfieldShape(this.#model, id);
        return (variant === 1 ? hullShape(this.#model, id) : null) ?? meshShape(this.#model, id);
      }
    }
  }
}
