import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe as group, expect, test } from 'vitest';
import type { SimroomError } from '../core/errors';
import { modelInfo } from '../model/info';
import type { FileRecord, LoadProgress } from '../model/source';
import { mujocoModule } from '../testing/mujoco';
import { type Compiled, compile, compileBundle } from './compile';
import { buffersOf } from './describe';
import { enumValue, instantiateMujoco } from './mujoco';

const CORPUS = path.resolve(process.cwd(), '../shared/corpus');
/** Models it has, so that a test of half of it fails. */
const CORPUS_MODELS = 31;
/** The largest of the corpus, on a slow machine with other work. */
const CORPUS_TIMEOUT_MS = 60_000;
/** Hostile input has to be refused within seconds. */
const HOSTILE_MS = 10_000;

const OBJ = 'v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n';

async function build(files: FileRecord | string, progress: LoadProgress[] = []): Promise<Compiled> {
  return compile(
    { files: typeof files === 'string' ? { 'scene.xml': files } : files },
    await mujocoModule(),
    {
      base: 'http://localhost/',
      onProgress: (each) => progress.push(each),
    },
  );
}

const failure = async (files: FileRecord | string): Promise<SimroomError> =>
  build(files).then(
    () => {
      throw new Error('it compiled');
    },
    (error: SimroomError) => error,
  );

const world = (inside: string): string => `<mujoco>\n<worldbody>\n${inside}\n</worldbody></mujoco>`;

