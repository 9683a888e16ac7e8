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
  const sim = new Sim(await instantiateMujoco(await compiled), compiler.FS.readFile('/model.mjb', { encoding: 'binary' }));
  const copy = describe(sim.mujoco, sim.model, sim.data);
  sim.mujoco.mj_resetData(sim.model, sim.data);
  sim.mujoco.mj_forward(sim.model, sim.data);
  const packer = new FramePacker(sim);
  const dd = (window as any).decor_; if (dd) { const flags = new Uint8Array(31); for (const i of dd[0]) flags[i] = 1; const g = new Uint8Array([1,1,1,1,1,1]); packer.setVisual({ flags, sitegroup: g, tendongroup: g, jointgroup: g, actuatorgroup: g, flexgroup: g, skingroup: g, frame: dd[1] }); for (let i=0;i<400;i++) sim.mujoco.mj_step(sim.model, sim.data); } // TEMP

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
  return { view, width, height, draw, frame: packer.frame } as any; // TEMP
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

async function shot(
  reference: ReferenceCase,
  files: readonly string[],
  options: Partial<ViewOptions>,
): Promise<unknown> {
  // TEMP
  const { view, width, height, draw } = await open(reference, files);
  view.setOptions({ ...OPTIONS, ...options });
  draw();
  draw();
  const blob = await view.screenshot(width, height);
  let text = '';
  for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
  return [btoa(text), view.figures];
}
async function probe(reference: ReferenceCase, files: readonly string[]): Promise<unknown> { // TEMP
  const w = window as any; const out: any = {};
  const { view, width, height, draw, frame } = (await open(reference, files)) as any;
  const canvas = document.querySelector('canvas')!; const gl = canvas.getContext('webgl2')!;
  view.setOptions({ ...OPTIONS, shadows: false });
  for (let i = 0; i < 60; i++) { draw(); await new Promise((f) => setTimeout(f, 0)); }
  const times: number[] = [];
  for (let i = 0; i < 60; i++) { const t = performance.now(); view.draw(frame, t); times.push(performance.now() - t); gl.finish(); await new Promise((f) => setTimeout(f, 2)); }
  times.sort((a, b) => a - b); out.median = times[30]; out.p90 = times[54];
  view.resize(32, 24, 1);
  for (let i = 0; i < 200; i++) view.draw(frame, i);
  w.gc(); const m0 = (performance as any).memory.usedJSHeapSize;
  for (let i = 0; i < 500; i++) view.draw(frame, i);
  out.bytesPerDraw = ((performance as any).memory.usedJSHeapSize - m0) / 500; w.gc();
  out.keptPerDraw = ((performance as any).memory.usedJSHeapSize - m0) / 500;
  view.resize(width, height, 1);
  view.setOptions(OPTIONS); draw();
  const before = await (await view.screenshot(width, height)).arrayBuffer();
  const ext = gl.getExtension('WEBGL_lose_context')!;
  ext.loseContext(); await new Promise((f) => setTimeout(f, 100)); draw();
  ext.restoreContext(); await new Promise((f) => setTimeout(f, 300)); draw();
  const after = await (await view.screenshot(width, height)).arrayBuffer();
  out.same = before.byteLength === after.byteLength && new Uint8Array(before).every((x, i) => x === new Uint8Array(after)[i]);
  const t0 = performance.now(); view.setOptions({ ...OPTIONS, transparent: true }); draw(); out.optionsMs = performance.now() - t0;
  out.memory = { ...view.renderer_?.info.memory };
  view.dispose();
  out.memoryAfter = { ...view.renderer_?.info.memory };
  return out;
}
async function decor(reference: ReferenceCase, files: readonly string[], on: number[], frame: number): Promise<unknown> { // TEMP
  (window as any).decor_ = [on, frame];
  const { view, width, height, draw } = await open(reference, files);
  draw(); draw();
  const blob = await view.screenshot(width, height);
  let text = '';
  for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
  return [btoa(text), view.figures];
}
async function hold(reference: ReferenceCase, files: readonly string[], shadows: boolean): Promise<void> { // TEMP
  const w = window as any;
  const { view, frame, draw } = (await open(reference, files)) as any;
  view.setOptions({ ...OPTIONS, shadows }); draw(); view.resize(32, 24, 1);
  w.spin = (n: number) => { for (let i = 0; i < n; i++) view.draw(frame, i); };
  w.spin(3000);
}
const api = { compare, count, shot, probe, decor, hold };
window.reference = api;
