import {
  Color,
  ColorManagement,
  LinearSRGBColorSpace,
  Matrix4,
  PerspectiveCamera,
  Scene,
  Vector2,
  Vector4,
  WebGLRenderer,
} from 'three';
import { readGlbFile, type GlbReport } from '../../../src/face/glb/check';
import { glbOf, GlbWriter, pngOf } from '../../../src/face/glb/testing';
import { exportHead, type ExportOptions } from '../../../src/face/glb/testing_heads';
import { coloursFor } from '../../../src/face/head/colours';
import { ARKIT_NAMES, SHAPE, SHAPES, type ArkitName } from '../../../src/face/names';
import { createGlbKind, type GlbKind } from '../../../src/view/glb_head';
import { GlbHeads } from '../../../src/view/glb_heads';
import { readGlbAside } from '../../../src/view/glb_reader';
import { HeadKinds } from '../../../src/view/head_kinds';
import { Heads } from '../../../src/view/heads';

/** One of our own heads, and beside it the same one after it went through a file: both in one picture. */

export type Weights = Readonly<Partial<Record<ArkitName, number>>>;

export interface Shot {
  readonly weights?: Weights;
  /** Colour behind the heads. */
  readonly background?: string;
  readonly brightness?: number;
  /** Where the heads turn, radians to their own left. */
  readonly yaw?: number;
  /** Only the one from the file, in the middle. */
  readonly alone?: boolean;
  /** As a mirror below the heads shows the one from the file; and what casts its shadow is drawn too, unseen. */
  readonly mirrored?: boolean;
}

const WIDTH = 480;
const HEIGHT = 280;
/** Half the distance of the two heads, m. */
const APART = 0.125;

const canvas = document.querySelector<HTMLCanvasElement>('#view') ?? document.createElement('canvas');
// As the app has it: colours go unconverted from arrays to screen, and the scene's order is the order of drawing.
ColorManagement.enabled = false;
const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: false, preserveDrawingBuffer: true });
renderer.outputColorSpace = LinearSRGBColorSpace;
renderer.sortObjects = false;
renderer.setSize(WIDTH, HEIGHT);
const camera = new PerspectiveCamera(20, WIDTH / HEIGHT, 0.05, 10);
camera.up.set(0, 0, 1);
camera.position.set(1, 0, -0.02);
camera.lookAt(0, 0, -0.02);
camera.updateMatrixWorld();
const scene = new Scene();
const kinds = new HeadKinds();
const own = new Heads(kinds);
/** The mirror lies below the chins. */
const MIRROR_Z = -0.05;
const theirs = new GlbHeads({
  mirror: new Matrix4().makeScale(1, 1, -1).setPosition(0, 0, 2 * MIRROR_Z),
  uniforms: {
    fog: { value: new Vector4(0, 0, 0, 0) },
    fogRange: { value: new Vector2(0, 1) },
    mirrorPlane: { value: new Vector4(0, 0, 1, -MIRROR_Z) },
    mirrorReflectance: { value: 0.5 },
  },
});
scene.add(own.object, theirs.object);
const mirrorScene = new Scene();
mirrorScene.add(theirs.mirrored, theirs.casters);
let kind: GlbKind | null = null;

async function open(bytes: Uint8Array): Promise<GlbReport> {
  const data = await readGlbAside(bytes);
  kind?.dispose();
  kind = await createGlbKind(data);
  return data.report;
}

function draw({
  weights = {},
  background = '#8899aa',
  brightness = 1,
  yaw = 0,
  alone = false,
  mirrored = false,
}: Shot): void {
  const list = new Float32Array(SHAPES);
  for (const name of ARKIT_NAMES) list[SHAPE[name]] = weights[name] ?? 0;
  const quaternion = [Math.cos(yaw / 2), 0, 0, Math.sin(yaw / 2)];
  const common = { quaternion, size: 0.24, weights: list, casts: true };
  // The camera's right is the heads' left.
  own.set(0, { ...common, style: 'human', colours: coloursFor('human', 0), position: [0, -APART, 0] });
  if (alone) own.remove(0);
  if (kind) theirs.set(0, { ...common, glb: kind, position: [0, alone ? 0 : APART, 0] });
  own.brightness = brightness;
  theirs.brightness = brightness;
  own.update(camera);
  theirs.update(camera);
  renderer.setClearColor(new Color(background), 1);
  renderer.render(mirrored ? mirrorScene : scene, camera);
}

