import { createServer, type Server } from 'node:http';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SimroomError } from '../core/errors';
import { resolve, type Resolved } from './resolve';
import type { FileRecord, LoadProgress, PlainSource } from './source';
import { largeFileUrl } from './web';

const OBJ = 'v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n';
const WORLD = '<worldbody><geom size=".1"/></worldbody>';
const GEOM_MESH = '<worldbody><geom type="mesh" mesh="m"/></worldbody>';
const ROBOT = `<mujoco><compiler meshdir="assets"/><asset><mesh name="m" file="m.obj"/></asset>${GEOM_MESH}</mujoco>`;

let server: Server;
let base = '';
/** What the server serves, by path. */
const served = new Map<string, string | Uint8Array>();
const requests: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').replace(/\?.*$/, '');
    requests.push(request.url ?? '');
    const content = served.get(path);
    if (path.startsWith('/forbidden')) response.writeHead(403).end();
    else if (content !== undefined) response.writeHead(200).end(content);
    // Hosts of single-page apps answer anything with their page.
    else if (path.startsWith('/spa'))
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
    else response.writeHead(404).end('not here');
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  base = `http://127.0.0.1:${address.port}/`;
});

afterAll(() => {
  server.close();
});

const load = (source: PlainSource, extra?: FileRecord, progress: LoadProgress[] = []): Promise<Resolved> =>
  resolve(source, {
    base: `${base}app/`,
    githubRaw: `${base}raw/`,
    onProgress: (each) => progress.push(each),
    ...(extra === undefined ? {} : { extra }),
  });

const failure = async (source: PlainSource): Promise<SimroomError> =>
  load(source).then(
    () => {
      throw new Error('it loaded');
    },
    (error: SimroomError) => error,
  );

const paths = ({ bundle }: Resolved): string[] => [...bundle.files.keys()].toSorted();
const textOf = ({ bundle }: Resolved, path: string): string =>
  new TextDecoder().decode(bundle.files.get(path));

