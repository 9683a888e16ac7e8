import { BufferAttribute } from 'three';
import type { ViewOptions } from '../core/picture';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { flag } from './geoms';
import { LiveAttribute } from './live_attribute';
import { OPAQUE_ALPHA, lookOf, textureOf, writeLook } from './looks';
import type { Stage, Surface } from './stage';
import { TRAIT } from './stage';
import type { Textures } from './textures';

/** `mjNGROUP` - 1. */
const LAST_GROUP = 5;

/** A surface with the vertex its distance is measured to. */
interface Part {
  readonly surface: Surface;
  readonly positions: Float32Array;
  readonly vertex: number;
}

/** Vertices of all flexes, or of all skins: one buffer each, of which every surface draws its part. */
interface Vertices {
  readonly position: LiveAttribute;
  readonly normal: LiveAttribute;
  readonly uv: BufferAttribute;
}

/**
 * Flexes and skins, drawn from the vertices that the engine's own visualizer makes.
 *
 * All flexes share one set of vertex buffers and all skins another; each flex or skin is one surface drawing its
 * range. Which sides of a flex are there, and how its normals go, is in the vertices already.
 */
export class Deformables {
  private readonly flexes: Vertices | null;
  private readonly skins: Vertices | null;
  private readonly parts: Part[] = [];

  constructor(
    private readonly model: ModelCopy,
    private readonly options: ViewOptions,
    private readonly stage: Stage,
    private readonly textures: Textures,
  ) {
    this.flexes = model.nflexfacevert > 0 ? vertices(model.nflexfacevert) : null;
    this.skins = model.nskinvert > 0 ? vertices(model.nskinvert) : null;
    if (this.flexes !== null) this.addFlexes(this.flexes);
    if (this.skins !== null) this.addSkins(this.skins);
  }

  /** Takes the frame's vertices; `eye` (world, m) orders what is transparent. */
  update(frame: Frame, eye: { readonly x: number; readonly y: number; readonly z: number }): void {
    if (this.parts.length === 0) return;
    this.flexes?.position.write(frame.flexVert);
    this.flexes?.normal.write(frame.flexNormal);
    this.skins?.position.write(frame.skinVert);
    this.skins?.normal.write(frame.skinNormal);
    for (const { surface, positions, vertex } of this.parts) {
      if (!surface.style.transparent) continue;
      surface.distance = Math.hypot(
        (positions[3 * vertex] ?? 0) - eye.x,
        (positions[3 * vertex + 1] ?? 0) - eye.y,
        (positions[3 * vertex + 2] ?? 0) - eye.z,
      );
    }
  }

  dispose(): void {
    for (const { surface } of this.parts) surface.dispose();
    this.parts.length = 0;
  }

  private addFlexes(all: Vertices): void {
    const { model, options } = this;
    if (!flag(options, 'flexskin', true) && !flag(options, 'flexface', false)) return;
    all.uv.array.set(model.flex_facetexcoord);
    for (let flex = 0; flex < model.nflex; flex++) {
      const start = model.flex_faceadr[flex] ?? 0;
      const count = (model.flex_faceadr[flex + 1] ?? model.nflexfacevert) - start;
      if (count <= 0 || !this.isShown(model.flex_group[flex])) continue;
      const textured = (model.flex_texcoordadr[flex] ?? -1) >= 0;
      const surface = this.add(model.flex_matid[flex] ?? -1, model.flex_rgba, flex, textured, all, start);
      surface.geometry.setDrawRange(start, count);
    }
  }

  private addSkins(all: Vertices): void {
    const { model } = this;
    if (!flag(this.options, 'skin', true)) return;
    for (let skin = 0; skin < model.nskin; skin++) {
      const start = model.skin_vertadr[skin] ?? 0;
      const face = 3 * (model.skin_faceadr[skin] ?? 0);
      const faces = model.skin_face.subarray(face, face + 3 * (model.skin_facenum[skin] ?? 0));
      if (faces.length === 0 || !this.isShown(model.skin_group[skin])) continue;
      const texcoord = model.skin_texcoordadr[skin] ?? -1;
      if (texcoord >= 0) {
        const end = texcoord + (model.skin_vertnum[skin] ?? 0);
        all.uv.array.set(model.skin_texcoord.subarray(2 * texcoord, 2 * end), 2 * start);
      }
      const surface = this.add(
        model.skin_matid[skin] ?? -1,
        model.skin_rgba,
        skin,
        texcoord >= 0,
        all,
        start,
      );
      // Faces number the skin's own vertices.
      surface.geometry.setIndex(
        new BufferAttribute(
          Uint32Array.from(faces, (vertex) => vertex + start),
          1,
        ),
      );
    }
  }

  private add(
    matid: number,
    rgbas: Float32Array,
    id: number,
    textured: boolean,
    all: Vertices,
    vertex: number,
  ): Surface {
    const { model, stage, textures } = this;
    const look = lookOf(model, matid, rgbas, id);
    const textureId = textured && flag(this.options, 'texture', true) ? textureOf(model, matid) : -1;
    const texture = textures.isCube(textureId) ? null : textures.get(textureId);
    const surface = stage.surface({
      mapping: texture === null ? 'none' : 'uv',
      texture,
      transparent: look.rgba[3] < OPAQUE_ALPHA,
      casts: true,
    });
    const { geometry, traits } = surface;
    geometry.setAttribute('position', all.position.attribute);
    geometry.setAttribute('normal', all.normal.attribute);
    geometry.setAttribute('uv', all.uv);
    traits.fill(1, TRAIT.size, TRAIT.size + 3);
    writeLook(traits, 0, look);
    if (texture !== null) traits[TRAIT.texgen + 3] = 1;
    surface.count = 1;
    surface.touchPlaces();
    surface.touchTraits();
    this.parts.push({ surface, positions: all.position.values, vertex });
    return surface;
  }

  private isShown(group = 0): boolean {
    return this.options.geomGroups[Math.min(Math.max(group, 0), LAST_GROUP)] ?? false;
  }
}

function vertices(count: number): Vertices {
  return {
    position: new LiveAttribute(3 * count, 3),
    normal: new LiveAttribute(3 * count, 3),
    uv: new BufferAttribute(new Float32Array(2 * count), 2),
  };
}
