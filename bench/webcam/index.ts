import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { servePages } from '../../e2e/pages';
import { type Bench, atLeast, info, median, range } from '../bench';
import type { TrackerFigures } from './page';

/** What the issue asks for here, Hz. */
const RATE_HZ = 20;
/** Frames that are measured; those before let the wasm warm up. */
const FRAMES = 120;
const QUICK_FRAMES = 30;

declare global {
  interface Window {
    /** Tracks a photograph so many times, in frames of 640×480. */
    measureTracker: (photo: string, frames: number) => Promise<TrackerFigures>;
  }
}

/** What finds a face in the camera's pictures, in its own worker, one frame after the other. */
export const bench: Bench = {
  name: 'webcam',
  async run({ root, quick, openPage }) {
    const source = await readFile(path.join(root, 'node_modules/@vladmandic/human/src/sample.ts'), 'utf8');
    const [, base64 = ''] = /face: string = `([^`]*)`/.exec(source) ?? [];
    const photo = `data:image/jpeg;base64,${base64.replaceAll(/\s/g, '')}`;
    const pages = await servePages();
    try {
      const page = await openPage();
      await page.goto(`${pages.url}bench/webcam/index.html`);
      await page.waitForFunction(() => 'measureTracker' in window);
      const frames = quick ? QUICK_FRAMES : FRAMES;
      const { whole, times, first } = await page.evaluate(
        ([url, count]) => window.measureTracker(url, count),
        [photo, frames] as const,
      );
      await page.close();
      const stage = (name: 'mesh' | 'eyes' | 'solve'): number[] => times.map((time) => time[name]);
      return [
        atLeast(
          'tracking and solving, frames of 640×480',
          1000 / median(whole),
          'Hz',
          RATE_HZ,
          `${median(whole).toFixed(1)} ms a frame (${range(whole)}), the way to the worker and back included`,
        ),
        info('landmarks', median(stage('mesh')), 'ms', range(stage('mesh'))),
        info('lids and irises', median(stage('eyes')), 'ms', range(stage('eyes'))),
        info('solver', median(stage('solve')), 'ms', range(stage('solve'))),
        info('looking for a face, once', first.detect, 'ms', 'first frame, wasm cold'),
      ];
    } finally {
      await pages.close();
    }
  },
};
