// @vitest-environment node
import { Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { DEFAULT_VIEW_OPTIONS } from '../app/view_options';
import type { ViewOptions } from '../core/picture';
import { HEADER, VGEOM, type Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { describe as describeModel } from '../sim/describe';
import { FramePacker } from '../sim/frame_packer';
import { compileXml, simOf } from '../testing/mujoco';
import { Lights } from './lights';
import { Assets, Picture } from './picture';
import { reflection } from './reflections';
import { GEOM } from './shapes';
import { PLACE_STRIDE, Stage, TRAIT, type Surface } from './stage';

const EYE = { eye: new Vector3(0, -5, 3), forward: new Vector3(0, 1, 0) };

interface Scene {
  readonly model: ModelCopy;
  readonly frame: Frame;
}

async function sceneOf(xml: string): Promise<Scene> {
  const sim = await simOf(await compileXml(xml));
  const model = describeModel(sim.mujoco, sim.model, sim.data);
  const packer = new FramePacker(sim);
  packer.frame.header[HEADER.vgeomCount] = packer.pack().vgeoms;
  return { model, frame: packer.frame };
}

/** Draws without a canvas: what there would be on the stage. */
function stage(
  { model, frame }: Scene,
  changes: Partial<ViewOptions> = {},
  eye: Pick<typeof EYE, 'eye' | 'forward'> = EYE,
): { surfaces: () => Surface[]; picture: Picture; stage: Stage; update: () => void } {
  const made = new Stage();
  const all: Surface[] = [];
  const surface = made.surface.bind(made);
  made.surface = (...args) => {
    const one = surface(...args);
    all.push(one);
    return one;
  };
  const picture = new Picture(new Assets(model), { ...DEFAULT_VIEW_OPTIONS, ...changes }, made);
  const update = (): void => picture.update(frame, eye as never);
  update();
  return { surfaces: () => all.filter(({ meshes }) => meshes[0]?.visible), picture, stage: made, update };
}

const instances = (list: readonly Surface[]): number => list.reduce((sum, { count }) => sum + count, 0);

const position = (surface: Surface | undefined, instance = 0): number[] =>
  [3, 7, 11].map((at) => surface?.places[instance * PLACE_STRIDE + at] ?? NaN);

const MANY = `
<mujoco>
  <worldbody>
    ${Array.from({ length: 50 }, (_, i) => `<geom type="capsule" size=".1 .2" pos="${i} 0 1"/>`).join('')}
    ${Array.from({ length: 50 }, (_, i) => `<geom type="sphere" size=".1" pos="${i} 1 1"/>`).join('')}
    ${Array.from({ length: 50 }, (_, i) => `<geom type="ellipsoid" size=".1 .2 .3" pos="${i} 2 1"/>`).join('')}
    ${Array.from({ length: 50 }, (_, i) => `<geom type="box" size=".1 .2 .3" pos="${i} 3 1"/>`).join('')}
  </worldbody>
</mujoco>`;

describe('geoms', () => {
  it('of equal geometry are one surface: capsules, spheres and ellipsoids even share theirs', async () => {
    const { surfaces } = stage(await sceneOf(MANY));
    expect(surfaces()).toHaveLength(2);
    expect(instances(surfaces())).toBe(200);
  });

  it('stand where the frame has them, row by row', async () => {
    const scene = await sceneOf(
      '<mujoco><worldbody><geom type="box" size=".1 .2 .3" pos="1 2 3" euler="90 0 0"/></worldbody></mujoco>',
    );
    const [box] = stage(scene).surfaces();
    const rows = [...(box?.places ?? [])].map((x) => Math.round(x * 1e6) / 1e6 + 0);
    expect(rows).toEqual([1, 0, 0, 1, 0, 0, -1, 2, 0, 1, 0, 3]);
    expect([...(box?.traits ?? [])].slice(0, 4)).toEqual([0.1, 0.2, 0.3, 0].map(Math.fround));
  });

  it('are hidden with their group, and where they are wholly transparent', async () => {
    const scene = await sceneOf(`
      <mujoco><worldbody>
        <geom type="box" size=".1 .1 .1" group="1"/>
        <geom type="box" size=".1 .1 .1" group="4"/>
        <geom type="box" size=".1 .1 .1" rgba="1 1 1 0"/>
      </worldbody></mujoco>`);
    expect(instances(stage(scene).surfaces())).toBe(1);
    const all = [true, true, true, true, true, true];
    expect(instances(stage(scene, { geomGroups: all }).surfaces())).toBe(2);
  });

  it('take their material colour, unless they have one of their own', async () => {
    const scene = await sceneOf(`
      <mujoco>
        <asset><material name="red" rgba="1 0 0 1" emission=".5" shininess=".25"/></asset>
        <worldbody>
          <geom type="box" size=".1 .1 .1" material="red"/>
          <geom type="box" size=".1 .1 .1" material="red" rgba="0 1 0 1"/>
        </worldbody>
      </mujoco>`);
    const [boxes] = stage(scene).surfaces();
    const rgba = (i: number): number[] => [
      ...(boxes?.traits.subarray(i * TRAIT.stride + TRAIT.rgba, i * TRAIT.stride + TRAIT.rgba + 4) ?? []),
    ];
    expect(rgba(0)).toEqual([1, 0, 0, 1]);
    expect(rgba(1)).toEqual([0, 1, 0, 1]);
    expect(boxes?.traits[TRAIT.emission]).toBe(0.5);
    expect(boxes?.traits[TRAIT.exponent]).toBe(32);
  });

  it('of the selected body glow, and stop glowing', async () => {
    const { surfaces, picture } = stage(
      await sceneOf(`
        <mujoco><worldbody>
          <geom type="box" size=".1 .1 .1"/>
          <body><freejoint/><geom type="box" size=".1 .1 .1"/></body>
        </worldbody></mujoco>`),
    );
    const emission = (i: number): number | undefined =>
      surfaces()[0]?.traits[i * TRAIT.stride + TRAIT.emission];
    picture.select(1);
    expect([emission(0), emission(1)]).toEqual([0, Math.fround(0.3)]);
    picture.select(null);
    expect(emission(1)).toBe(0);
  });

  it('that are transparent are ordered from the farthest, with their colours', async () => {
    const { surfaces } = stage(
      await sceneOf(`
        <mujoco><worldbody>
          <geom type="sphere" size=".1" pos="0 -4 1" rgba="1 0 0 .5"/>
          <geom type="sphere" size=".1" pos="0 9 1" rgba="0 1 0 .5"/>
          <geom type="sphere" size=".1" pos="0 2 1" rgba="0 0 1 .5"/>
        </worldbody></mujoco>`),
    );
    const [spheres] = surfaces();
    expect([0, 1, 2].map((i) => position(spheres, i)[1])).toEqual([9, 2, -4]);
    expect([0, 1, 2].map((i) => spheres?.traits[i * TRAIT.stride + TRAIT.rgba])).toEqual([0, 0, 1]);
  });
});

describe('planes', () => {
  it('without end follow the camera by whole repeats of their pattern', async () => {
    const scene = await sceneOf(`
      <mujoco>
        <asset>
          <texture name="t" type="2d" builtin="checker" width="8" height="8"/>
          <material name="m" texture="t" texrepeat="1 2" texuniform="true"/>
        </asset>
        <worldbody><geom type="plane" size="0 0 1" material="m"/></worldbody>
      </mujoco>`);
    const far = { eye: new Vector3(9, -7.1, 1), forward: new Vector3(0, 1, 0) };
    const [plane] = stage(scene, {}, far).surfaces();
    expect(position(plane)).toEqual([8, -8, 0]);
  });

  it('seen from below are faint, and wound the other way', async () => {
    const scene = await sceneOf('<mujoco><worldbody><geom type="plane" size="1 1 1"/></worldbody></mujoco>');
    const below = { eye: new Vector3(0, 0, -1), forward: new Vector3(0, 0, 1) };
    const [plane] = stage(scene, {}, below).surfaces();
    expect(plane?.style.transparent).toBe(true);
    expect(plane?.traits[TRAIT.rgba + 3]).toBeCloseTo(0.3);
    expect(plane?.traits[TRAIT.size]).toBe(-1);
  });
});

describe('the mirror', () => {
  it('is the first reflecting plane or box alone', async () => {
    const scene = await sceneOf(`
      <mujoco>
        <asset><material name="m" reflectance=".4"/></asset>
        <worldbody>
          <geom type="sphere" size=".1" material="m"/>
          <geom type="box" size="1 1 .5" material="m"/>
          <geom type="plane" size="5 5 1" material="m"/>
        </worldbody>
      </mujoco>`);
    const { surfaces, stage: made } = stage(scene);
    expect(surfaces().flatMap(({ style }) => style.mirror ?? [])).toEqual(['body', 'face']);
    expect(made.materials.uniforms.mirrorReflectance.value).toBeCloseTo(0.4);
    expect(made.materials.uniforms.mirrorPlane.value.toArray()).toEqual([0, 0, 1, -0.5]);
  });

  it('maps points to the other side and back', () => {
    const normal = new Vector3(1, 2, 2).normalize();
    const point = new Vector3(3, 0, 1);
    const across = reflection(point, normal, stageMatrix());
    const p = new Vector3(-1, 4, 2);
    const image = p.clone().applyMatrix4(across);
    const height = (q: Vector3): number => q.clone().sub(point).dot(normal);
    expect(height(image)).toBeCloseTo(-height(p));
    expect(image.applyMatrix4(across).distanceTo(p)).toBeCloseTo(0);
    expect(across.determinant()).toBeCloseTo(-1);
  });
});

const stageMatrix = (): Stage['mirror'] => new Stage().mirror;

describe('lights', () => {
  const LIT = `
    <mujoco><worldbody>
      <light pos="0 0 3" castshadow="true"/>
      <light pos="1 0 3" castshadow="false"/>
      <light directional="true" pos="0 0 9" castshadow="true"/>
      <light type="point" pos="0 0 3"/>
      <light pos="0 0 3" active="false"/>
    </worldbody></mujoco>`;

  it('are those native knows and that are on; those with shadows come last', async () => {
    const { model } = await sceneOf(LIT);
    const { materials } = new Stage();
    expect(new Lights(model, true, materials).shadowed).toEqual([0, 2]);
    expect(new Lights(model, false, materials).shadowed).toEqual([]);
  });

  it('stand where the frame has them: a place, or the direction towards them', async () => {
    const scene = await sceneOf(LIT);
    const { materials } = new Stage();
    new Lights(scene.model, true, materials).update(scene.frame, new Vector3(0, 1, 0));
    const place = (i: number): number[] =>
      [...materials.uniforms.lightPlace.value.subarray(3 * i, 3 * i + 3)].map((x) => x + 0);
    expect([0, 1, 2, 3].map(place)).toEqual([
      [0, -1, 0],
      [1, 0, 3],
      [0, 0, 3],
      [0, 0, 1],
    ]);
  });
});

describe("the engine's own drawing", () => {
  const EMPTY =
    '<mujoco><worldbody><body><freejoint/><inertial mass="1" pos="0 0 0" diaginertia="1 1 1"/></body></worldbody></mujoco>';

  function record(frame: Frame, i: number, type: number, rgba = [1, 1, 1, 1]): void {
    const at = i * VGEOM.stride;
    frame.vgeoms[at + VGEOM.type] = type;
    frame.vgeoms[at + VGEOM.matid] = -1;
    frame.vgeoms[at + VGEOM.category] = 4;
    frame.vgeoms.set([0.1, 0.1, 1.2], at + VGEOM.size);
    frame.vgeoms.set([i, 0, 0], at + VGEOM.pos);
    frame.vgeoms.set([1, 0, 0, 0, 1, 0, 0, 0, 1], at + VGEOM.mat);
    frame.vgeoms.set(rgba, at + VGEOM.rgba);
  }

  it('grows with what a frame has, and hides what it has no more', async () => {
    const scene = await sceneOf(EMPTY);
    const { surfaces, update } = stage(scene);
    expect(surfaces()).toHaveLength(0);
    for (let i = 0; i < 100; i++) record(scene.frame, i, GEOM.sphere);
    scene.frame.header[HEADER.vgeomCount] = 100;
    update();
    expect(surfaces()).toHaveLength(1);
    expect(position(surfaces()[0], 99)).toEqual([99, 0, 0]);
    scene.frame.header[HEADER.vgeomCount] = 0;
    update();
    expect(surfaces()).toHaveLength(0);
  });

  it('draws an arrow as shaft and head, up to half the length it was given', async () => {
    const scene = await sceneOf(EMPTY);
    record(scene.frame, 0, GEOM.arrow);
    scene.frame.header[HEADER.vgeomCount] = 1;
    const [shaft, head] = stage(scene).surfaces();
    expect(position(shaft)[2]).toBeCloseTo(0.2);
    expect(shaft?.traits[2]).toBeCloseTo(0.2);
    expect(position(head)[2]).toBeCloseTo(0.4);
    expect(head?.traits[0]).toBeCloseTo(0.175);
  });

  it('keeps what is transparent apart', async () => {
    const scene = await sceneOf(EMPTY);
    record(scene.frame, 0, GEOM.box);
    record(scene.frame, 1, GEOM.box, [1, 1, 1, 0.5]);
    scene.frame.header[HEADER.vgeomCount] = 2;
    expect(
      stage(scene)
        .surfaces()
        .map(({ style }) => style.transparent),
    ).toEqual([false, true]);
  });
});

it('a picture disposed of leaves an empty stage', async () => {
  const { picture, stage: made } = stage(await sceneOf(MANY));
  const meshes = (): number => {
    let count = 0;
    made.picture.traverse((object) => (count += 'isMesh' in object ? 1 : 0));
    made.casters.traverse((object) => (count += 'isMesh' in object ? 1 : 0));
    return count;
  };
  expect(meshes()).toBeGreaterThan(0);
  picture.dispose();
  expect(meshes()).toBe(0);
});
