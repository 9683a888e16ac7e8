import { describe, expect, it } from 'vitest';
import { checkGlb, readGlbFile, readGlbHead } from './check';
import { checkGlbSize } from './container';
import { MAX_GLB_BYTES, MAX_IMAGE_SIDE, MAX_JSON_BYTES, MOST } from './limits';
import { GlbWriter, glbOf, pngOf, refusal, smallHead } from './testing';

function withHeader(bytes: Uint8Array<ArrayBuffer>, at: number, word: number): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(at, word, true);
  return copy;
}

const good = smallHead();

describe('a report', () => {
  it('tells what a head can do, and whose it is', () => {
    const bytes = smallHead({
      names: ['JawOpen', 'eye_blink_left', 'Fancy', 'viseme_aa'],
      more: {
        asset: { version: '2.0', copyright: 'CC0', extras: { author: 'Ann\n\u202eOther', title: 'Hero' } },
        animations: [{}],
        cameras: [{}],
        extensions: { KHR_lights_punctual: { lights: [] } },
      },
    });
    expect(checkGlb(bytes)).toEqual({
      bytes: bytes.length,
      kind: 'glb',
      credits: { title: 'Hero', author: 'Ann Other', licence: 'CC0' },
      shapes: ['eyeBlinkLeft', 'jawOpen'],
      missing: expect.arrayContaining(['eyeBlinkRight', 'tongueOut']),
      expressions: [],
      unused: ['Fancy', 'viseme_aa'],
      gaze: 'none',
      head: 'Head',
      cropped: false,
      vertices: 4,
      triangles: 4,
      textures: 0,
      ignored: ['animations', 'cameras', 'lights'],
    });
  });

  it('knows expressions by the names of morph targets', () => {
    const { expressions, shapes } = checkGlb(smallHead({ names: ['mouthOpen', 'Blink_L'] }));
    expect(expressions).toEqual(['aa', 'blinkleft']);
    expect(shapes).toEqual(['eyeBlinkLeft', 'jawOpen']);
  });

  it('finds names at primitives, where some programs write them', () => {
    const bytes = smallHead({
      mesh: { extras: {} },
      primitive: { extras: { targetNames: ['tongueOut', 'x'] } },
    });
    expect(checkGlb(bytes).shapes).toEqual(['tongueOut']);
  });

  it('counts textures that are shown', () => {
    const bytes = smallHead({
      picture: pngOf(4, 2, () => [255, 0, 0, 255]),
      primitive: { material: 0 },
      more: {
        textures: [{ source: 0 }],
        materials: [{ alphaMode: 'MASK', pbrMetallicRoughness: { baseColorTexture: { index: 0 } } }],
      },
    });
    const { report, model } = readGlbHead(bytes);
    expect(report.textures).toBe(1);
    expect(model.images[0]).toMatchObject({ type: 'image/png', width: 4, height: 2 });
    expect(model.materials[model.groups[0]?.material ?? -1]).toMatchObject({ image: 0, alpha: 'mask' });
  });
});