describe('files', () => {
  test('only what the model needs is taken, wherever the folder begins', async () => {
    const resolved = await load({
      files: {
        'robot/scene.xml': ROBOT,
        'robot/assets/m.obj': OBJ,
        'robot/readme.md': 'no',
        'robot/assets/n.obj': OBJ,
      },
    });
    expect(resolved.bundle.entry).toBe('scene.xml');
    expect(paths(resolved)).toEqual(['assets/m.obj', 'scene.xml']);
  });

  test('flat files are put where the model looks for them, in any case', async () => {
    const resolved = await load({ files: { 'scene.xml': ROBOT, 'M.OBJ': OBJ } });
    expect(paths(resolved)).toEqual(['assets/m.obj', 'scene.xml']);
  });

  test('of several files of a name, the one with the most shared folders is meant', async () => {
    const files = { 'scene.xml': ROBOT, 'visual/m.obj': 'other', 'x/assets/m.obj': OBJ };
    expect(textOf(await load({ files }), 'assets/m.obj')).toBe(OBJ);
    const error = await failure({ files: { 'scene.xml': ROBOT, 'a/m.obj': OBJ, 'b/m.obj': OBJ } });
    expect(error).toMatchObject({ code: 'assets-missing', details: { missing: ['assets/m.obj'] } });
  });

  test('paths that climb out are lifted into one folder', async () => {
    const resolved = await load({
      files: { 'robot/scene.xml': ROBOT.replace('"assets"', '"../../shared"'), 'm.obj': OBJ },
      entry: 'robot/scene.xml',
    });
    expect(resolved.bundle.entry).toBe('model/robot/scene.xml');
    expect(paths(resolved)).toEqual(['model/robot/scene.xml', 'shared/m.obj']);
  });

  test('roots of another machine are taken off', async () => {
    const resolved = await load({
      files: { 'scene.xml': ROBOT.replace('"m.obj"', '"C:\\robots\\m.obj"'), 'm.obj': OBJ },
    });
    expect(textOf(resolved, 'scene.xml')).toContain('file="robots\\m.obj"');
    expect(paths(resolved)).toEqual(['assets/robots/m.obj', 'scene.xml']);
  });

  test('includes, attached models, skins, height fields, cube faces and flexes are all gathered', async () => {
    const files = {
      'scene.xml':
        '<mujoco><compiler assetdir="a" texturedir="t"/><include file="parts/inc.xml"/><asset>' +
        '<model name="c" file="child/c.xml"/><hfield file="h.png"/><skin file="s.skn"/>' +
        '<texture type="cube" fileright="r.png" fileleft="l.png"/></asset><worldbody><flexcomp file="f.msh"/>' +
        '</worldbody></mujoco>',
      'parts/inc.xml': '<mujoco><asset><mesh file="inc.obj"/></asset></mujoco>',
      'a/parts/inc.obj': OBJ,
      'child/c.xml': '<mujoco><compiler meshdir="m"/><asset><mesh file="c.obj"/></asset></mujoco>',
      'child/m/c.obj': OBJ,
      'a/h.png': 'h',
      'a/s.skn': 's',
      't/r.png': 'r',
      't/l.png': 'l',
      'a/f.msh': 'f',
    };
    expect(paths(await load({ files }))).toEqual(Object.keys(files).toSorted());
  });

  test('strippath leaves the folder of the compiler', async () => {
    const stripped = ROBOT.replace('meshdir', 'strippath="true" meshdir').replace(
      '"m.obj"',
      '"/far/away/m.obj"',
    );
    expect(paths(await load({ files: { 'scene.xml': stripped, 'm.obj': OBJ } }))).toContain('assets/m.obj');
  });

  test('all missing files are told at once, and can be added', async () => {
    const files = {
      'scene.xml':
        '<mujoco>\n<include file="no.xml"/><asset>\n<mesh file="a.obj"/><texture file="b.png"/></asset></mujoco>',
    };
    const error = await failure({ files });
    expect(error).toMatchObject({
      code: 'assets-missing',
      details: { missing: ['a.obj', 'b.png', 'no.xml'], file: 'scene.xml', line: 2, element: 'include' },
    });
    expect(error.message).toContain('a.obj, b.png, no.xml');
    const extra = { 'a.obj': OBJ, 'b.png': 'b', 'no.xml': `<mujoco>${WORLD}</mujoco>` };
    expect(paths(await load({ files }, extra))).toHaveLength(4);
  });

  test('other encodings reach MuJoCo as UTF-8', async () => {
    const utf16 = new Uint8Array(Buffer.from(`\ufeff<mujoco model="é">${WORLD}</mujoco>`, 'utf16le'));
    expect(textOf(await load({ files: { 'scene.xml': utf16 } }), 'scene.xml')).toContain('"é"');
  });

  test.each([
    ['nothing', {}, 'not-a-model', 'no files'],
    ['an .mjb', { 'a.mjb': 'x' }, 'not-a-model', 'Drop the XML'],
    ['only a mesh', { 'a.obj': OBJ }, 'not-a-model', '.xml or .urdf'],
    ['an empty file', { 'a.xml': '' }, 'not-a-model', 'empty'],
    ['a truncated file', { 'a.xml': '<mujoco>\n<worldbody>\n<body>' }, 'xml-invalid', 'line 3'],
    ['an unsafe path', { '../a.xml': ROBOT }, 'path-unsafe', 'climbs'],
  ])('%s ends in a clear error', async (_, files, code, words) => {
    const error = await failure({ files });
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });

  test('50 MB of XML are refused in no time', async () => {
    const huge = new Blob([`<mujoco>${' '.repeat(50 << 20)}</mujoco>`]);
    const begin = performance.now();
    expect(await failure({ files: { 'a.xml': huge } })).toMatchObject({ code: 'file-too-large' });
    expect(performance.now() - begin).toBeLessThan(5000);
  });
});

describe('the choice of the entry', () => {
  const plain = `<mujoco>${WORLD}</mujoco>`;

  test('what others include or attach is not it, nor what is no model', async () => {
    const files = {
      'r/package.xml': '<package/>',
      'r/arm.xml': plain,
      'r/task.xml': '<mujoco><asset><model file="arm.xml"/></asset></mujoco>',
      '__MACOSX/r/._task.xml': 'junk',
    };
    expect((await load({ files })).bundle.entry).toBe('task.xml');
  });

  test('scene.xml is preferred, the topmost one', async () => {
    const files = { 'x.xml': plain, 'scene.xml': plain, 'sub/scene.xml': plain };
    expect((await load({ files })).bundle.entry).toBe('scene.xml');
  });

  test('otherwise a person chooses', async () => {
    const files = { 'b.xml': plain, 'sub/a.xml': plain };
    const error = await failure({ files });
    expect(error).toMatchObject({ code: 'not-a-model', details: { candidates: ['b.xml', 'sub/a.xml'] } });
    expect(error.message).toContain('b.xml, sub/a.xml');
    expect((await load({ files, entry: 'sub/a.xml' })).bundle.entry).toBe('a.xml');
    expect(await failure({ files, entry: 'c.xml' })).toMatchObject({ code: 'not-found' });
  });
});