group('the corpus', () => {
  const entries = existsSync(CORPUS)
    ? readdirSync(CORPUS, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .flatMap(({ name }) =>
          readdirSync(path.join(CORPUS, name))
            .filter((file) => file.endsWith('.xml'))
            .map((file) => `${name}/${file}`),
        )
    : [];

  /** Everything in the corpus, as if its folder had been dropped. */
  const files = (): FileRecord =>
    Object.fromEntries(
      readdirSync(CORPUS, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .map((file) => [
          path.relative(CORPUS, file).replaceAll(path.sep, '/'),
          new Blob([readFileSync(file)]),
        ]),
    );
  const dropped = entries.length === 0 ? {} : files();

  test('is there whole', ({ skip }) => {
    skip(entries.length === 0, 'corpus not found');
    expect(entries.length).toBeGreaterThanOrEqual(CORPUS_MODELS);
  });

  test.each(entries.filter((entry) => entry !== 'flex/poncho.xml'))(
    '%s compiles',
    { timeout: CORPUS_TIMEOUT_MS },
    async (entry) => {
      const { model, mjb, bundle } = await compile({ entry, files: dropped }, await mujocoModule(), {
        base: 'http://localhost/',
        onProgress: () => undefined,
      });
      expect(mjb.length).toBeGreaterThan(0);
      expect(model.names.body).toHaveLength(model.nbody);
      expect(path.basename(bundle.entry)).toBe(path.basename(entry));
    },
  );

  test.runIf(entries.length > 0)("flex/poncho.xml shows the engine's own reason", async () => {
    const files = { 'poncho.xml': '', 'mannequin.xml': '' };
    for (const file of Object.keys(files) as (keyof typeof files)[])
      files[file] = readFileSync(path.join(CORPUS, 'flex', file), 'utf8');
    const error = await failure(files);
    expect(error).toMatchObject({ code: 'model-rejected', details: { file: 'poncho.xml' } });
    expect(error.message).toContain(
      "flex elasticity is no longer integrated implicitly under integrator='implicit' and 'implicitfast': " +
        "set integrator='discrete'",
    );
  });
});

group('the compiled model', () => {
  const MODEL = `<mujoco model="bits">
    <custom><text name="greeting" data="hello"/><text name="face" data="arm 0.2"/></custom>
    <asset>
      <texture name="t" type="2d" builtin="flat" width="8" height="4" rgb1="1 0 0"/>
      <material name="a" texture="t" texuniform="true"/><material name="b"/><material name="c" texuniform="true"/>
    </asset>
    <worldbody>
      <light castshadow="false"/><light active="false"/>
      <body name="arm"><joint name="j" range="0 90"/><geom name="g" size=".1"/>
        <body><joint type="ball"/><geom size=".1" material="b"/></body></body>
      <camera name="c"/>
      <flexcomp name="f" type="grid" count="3 3 1" spacing=".1 .1 .1" radius=".01" dim="2" flatskin="true"
        texcoord="0 0 0 .5 0 1 .5 0 .5 .5 .5 1 1 0 1 .5 1 1"><edge equality="true"/></flexcomp>
    </worldbody>
    <equality><joint name="e" joint1="j" active="false"/><joint joint1="j"/></equality>
    <actuator><motor name="m" joint="j" ctrlrange="-2 2"/><motor joint="j"/></actuator>
    <sensor><jointpos name="s" joint="j"/></sensor>
    <keyframe><key time="3"/></keyframe>
  </mujoco>`;

  test('boolean arrays, which the binding cannot read, agree with its accessors', async () => {
    const { model: copy, mjb } = await build(MODEL);
    const mujoco = await instantiateMujoco(await mujocoModule());
    mujoco.FS.writeFile('/m.mjb', mjb);
    const model = mujoco.MjModel.from_binary_path('/m.mjb', new mujoco.MjVFS());
    const flags = (count: number, get: (i: number) => unknown): number[] =>
      Array.from({ length: count }, (_, i) => (get(i) === true ? 1 : 0));
    expect([...copy.jnt_limited]).toEqual(flags(copy.njnt, (i) => model.jnt(i).limited));
    expect([...copy.mat_texuniform]).toEqual([1, 0, 1]);
    expect([...copy.light_castshadow]).toEqual(flags(copy.nlight, (i) => model.light(i).castshadow));
    expect([...copy.light_castshadow]).toEqual([0, 1]);
    expect([...copy.light_active]).toEqual([1, 0]);
    expect([...copy.actuator_ctrllimited]).toEqual([1, 0]);
    expect(copy.eq_active0.slice(0, 2)).toEqual(Uint8Array.of(0, 1));
    expect([...copy.flex_flatskin]).toEqual([1]);
    expect(enumValue(mujoco.mjtTexture.mjTEXTURE_2D)).toBe(copy.tex_type[0]);
  });

  test('the copy is whole, named as MuJoCo names it, and apart from the heap', async () => {
    const { model } = await build(MODEL);
    expect(model.modelName).toBe('bits');
    expect(model.names.body.slice(0, 3)).toEqual(['world', 'arm', '']);
    expect(model.names.texture).toEqual(['t']);
    expect(model.names.text).toEqual(['greeting', 'face']);
    expect(model.texts).toEqual(['hello', 'arm 0.2']);
    expect(model.tex_data).toHaveLength(8 * 4 * 3);
    expect(model.mat_texid.length % model.nmat).toBe(0);
    expect(model.mat_texid.length / model.nmat).toBeGreaterThan(1);
    expect(model.opt['gravity']).toEqual([0, 0, -9.81]);
    expect(model.vis.headlight['ambient']).toHaveLength(3);
    expect(model.vis.global['fovy']).toBe(45);
    expect(model.stat.center).toHaveLength(3);
    for (const buffer of buffersOf(model)) expect(buffer.byteLength).toBeLessThan(1 << 20);
    expect(() => structuredClone(model, { transfer: buffersOf(model) })).not.toThrow();
  });

  test('flex faces come with their texture coordinates in the order of a frame', async () => {
    const { model } = await build(MODEL);
    expect(model.nflexfacevert % 3).toBe(0);
    expect(model.flex_facetexcoord).toHaveLength(2 * model.nflexfacevert);
    expect([...model.flex_faceadr]).toEqual([0]);
    // Eight triangles on each side, all within the grid's coordinates.
    expect(Math.max(...model.flex_facetexcoord)).toBe(1);
    expect(model.nflexfacevert).toBeGreaterThanOrEqual(2 * 8 * 3);
  });

  test('its description names what has no name', async () => {
    const { model, bundle, origin, warnings } = await build(MODEL);
    const info = modelInfo(model, bundle, origin, warnings);
    expect(info).toMatchObject({ name: 'bits', origin: 'scene.xml', entry: 'scene.xml', timestep: 0.002 });
    expect(info.bodies[2]).toEqual({ id: 2, name: 'body 2' });
    expect(info.joints[0]).toMatchObject({ name: 'j', type: 'hinge', body: 1, qposadr: 0 });
    expect(info.joints[0]?.range?.[1]).toBeCloseTo(Math.PI / 2);
    expect(info.joints[1]).toMatchObject({ name: 'joint 1', type: 'ball', range: null });
    expect(info.actuators).toEqual([
      { id: 0, name: 'm', group: 0, index: 0, range: [-2, 2] },
      { id: 1, name: 'actuator 1', group: 0, index: 1, range: null },
    ]);
    expect(info.keyframes).toEqual([{ id: 0, name: 'keyframe 0', time: 3 }]);
    expect(info.sensors).toEqual([{ id: 0, name: 's', adr: 0, dim: 1 }]);
    expect(info.files).toEqual([{ path: 'scene.xml', bytes: MODEL.length }]);
  });

  test('the saved model steps bit for bit like the compiled one', async () => {
    const { mjb } = await build(MODEL);
    const mujoco = await instantiateMujoco(await mujocoModule());
    mujoco.FS.writeFile('/m.mjb', mjb);
    const models = [
      mujoco.MjModel.from_binary_path('/m.mjb', new mujoco.MjVFS()),
      mujoco.mj_compile(mujoco.parseXMLString(MODEL)),
    ];
    const [saved, fresh] = models.map((model) => {
      const data = new mujoco.MjData(model);
      for (let i = 0; i < 50; i += 1) mujoco.mj_step(model, data);
      return [...data.qpos];
    });
    expect(saved).toEqual(fresh);
  });

  test('warnings and progress are told', async () => {
    const progress: LoadProgress[] = [];
    const { warnings } = await build(
      world('<flexcomp name="f" type="grid" count="3 3 1" spacing=".1 .1 .1" radius=".01" dim="2"/>'),
      progress,
    );
    expect(warnings.join()).toContain("flex 'f' is not rigid");
    expect([...new Set(progress.map(({ step }) => step))]).toEqual(['fetch', 'check', 'compile', 'describe']);
  });
});

group('errors name the file, the line and the element', () => {
  test.each([
    [
      'a wrong keyword',
      world('<geom name="a" type="boxx"/>'),
      'xml-invalid',
      3,
      'geom',
      "invalid keyword: 'boxx'",
    ],
    ['an unknown element', world('\n<gom/>'), 'xml-invalid', 4, 'gom', 'unrecognized element'],
    [
      'a name twice',
      world('<geom name="a" size="1"/>\n<geom name="a" size="1"/>'),
      'xml-invalid',
      4,
      'geom',
      "repeated name 'a'",
    ],
    [
      'a size of zero',
      world('<geom name="a" size="0"/>'),
      'model-rejected',
      3,
      'geom',
      'size 0 must be positive',
    ],
    ['no mass', world('<body><freejoint/></body>'), 'model-rejected', 3, 'body', 'mass and inertia'],
    [
      'a plugin',
      '<mujoco>\n<extension><plugin plugin="a.b"/></extension></mujoco>',
      'xml-invalid',
      2,
      'plugin',
      'a.b not found',
    ],
  ])('%s', async (_, xml, code, line, element, words) => {
    const error = await failure(xml);
    expect(error).toMatchObject({ code, details: { file: 'scene.xml', line, element } });
    expect(error.message).toContain(words);
    expect(error.message).toContain(`scene.xml, line ${line}, <${element}`);
  });

  test('tags that do not match', async () => {
    expect(await failure('<mujoco>\n<worldbody>\n<geom></body>\n</worldbody></mujoco>')).toMatchObject({
      code: 'xml-invalid',
      details: { file: 'scene.xml', line: 3 },
    });
  });

  test('a root of another kind', async () => {
    expect((await failure('<svg/>')).message).toContain("Unrecognized XML model type: 'svg'");
  });

  const including =
    '<mujoco>\n<include file="parts/a.xml"/>\n<worldbody><geom name="floor" size="1"/></worldbody></mujoco>';

  test.each([
    [
      'wrong',
      '<mujoco>\n\n<worldbody>\n<geom/><geom siz="1"/></worldbody></mujoco>',
      'xml-invalid',
      4,
      'geom',
    ],
    [
      'rejected',
      '<mujoco>\n\n\n<worldbody>\n<geom name="z" size="0"/></worldbody></mujoco>',
      'model-rejected',
      5,
      'geom',
    ],
  ])('in an included file, where the engine has no lines: %s', async (_, part, code, line, element) => {
    expect(await failure({ 'scene.xml': including, 'parts/a.xml': part })).toMatchObject({
      code,
      details: { file: 'parts/a.xml', line, element },
    });
  });

  test('in an included file that is no XML', async () => {
    expect(
      await failure({ 'scene.xml': including, 'parts/a.xml': '<mujoco>\n\n<a></b>\n</mujoco>' }),
    ).toMatchObject({
      code: 'xml-invalid',
      details: { file: 'parts/a.xml', line: 3 },
    });
  });

  const attaching =
    '<mujoco>\n\n<asset><model name="c" file="child/c.xml"/></asset>\n<worldbody><body name="p">' +
    '<attach model="c" body="b" prefix="x_"/></body></worldbody></mujoco>';

  test.each([
    ['wrong', '<geom siz="1"/>', 'xml-invalid'],
    ['rejected', '<geom name="gg" size="0"/>', 'model-rejected'],
  ])('in an attached model: %s', async (_, geom, code) => {
    const child = `<mujoco>\n<worldbody>\n<body name="b">\n\n${geom}</body></worldbody></mujoco>`;
    expect(await failure({ 'scene.xml': attaching, 'child/c.xml': child })).toMatchObject({
      code,
      details: { file: 'child/c.xml', line: 5, element: 'geom' },
    });
  });

  test('a mesh that cannot be decoded', async () => {
    const xml = '<mujoco>\n<asset><texture name="t" type="2d" file="a.png"/></asset></mujoco>';
    const error = await failure({ 'scene.xml': xml, 'a.png': 'no picture' });
    expect(error).toMatchObject({ code: 'model-rejected', details: { line: 2, element: 'texture' } });
    expect(error.message).toContain('PNG');
  });
});

group('sources of every kind compile', () => {
  test('models without names, and with ten thousand geoms', { timeout: CORPUS_TIMEOUT_MS }, async () => {
    const { model } = await build(world('<geom size=".1"/>'.repeat(10_000)));
    expect(model.ngeom).toBe(10_000);
    expect(new Set(model.names.geom)).toEqual(new Set(['']));
  });

  test('a URDF with packages keeps its pictures', async () => {
    const { model } = await build({
      'pkg/r.urdf':
        '<robot name="r"><link name="a"><visual><geometry><mesh filename="package://pkg/meshes/v.obj"/></geometry>' +
        '</visual><collision><geometry><box size="1 1 1"/></geometry></collision></link></robot>',
      'pkg/meshes/v.obj': OBJ,
    });
    expect([model.ngeom, model.nmesh]).toEqual([2, 1]);
  });

  test('a URDF whose looks are COLLADA shows its collision shapes', async () => {
    const { model, warnings } = await build({
      'r.urdf':
        '<robot name="r"><link name="a"><visual><geometry><mesh filename="package://pkg/v.dae"/></geometry></visual>' +
        '<collision><geometry><box size="1 1 1"/></geometry></collision></link></robot>',
    });
    expect(model.ngeom).toBe(1);
    expect(warnings).toEqual([expect.stringContaining('COLLADA')]);
  });

  test('paths with spaces, accents and folders above the entry', async () => {
    const { model } = await build({
      'mödel/my scene.xml':
        '<mujoco><compiler meshdir="../my meshes"/><asset><mesh name="m" file="é.obj"/></asset><worldbody>' +
        '<geom type="mesh" mesh="m"/></worldbody></mujoco>',
      'my meshes/é.obj': OBJ,
    });
    expect(model.nmesh).toBe(1);
  });

  test('a bundle is all that is needed to compile it again', async () => {
    const { bundle, mjb } = await build({
      'a/scene.xml': '<mujoco><include file="../b/part.xml"/></mujoco>',
      'b/part.xml': world('<geom size="1"/>'),
    });
    const again = await compileBundle(bundle, await mujocoModule(), () => undefined);
    expect(again.mjb).toEqual(mjb);
  });
});

group('hostile models end in a clear error within seconds', () => {
  test.each([
    ['a million copies', world('<replicate count="1e6"><geom size="1"/></replicate>'), 'model-too-large'],
    ['twenty thousand levels', world('<body>'.repeat(20_000) + '</body>'.repeat(20_000)), 'xml-invalid'],
    ['memory without end', '<mujoco><size memory="100G"/></mujoco>', 'xml-invalid'],
    ['more memory than there is', '<mujoco><size memory="3G"/></mujoco>', 'model-too-large'],
    [
      'a billion laughs',
      `<!DOCTYPE m [<!ENTITY a "lol">${'<!ENTITY b "&a;&a;&a;&a;">'.repeat(50)}]><mujoco model="&b;">\n<x/></mujoco>`,
      'xml-invalid',
    ],
    ['not a number', world('<geom size="nan"/>'), 'model-rejected'],
  ])('%s', { timeout: HOSTILE_MS }, async (_, xml, code) => {
    expect(await failure(xml)).toMatchObject({ code });
  });

  test('a chain near the deepest that the engine reads compiles', async () => {
    const depth = 480;
    const { model } = await build(
      world(`${'<body><geom size=".1"/>'.repeat(depth)}${'</body>'.repeat(depth)}`),
    );
    expect(model.nbody).toBe(depth + 1);
  });
});