describe('refused with a word', () => {
  const fetched = { nodes: [{ mesh: 0 }] };
  const far = (bytes: number): Uint8Array => {
    const png = pngOf(2, 2, () => [0, 0, 0, 0]).slice();
    new DataView(png.buffer).setUint32(16, bytes);
    return png;
  };
  const vertices = new GlbWriter();
  vertices.accessors.push({ componentType: 5126, type: 'VEC3', count: MOST.vertices + 1 });
  const cases: readonly (readonly [string, Uint8Array, string, RegExp])[] = [
    ['nothing', new Uint8Array(0), 'head-invalid', /not a GLB.*\.glb or \.vrm/],
    ['a picture', pngOf(2, 2, () => [0, 0, 0, 0]), 'head-invalid', /not a GLB/],
    [
      'a .gltf',
      Uint8Array.from([...'  {"asset"'].map((c) => c.charCodeAt(0))),
      'head-invalid',
      /\.gltf.*other files.*GLB/,
    ],
    [
      'an FBX',
      Uint8Array.from([...'Kaydara FBX Binary'].map((c) => c.charCodeAt(0))),
      'head-invalid',
      /FBX.*GLB/,
    ],
    ['version 1', withHeader(good, 4, 1), 'head-invalid', /version 1.*glTF 2\.0/],
    ['half a file', good.slice(0, good.length / 2), 'head-invalid', /cut short: \d+ of \d+ bytes.*again/],
    ['more than it says', withHeader(good, 8, good.length - 8), 'head-invalid', /damaged/],
    ['a chunk beyond the end', withHeader(good, 12, 0xfffffff0), 'head-invalid', /chunk is longer/],
    ['no description', withHeader(good, 16, 0), 'head-invalid', /does not begin with its description/],
    ['a description that is no JSON', glbOf('{"asset":'), 'head-invalid', /not JSON/],
    ['a list', glbOf([]), 'head-invalid', /no object/],
    ['a deep one', glbOf('['.repeat(200_000)), 'head-invalid', /JSON/],
    [
      'a huge description',
      glbOf(`{"x":"${'y'.repeat(MAX_JSON_BYTES)}"}`),
      'file-too-large',
      /description.*4\.0 MB/,
    ],
    ['an older asset', smallHead({ more: { asset: { version: '1.1' } } }), 'head-invalid', /glTF 1\.1/],
    [
      'a buffer elsewhere',
      smallHead({ more: { buffers: [{ byteLength: 9, uri: 'https://example.org/head.bin' }], ...fetched } }),
      'assets-missing',
      /other files \("https:\/\/example\.org\/head\.bin"\).*nothing is ever fetched.*one GLB/,
    ],
    [
      'a picture elsewhere',
      smallHead({ more: { images: [{ uri: 'skin.png' }] } }),
      'assets-missing',
      /skin\.png/,
    ],
    [
      'bytes as text',
      smallHead({ more: { images: [{ uri: 'data:image/png;base64,AAAA' }] } }),
      'head-invalid',
      /written as text/,
    ],
    [
      'Draco',
      smallHead({ more: { extensionsUsed: ['KHR_draco_mesh_compression'] } }),
      'head-invalid',
      /Draco.*Blender.*"Compression" unticked/,
    ],
    [
      'meshopt',
      smallHead({ more: { extensionsUsed: ['EXT_meshopt_compression'] } }),
      'head-invalid',
      /meshopt.*gltfpack/,
    ],
    [
      'KTX2',
      smallHead({ more: { extensionsRequired: ['KHR_texture_basisu'] } }),
      'head-invalid',
      /KTX2.*PNG, JPEG or WebP/,
    ],
    [
      'what nobody knows',
      smallHead({ more: { extensionsRequired: ['ACME_magic'] } }),
      'head-invalid',
      /"ACME_magic"/,
    ],
    [
      'no shapes',
      smallHead({ names: [] }),
      'head-without-shapes',
      /no named morph targets \(shape keys\).*jawOpen, eyeBlinkLeft.*aa, ih/,
    ],
    [
      'shapes of other names',
      smallHead({ names: ['Key 1', 'Key 2'] }),
      'head-without-shapes',
      /2 morph targets.*Key 1, Key 2/,
    ],
    [
      'a circle',
      smallHead({ more: { nodes: [{ children: [1] }, { children: [0] }] } }),
      'head-invalid',
      /circle/,
    ],
    [
      'two parents',
      smallHead({ more: { nodes: [{ children: [2] }, { children: [2] }, {}] } }),
      'head-invalid',
      /two parents/,
    ],
    [
      'nodes without end',
      smallHead({ more: { nodes: Array(MOST.nodes + 1).fill({}) } }),
      'head-too-large',
      /2,001 nodes.*2,000/,
    ],
    [
      'a mesh that is not there',
      smallHead({ more: { nodes: [{ mesh: 7 }] } }),
      'head-invalid',
      /"mesh" points to/,
    ],
    [
      'a place that is NaN',
      smallHead({ positions: new Float32Array(12).fill(NaN) }),
      'head-invalid',
      /some that are none/,
    ],
    [
      'a node that is infinite',
      glbOf('{"asset":{"version":"2.0"},"nodes":[{"translation":[1e999,0,0]}]}'),
      'head-invalid',
      /3 numbers/,
    ],
    ['a flat one', smallHead({ positions: new Float32Array(12) }), 'head-invalid', /flat/],
    [
      'an accessor beyond its bytes',
      smallHead({ more: { bufferViews: Array(4).fill({ buffer: 0, byteLength: 4 }) } }),
      'head-invalid',
      /beyond the end/,
    ],
    [
      'a view beyond the end',
      smallHead({ more: { bufferViews: [{ buffer: 0, byteOffset: 1e6, byteLength: 4 }] } }),
      'head-invalid',
      /view reaches beyond/,
    ],
    [
      'too many vertices',
      vertices.finish({
        nodes: [{ mesh: 0 }],
        meshes: [
          {
            primitives: [{ attributes: { POSITION: 0 }, targets: [{ POSITION: 0 }] }],
            extras: { targetNames: ['jawOpen'] },
          },
        ],
      }),
      'head-too-large',
      /150,001 vertices; at most 150,000.*Reduce/,
    ],
    [
      'a picture too wide',
      smallHead({ picture: far(MAX_IMAGE_SIDE + 1) }),
      'head-invalid',
      /4097 × 2 pixels/,
    ],
    [
      'a picture of another kind',
      smallHead({ picture: new Uint8Array(64) }),
      'head-invalid',
      /not PNG, JPEG or WebP/,
    ],
  ];

  it.each(cases)('%s', (_, bytes, code, words) => {
    const { code: found, message } = refusal(bytes);
    expect(message).toMatch(words);
    expect(found).toBe(code);
  });

  it('a file of 100 MB, which is not even read', async () => {
    let read = 0;
    const file = {
      size: 100 << 20,
      arrayBuffer: () => {
        read++;
        return Promise.resolve(new ArrayBuffer(0));
      },
    };
    await expect(readGlbFile(file)).rejects.toMatchObject({
      code: 'file-too-large',
      message: expect.stringMatching(/100 MB; at most 24 MB/),
    });
    expect(read).toBe(0);
    expect(() => checkGlbSize(MAX_GLB_BYTES)).not.toThrow();
  });
});

