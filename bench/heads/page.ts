/** The view with as many heads as are asked for, and next to nothing else. */

import { DEFAULT_VIEW_OPTIONS } from '../../src/app/view_options';
import { HEADER, PERSON } from '../../src/core/frame';
import { CHANNELS } from '../../src/face/frame';
import { generateTake } from '../../src/face/generate';
import { STYLE_NAMES } from '../../src/face/head/style';
import { lookFor } from '../../src/face/look';
import { frameCount, frameOf } from '../../src/face/take';
import { fakeArrays, fakeFrame, fakeModel } from '../../src/testing/fake_model';
import { CameraControl } from '../../src/view/camera';
import type { SceneHead } from '../../src/view/scene_head';
import { View } from '../../src/view/view';

/** Heads have a least size in pixels: all have to have room beside each other. */
const SIZE = { width: 320, height: 180 };
const TAKE_SECONDS = 10;

/** ms. */
export interface HeadTimes {
  /** Script of a picture, mean. */
  readonly picture: number;
  readonly drawCalls: number;
}

const canvas = document.querySelector<HTMLCanvasElement>('#view') ?? document.createElement('canvas');
const camera = new CameraControl();
const view = new View(canvas, DEFAULT_VIEW_OPTIONS, camera);
const model = fakeArrays(fakeModel());
const frame = fakeFrame(model);
const take = generateTake(5, TAKE_SECONDS, 'talk');
let heads: readonly SceneHead[] = [];
let pictures = 0;

camera.setModel(model);
view.setModel(model);
view.resize(SIZE.width, SIZE.height, 1);
camera.set({ azimuth: 90, elevation: 0, lookat: [0, 0, 0], distance: 4 });

function nextPicture(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Draws a picture in which everybody moves and speaks; its script time, ms. */
function draw(now: number): number {
  const count = heads.length;
  frame.header[HEADER.personCount] = count;
  pictures++;
  heads.forEach(({ seat, face }, i) => {
    face.set(frameOf(take, (pictures + 37 * i) % frameCount(take)));
    const at = PERSON.stride * i;
    frame.persons[at + PERSON.seat] = seat;
    frame.persons[at + PERSON.eye] = ((i % 6) - 2.5) * 0.8 + 0.1 * Math.sin(pictures / 20 + i);
    frame.persons[at + PERSON.eye + 1] = 0;
    frame.persons[at + PERSON.eye + 2] = (Math.floor(i / 6) - 2) * 0.6;
    frame.persons[at + PERSON.lookat + 1] = -4;
  });
  const start = performance.now();
  view.draw(frame, now);
  return performance.now() - start;
}

const heads30 = {
  /** Shows so many heads of all styles; resolves when they are there. Longest task of the main thread meanwhile, ms. */
  async show(count: number): Promise<number> {
    heads = Array.from({ length: count }, (_, i) => ({
      seat: i + 1,
      on: 'person',
      size: null,
      look: { ...lookFor(i), style: STYLE_NAMES[i % STYLE_NAMES.length] ?? 'android' },
      colour: '#39c5a8',
      glb: null,
      face: new Float32Array(CHANNELS),
    }));
    view.setPeople(heads.map(({ seat, colour }) => ({ seat, name: `Person ${seat}`, colour })));
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    observer.observe({ entryTypes: ['longtask'] });
    view.setHeads(heads);
    while (!heads.every(({ seat }) => view.headPixels(seat) > 0)) draw(await nextPicture());
    observer.disconnect();
    return longest;
  },
  async measure(warmUp: number, count: number): Promise<HeadTimes> {
    for (let i = 0; i < warmUp; i++) draw(await nextPicture());
    let sum = 0;
    for (let i = 0; i < count; i++) sum += draw(await nextPicture());
    return { picture: sum / count, drawCalls: view.figures.drawCalls };
  },
};

declare global {
  interface Window {
    readonly heads30: typeof heads30;
  }
}

Object.assign(window, { heads30 });