/** RGBA rows from the top, as they are in the canvas. */
function pixels(shot: Shot): Uint8Array {
  draw(shot);
  const { drawingBufferWidth: width, drawingBufferHeight: height } = renderer.getContext();
  const rows = new Uint8Array(4 * width * height);
  const gl = renderer.getContext();
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, rows);
  const out = new Uint8Array(rows.length);
  for (let y = 0; y < height; y++)
    out.set(rows.subarray(4 * width * y, 4 * width * (y + 1)), 4 * width * (height - 1 - y));
  return out;
}

async function wordsFor(bytes: () => Uint8Array | Promise<Uint8Array>): Promise<string> {
  try {
    await readGlbAside(await bytes());
    return 'fine';
  } catch (thrown) {
    return `${String(Reflect.get(Object(thrown), 'code'))}: ${thrown instanceof Error ? thrown.message : ''}`;
  }
}

const bad: Readonly<Record<string, () => Uint8Array | Promise<Uint8Array>>> = {
  // A blob of one part many times over: nothing of it is in memory.
  huge: () => readGlbFile(new Blob(Array.from({ length: 100 }, () => megabyte))),
  shapeless: () => exportHead({ shapes: [] }),
  external: () => glbOf({ asset: { version: '2.0' }, images: [{ uri: 'https://example.org/skin.png' }] }),
  draco: () => exportHead({ shapes: ['jawOpen'], more: { extensionsUsed: ['KHR_draco_mesh_compression'] } }),
};
const megabyte = new Blob([new Uint8Array(1 << 20)]);

const glb = {
  width: WIDTH,
  height: HEIGHT,
  export: (options: ExportOptions) => open(exportHead(options)),

  draw,

  /**
   * How much of each half of the head from the file changes between two faces, mean of 0..255; left is the viewer's.
   */
  changed(before: Shot, after: Shot): { left: number; right: number } {
    const a = pixels({ ...before, alone: true });
    const b = pixels({ ...after, alone: true });
    const sum = { left: 0, right: 0 };
    for (let i = 0; i < a.length; i++) {
      const x = (i >> 2) % renderer.getContext().drawingBufferWidth;
      const side = x < WIDTH / 2 ? 'left' : 'right';
      sum[side] += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
    }
    return { left: sum.left / a.length, right: sum.right / a.length };
  },

  /** The colour at a point of the picture, 0..1 from the top left. */
  colourAt(shot: Shot, x: number, y: number): number[] {
    const all = pixels(shot);
    const at = 4 * (Math.floor(y * HEIGHT) * WIDTH + Math.floor(x * WIDTH));
    return [...all.subarray(at, at + 4)];
  },

  refuse: (name: string): Promise<string> => wordsFor(bad[name] ?? (() => new Uint8Array(0))),

  /** A picture that passes the check by its header, and cannot be decoded. */
  async damagedPicture(): Promise<string> {
    const writer = new GlbWriter();
    const png = pngOf(8, 8, () => [1, 2, 3, 255]).slice(0, 60);
    const source = writer.image(png, 'image/png');
    const position = writer.numbers(Float32Array.from([0, 0, 0, 1, 0, 0, 0, 1, 0]), 'VEC3');
    const uv = writer.numbers(Float32Array.from([0, 0, 1, 0, 0, 1]), 'VEC2');
    const target = writer.numbers(Float32Array.from([0, 0, 0, 0, 0, 0, 0, 0.1, 0]), 'VEC3');
    const bytes = writer.finish({
      nodes: [{ mesh: 0 }],
      meshes: [
        {
          primitives: [
            {
              attributes: { POSITION: position, TEXCOORD_0: uv },
              targets: [{ POSITION: target }],
              material: 0,
            },
          ],
          extras: { targetNames: ['jawOpen'] },
        },
      ],
      materials: [{ pbrMetallicRoughness: { baseColorTexture: { index: 0 } } }],
      textures: [{ source }],
    });
    try {
      await open(bytes);
      return 'fine';
    } catch (thrown) {
      return `${String(Reflect.get(Object(thrown), 'code'))}: ${thrown instanceof Error ? thrown.message : ''}`;
    }
  },

  /** What the graphics card holds after everything was let go, textures and geometries. */
  freed(): { textures: number; geometries: number } {
    kind?.dispose();
    kind = null;
    theirs.remove(0);
    draw({});
    const { textures, geometries } = renderer.info.memory;
    return { textures, geometries };
  },
};

export type GlbPage = typeof glb;

Object.assign(window, { glb });