describe('archives', () => {
  const archive = zipSync({ robot: { 'scene.xml': strToU8(ROBOT), assets: { 'm.obj': strToU8(OBJ) } } });

  test.each(['robot.zip', 'robot.mjz'])('%s is unpacked', async (name) => {
    const resolved = await load({ files: { [name]: archive } });
    expect(resolved.origin).toBe(name);
    expect(paths(resolved)).toEqual(['assets/m.obj', 'scene.xml']);
  });

  test('one at an address too', async () => {
    served.set('/dl/robot.zip', archive);
    expect(paths(await load(`${base}dl/robot.zip`))).toEqual(['assets/m.obj', 'scene.xml']);
    served.set('/dl/latest', archive);
    expect(paths(await load(`${base}dl/latest`))).toEqual(['assets/m.obj', 'scene.xml']);
  });
});

describe('addresses', () => {
  test('includes and assets are fetched relative to the entry, and told', async () => {
    served.set('/a b/robots/scene.xml', '<mujoco><include file="robot.xml"/></mujoco>');
    served.set('/a b/robots/robot.xml', ROBOT.replace('"assets"', '"../mesh es"'));
    served.set('/a b/mesh es/m.obj', OBJ);
    const progress: LoadProgress[] = [];
    const resolved = await load(`${base}a%20b/robots/scene.xml?token=1`, undefined, progress);
    expect(resolved.bundle.entry).toBe('robots/scene.xml');
    expect(paths(resolved)).toEqual(['mesh es/m.obj', 'robots/robot.xml', 'robots/scene.xml']);
    expect(requests).toContain('/a%20b/robots/scene.xml?token=1');
    expect(progress.map(({ what }) => what)).toContain('a b/mesh es/m.obj');
  });

  test('missing files of an address are told at once and can be added', async () => {
    served.set('/lack/scene.xml', ROBOT.replace('<asset>', '<asset><mesh file="n.obj"/>'));
    expect(await failure(`${base}lack/scene.xml`)).toMatchObject({
      code: 'assets-missing',
      details: { missing: ['assets/m.obj', 'assets/n.obj'] },
    });
    const resolved = await load(`${base}lack/scene.xml`, { 'n.obj': OBJ, 'm.obj': OBJ });
    expect(paths(resolved)).toEqual(['assets/m.obj', 'assets/n.obj', 'scene.xml']);
  });

  test('a web page in place of an asset is a missing asset', async () => {
    served.set('/spa/scene.xml', ROBOT);
    expect(await failure(`${base}spa/scene.xml`)).toMatchObject({ code: 'assets-missing' });
    expect(await failure(`${base}spa/other.xml`)).toMatchObject({ code: 'not-found' });
  });

  test.each([
    ['a missing model', () => `${base}no.xml`, 'not-found'],
    ['a server that refuses', () => `${base}forbidden/a.xml`, 'fetch-failed'],
    ['a host that is not there', () => 'http://127.0.0.1:1/a.xml', 'fetch-failed'],
    ['a protocol of another kind', () => 'ftp://x/a.xml', 'not-found'],
    ['a folder on GitHub', () => 'https://github.com/o/r/tree/main/robots', 'not-found'],
    ['a repository alone', () => 'github:o/r', 'not-found'],
  ])('%s ends in a clear error', async (_, source, code) => {
    expect(await failure(source())).toMatchObject({ code });
  });

  test.each([
    ['github:o/r/robots/scene.xml', 'HEAD'],
    ['github:o/r@v1.2/robots/scene.xml', 'v1.2'],
    ['https://github.com/o/r/blob/main/robots/scene.xml', 'main'],
  ])('%s is read from its raw files', async (address, ref) => {
    served.set(`/raw/o/r/${ref}/robots/scene.xml`, ROBOT);
    served.set(`/raw/o/r/${ref}/robots/assets/m.obj`, OBJ);
    const resolved = await load(address);
    expect(resolved.origin).toBe(address);
    expect(paths(resolved)).toEqual(['assets/m.obj', 'scene.xml']);
  });

  test("a pointer into GitHub's large file storage is followed", () => {
    const url = new URL('https://raw.githubusercontent.com/o/r/HEAD/m.obj');
    const pointer = strToU8('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n');
    expect(largeFileUrl(url, pointer)?.href).toBe('https://media.githubusercontent.com/media/o/r/HEAD/m.obj');
    expect(largeFileUrl(url, strToU8(OBJ))).toBeNull();
    expect(largeFileUrl(new URL('https://example.org/m.obj'), pointer)).toBeNull();
  });

  test('a catalogue id is looked up beside the app, and so is a relative address', async () => {
    served.set(
      '/app/models/catalogue.json',
      JSON.stringify([{ id: 'arm', title: 'An arm', text: '', entry: 'arm/arm.xml' }]),
    );
    served.set('/app/models/arm/arm.xml', `<mujoco>${WORLD}</mujoco>`);
    expect(await load('arm')).toMatchObject({ origin: 'An arm', bundle: { entry: 'arm.xml' } });
    expect((await load('models/arm/arm.xml')).bundle.entry).toBe('arm.xml');
    const error = await failure('leg');
    expect(error).toMatchObject({ code: 'not-found' });
    expect(error.message).toContain('arm');
  });
});

