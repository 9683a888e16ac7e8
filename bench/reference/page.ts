import mujocoUrl from '@mujoco/mujoco/mujoco.wasm?url';
import type { ViewOptions } from '../../src/app/api';
import { HEADER } from '../../src/core/frame';
import { describe } from '../../src/sim/describe';
import { FramePacker } from '../../src/sim/frame_packer';
import { instantiateMujoco } from '../../src/sim/mujoco';
import { Sim } from '../../src/sim/sim';
import { CameraControl } from '../../src/view/camera';
import { View } from '../../src/view/view';
import type { Comparison, Drawn, ReferenceCase } from './index';

/** Contrast of the difference in the side-by-side picture. */
const GAIN = 4;

const OPTIONS: ViewOptions = {
  shadows: true,
  reflections: true,
  skybox: true,
  haze: true,
  fog: false,
  wireframe: false,
  transparent: false,
  geomGroups: [true, true, true, false, false, false],
  siteGroups: [true, true, true, false, false, false],
  flags: {},
  label: 'none',
  frame: 'none',
  maxPixelRatio: 1,
};

declare global {
  interface Window {
    reference: typeof api;
  }
}

let compiled: Promise<WebAssembly.Module> | null = null;

async function bytesOf(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Draws a model at its initial state and compares it with the native picture. */
async function compare(reference: ReferenceCase, files: readonly string[]): Promise<Comparison> {
  const { view, width, height, draw } = await open(reference, files);
  draw();
  const blob = await view.screenshot(width, height);
  view.dispose();
  const ours = await pixelsOf(blob);
  const native = await pixelsOf(new Blob([await bytesOf(`/reference/${reference.picture}`)]));
  return { difference: difference(ours, native), picture: await sideBySide(native, ours) };
}

/** What one picture costs, shadows off. */
async function count(reference: ReferenceCase, files: readonly string[]): Promise<Drawn> {
  const { view, draw } = await open(reference, files);
  view.setOptions({ ...OPTIONS, shadows: false });
  draw();
  const { drawCalls, triangles } = view.figures;
  view.dispose();
  return { drawCalls, triangles };
}

async function open(
  { model, camera, width, height }: ReferenceCase,
  files: readonly string[],
): Promise<{ view: View; width: number; height: number; draw: () => void }> {
  compiled ??= WebAssembly.compileStreaming(fetch(mujocoUrl));
  const compiler = await instantiateMujoco(await compiled);
  for (const file of files) {
    const folder = `/${file}`.slice(0, file.lastIndexOf('/') + 1);
    compiler.FS.mkdirTree(folder, 0o777);
    compiler.FS.writeFile(`/${file}`, await bytesOf(`/corpus/${file}`));
  }
  const first = compiler.MjModel.from_xml_path(`/${model}`);
  compiler.mj_saveModel(first, '/model.mjb', null);
  const mjb: unknown = compiler.FS.readFile('/model.mjb', { encoding: 'binary' });
  if (!(mjb instanceof Uint8Array)) throw new Error('the model did not compile to bytes');
  const sim = new Sim(await instantiateMujoco(await compiled), mjb);
  const copy = describe(sim.mujoco, sim.model, sim.data);
  sim.mujoco.mj_resetData(sim.model, sim.data);
  sim.mujoco.mj_forward(sim.model, sim.data);
  const packer = new FramePacker(sim);

  const canvas = document.createElement('canvas');
  document.body.replaceChildren(canvas);
  const control = new CameraControl();
  const view = new View(canvas, OPTIONS, control);
  control.setModel(copy);
  control.set(camera);
  view.resize(width, height, 1);
  view.setModel(copy);
  const draw = (): void => {
    packer.frame.header[HEADER.vgeomCount] = packer.pack().vgeoms;
    view.draw(packer.frame, performance.now());
  };
  return { view, width, height, draw };
}

async function pixelsOf(blob: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  const context = canvasOf(bitmap.width, bitmap.height);
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

function canvasOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (context === null) throw new Error('no 2D canvas');
  return context;
}

/** Mean absolute difference per channel, 0..255. */
function difference(a: ImageData, b: ImageData): number {
  if (a.width !== b.width || a.height !== b.height) throw new Error('pictures differ in size');
  let sum = 0;
  for (let i = 0; i < a.data.length; i++)
    if (i % 4 !== 3) sum += Math.abs((a.data[i] ?? 0) - (b.data[i] ?? 0));
  return sum / (3 * a.width * a.height);
}

/** Native, ours, and where they differ, as a PNG data URL. */
async function sideBySide(native: ImageData, ours: ImageData): Promise<string> {
  const { width, height } = native;
  const context = canvasOf(3 * width, height);
  const apart = context.createImageData(width, height);
  for (let i = 0; i < apart.data.length; i++) {
    const d = Math.abs((native.data[i] ?? 0) - (ours.data[i] ?? 0));
    apart.data[i] = i % 4 === 3 ? 255 : GAIN * d;
  }
  [native, ours, apart].forEach((image, i) => context.putImageData(image, i * width, 0));
  const bytes = new Uint8Array(
    await (await context.canvas.convertToBlob({ type: 'image/png' })).arrayBuffer(),
  );
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

const api = { compare, count };
window.reference = api;