describe('sizes of pictures', () => {
  const jpeg = [
    0xff,
    0xd8,
    0xff,
    0xe0,
    0,
    4,
    0,
    0,
    0xff,
    0xc2,
    0,
    17,
    8,
    0x01,
    0x02,
    0x03,
    0x04,
    ...Array<number>(20).fill(0),
  ];
  const text = (letters: string): number[] => [...letters].map((c) => c.charCodeAt(0));
  const webp = (kind: string, body: readonly number[]): number[] => [
    ...text(`RIFF____WEBP${kind}____`),
    ...body,
    ...Array<number>(16).fill(0),
  ];
  it.each([
    ['JPEG', jpeg, 'image/jpeg', 0x304, 0x102],
    ['WebP, lossy', webp('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, 0x20, 0x43, 0x10, 0]), 'image/webp', 0x320, 0x10],
    ['WebP, lossless', webp('VP8L', [0x2f, 0xff, 0x00, 0x40, 0]), 'image/webp', 256, 257],
    ['WebP, extended', webp('VP8X', [0, 0, 0, 0, 9, 0, 0, 4, 1, 0]), 'image/webp', 10, 261],
  ] as const)('%s', (_, bytes, type, width, height) => {
    const found = readGlbHead(
      smallHead({
        picture: Uint8Array.from(bytes),
        primitive: { material: 0 },
        more: {
          textures: [{ source: 0 }],
          materials: [{ pbrMetallicRoughness: { baseColorTexture: { index: 0 } } }],
        },
      }),
    );
    expect(found.model.images[0]).toMatchObject({ type, width, height });
  });
});