describe('URDF', () => {
  const link = (visual: string, collision: string): string =>
    `<robot name="r">\n<link name="a"><visual><geometry><mesh filename="${visual}"/></geometry></visual>` +
    `<collision><geometry><mesh filename="${collision}"/></geometry></collision></link></robot>`;

  test('packages are found among the files, and the pictures kept', async () => {
    const resolved = await load({
      files: {
        'pkg/urdf/r.urdf': link('package://pkg/meshes/v.obj', 'package://pkg/meshes/c.stl'),
        'pkg/meshes/v.obj': OBJ,
        'pkg/meshes/c.stl': 'c',
      },
    });
    const text = textOf(resolved, resolved.bundle.entry);
    expect(text).toContain('filename="pkg/meshes/v.obj"');
    expect(text).toMatch(
      /^<robot name="r"><mujoco><compiler discardvisual="false" strippath="false"[^\n]*\n<link/,
    );
    expect(paths(resolved)).toEqual(['pkg/meshes/c.stl', 'pkg/meshes/v.obj', 'r.urdf']);
  });

  test('packages are found on the server, above the file', async () => {
    served.set('/ros/pkg/urdf/r.urdf', link('package://pkg/meshes/v.obj', 'package://pkg/meshes/v.obj'));
    served.set('/ros/pkg/meshes/v.obj', OBJ);
    expect(paths(await load(`${base}ros/pkg/urdf/r.urdf`))).toEqual(['pkg/meshes/v.obj', 'r.urdf']);
  });

  test('COLLADA looks give way to collision shapes, with a warning', async () => {
    const resolved = await load({ files: { 'r.urdf': link('v.dae', 'c.stl'), 'c.stl': 'c' } });
    expect(textOf(resolved, 'r.urdf')).toContain('discardvisual="true"');
    expect(resolved.warnings).toEqual([expect.stringContaining('COLLADA')]);
  });

  test('COLLADA shapes are refused', async () => {
    const error = await failure({ files: { 'r.urdf': link('v.dae', 'c.dae') } });
    expect(error).toMatchObject({
      code: 'model-rejected',
      details: { file: 'r.urdf', line: 2, element: 'mesh' },
    });
    expect(error.message).toContain('.stl');
  });

  test('a compiler element of its own is obeyed', async () => {
    const own = link('package://pkg/v.obj', 'x/c.stl').replace(
      '<link',
      '<mujoco><compiler meshdir="m"/></mujoco><link',
    );
    const resolved = await load({ files: { 'r.urdf': own, 'm/c.stl': 'c' } });
    expect(paths(resolved)).toEqual(['m/c.stl', 'r.urdf']);
  });
});
