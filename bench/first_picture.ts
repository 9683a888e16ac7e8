import path from 'node:path';
import { startServer } from '../signaling/server';
import { atMost, info, median, range, type Bench, type BenchContext } from './bench';
import { buildPeer } from './peer';

const TARGET = 0.7;

/** Pairs of cold starts; a full run and a quick one. */
const PAIRS = [7, 2] as const;

const SIZE = { width: 320, height: 180 };

/** Longest wait for a picture, ms. */
const TIMEOUT_MS = 120_000;

/** The simulated time, s, as each page tells it; 0 or undefined before it runs. */
const OUR_TIME = 'window.simroom?.frame()?.header[1]';
const PEERS_TIME = 'window.simulatedTime';

/**
 * Notes when the first picture of the running model is there. Goes into the page.
 *
 * It looks before the page's own work of each animation frame. Ours: a state with time > 0 has arrived, and is drawn
 * in this very frame. The peer's: such a state was computed and drawn in the frame before. Either way that picture is
 * complete when, at the next frame, a pixel has been read back: that waits until the GPU has done all it was told.
 */
const watch = (time: string, drawnLater: boolean): string => `{
  const request = window.requestAnimationFrame.bind(window);
  let drawn = false;
  request(function turn() {
    if (drawn || (!${drawnLater} && ${time} > 0)) {
      const gl = document.querySelector('canvas').getContext('webgl2');
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
      window.firstPicture = performance.now();
      return;
    }
    drawn = ${time} > 0;
    if (drawn) window.firstState = performance.now();
    request(turn);
  });
}`;

declare global {
  interface Window {
    /** ms after the start of the navigation. */
    firstPicture?: number;
    /** When a state to draw was there, ms; ours only. */
    firstState?: number;
  }
}

/** From an empty cache to a picture of the running model, against mujoco-react: same model, server and browser. */
export const bench: Bench = {
  name: 'first-picture',
  async run(context) {
    const model = path.join(context.root, 'public', 'models', 'humanoid');
    const folder = await buildPeer(context.root, model);
    const peer = await startServer({ folder, port: 0, host: '127.0.0.1' });
    const ours: number[] = [];
    const theirs: number[] = [];
    const states: number[] = [];
    try {
      // The first start of each warms the disk, not the figures.
      for (let pair = 0; pair <= PAIRS[context.quick ? 1 : 0]; pair++) {
        const we = await coldStart(context, context.url, watch(OUR_TIME, true));
        const they = await coldStart(context, peer.url, watch(PEERS_TIME, false));
        if (pair === 0) continue;
        ours.push(we.picture);
        theirs.push(they.picture);
        states.push(we.state);
      }
    } finally {
      await peer.close();
    }
    return [
      atMost(
        'time to first picture / mujoco-react 8.2',
        median(ours) / median(theirs),
        '',
        TARGET,
        `medians of ${ours.length}; by pair ${range(ours.map((ms, i) => ms / (theirs[i] ?? NaN)))}`,
      ),
      info('time to first picture, ours', median(ours), 'ms', range(ours, 0)),
      info(
        'of it until the first state has arrived',
        median(states),
        'ms',
        'the rest is drawing: in software WebGL, some 2.5 µs of a core per triangle and the programs compiled',
      ),
      info('time to first picture, mujoco-react 8.2', median(theirs), 'ms', range(theirs, 0)),
    ];
  },
};

/** Opens a page from an empty cache; ms from the start of the navigation. */
async function coldStart(
  { openPage }: BenchContext,
  url: string,
  script: string,
): Promise<{ readonly picture: number; readonly state: number }> {
  const page = await openPage({ size: SIZE, script });
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => window.firstPicture !== undefined, undefined, { timeout: TIMEOUT_MS });
  const times = await page.evaluate(() => ({
    picture: window.firstPicture ?? NaN,
    state: window.firstState ?? NaN,
  }));
  await page.context().close();
  return times;
}
