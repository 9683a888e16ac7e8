import type { BufferAttribute } from 'three';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ViewOptions } from '../core/picture';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { Deformables } from './deformables';
import { Stage, type Surface } from './stage';
import type { Textures } from './textures';

/** Two flexes of one and two faces (the second half transparent, in group 3), and a skin with a quad. */
const model = {
  nmat: 0,
  nflex: 2,
  nskin: 1,
  nflexfacevert: 9,
  nskinvert: 4,
  flex_faceadr: Int32Array.of(0, 3),
  flex_facetexcoord: new Float32Array(18),
  flex_group: Int32Array.of(0, 3),
  flex_matid: Int32Array.of(-1, -1),
  flex_rgba: Float32Array.of(1, 0, 0, 1, 0, 1, 0, 0.5),
  flex_texcoordadr: Int32Array.of(-1, -1),
  skin_matid: Int32Array.of(-1),
  skin_group: Int32Array.of(0),
  skin_rgba: Float32Array.of(0, 0, 1, 1),
  skin_vertadr: Int32Array.of(0),
  skin_vertnum: Int32Array.of(4),
  skin_faceadr: Int32Array.of(0),
  skin_facenum: Int32Array.of(2),
  skin_face: Int32Array.of(0, 1, 2, 0, 2, 3),
  skin_texcoordadr: Int32Array.of(0),
  skin_texcoord: Float32Array.of(0, 0, 1, 0, 1, 1, 0, 1),
  mat_texid: new Int32Array(0),
} as unknown as ModelCopy;

const textures = { get: () => null, isCube: () => false } as unknown as Textures;
const eye = { x: 0, y: 0, z: 0 };

let surfaces: Surface[];

function build(changes: Partial<ViewOptions> = {}): Deformables {
  const stage = new Stage();
  surfaces = [];
  const surface = stage.surface.bind(stage);
  stage.surface = (...args) => {
    const made = surface(...args);
    surfaces.push(made);
    return made;
  };
  const options = { geomGroups: [true, true, true, true, true, true], flags: {}, ...changes };
  return new Deformables(model, options as unknown as ViewOptions, stage, textures);
}

function frame(): Frame {
  return {
    flexVert: Float32Array.from({ length: 27 }, (_, i) => i),
    flexNormal: new Float32Array(27),
    skinVert: new Float32Array(12),
    skinNormal: new Float32Array(12),
  } as unknown as Frame;
}

const position = (surface: Surface | undefined): BufferAttribute =>
  surface?.geometry.getAttribute('position') as BufferAttribute;

beforeEach(() => {
  surfaces = [];
});

describe('flexes and skins', () => {
  it('are one surface each, drawing their part of shared vertices', () => {
    build();
    const [first, second, skin] = surfaces;
    expect(surfaces).toHaveLength(3);
    expect(first?.geometry.drawRange).toMatchObject({ start: 0, count: 3 });
    expect(second?.geometry.drawRange).toMatchObject({ start: 3, count: 6 });
    expect(position(first)).toBe(position(second));
    expect([...(skin?.geometry.index?.array ?? [])]).toEqual([0, 1, 2, 0, 2, 3]);
    expect([first, second, skin].map((surface) => surface?.style.transparent)).toEqual([false, true, false]);
  });

  it('follow the frame, and upload only what changed', () => {
    const deformables = build();
    const at = position(surfaces[0]);
    const given = frame();
    deformables.update(given, eye);
    expect([...at.array]).toEqual([...given.flexVert]);
    const before = at.version;
    at.clearUpdateRanges();
    deformables.update(given, eye);
    expect(at.version).toBe(before);
    given.flexVert[5] = 50;
    given.flexVert[8] = 80;
    deformables.update(given, eye);
    expect(at.version).toBe(before + 1);
    expect(at.updateRanges).toEqual([{ start: 5, count: 4 }]);
    expect(at.array[8]).toBe(80);
  });

  it('upload all that two pictures changed when the first was never drawn', () => {
    const deformables = build();
    const at = position(surfaces[0]);
    const given = frame();
    deformables.update(given, eye);
    at.clearUpdateRanges();
    given.flexVert[20] = -1;
    deformables.update(given, eye);
    given.flexVert[2] = -1;
    deformables.update(given, eye);
    expect(at.updateRanges).toEqual([{ start: 2, count: 19 }]);
  });

  it('are hidden with their group or by their switch', () => {
    build({ geomGroups: [true, true, true, false, false, false] });
    expect(surfaces).toHaveLength(2);
    build({ flags: { flexskin: false } });
    expect(surfaces).toHaveLength(1);
    build({ flags: { flexskin: false, flexface: true, skin: false } });
    expect(surfaces).toHaveLength(2);
  });

  it('order what is transparent by where it is', () => {
    const deformables = build();
    deformables.update(frame(), eye);
    // The second flex begins at vertex 3: (9, 10, 11).
    expect(surfaces[1]?.meshes[0]?.renderOrder).toBeCloseTo(-Math.hypot(9, 10, 11));
    expect(surfaces[0]?.meshes[0]?.renderOrder).toBe(0);
  });
});
