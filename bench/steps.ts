import path from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { mujocoWasm } from '../scripts/vite/mujoco_wasm';
import { startServer } from '../signaling/server';
import { atLeast, info, median, range, type Bench, type BenchContext, type BenchRow } from './bench';
import { corpusModel, loadModel } from './corpus';
// Its declarations: what the bare page offers.
import type {} from './bare/page';

const TARGET = 0.97;

/** Small: software WebGL would otherwise take a core of its own. */
const SIZE = { width: 320, height: 180 };

/** Models, and steps until V8 has optimised the engine and the bodies have come to rest. */
const MODELS: readonly (readonly [model: string, warmUp: number])[] = [
  ['humanoid/humanoid.xml', 10_000],
  ['humanoid/22_humanoids.xml', 600],
];

/** A full run, and a quick one. */
const SECONDS = [5, 1.5] as const;
const ROUNDS = [5, 1] as const;

/**
 * Slowest answer that still tells when the tick was, ms: the engine looks up every 6 ms, or after one step. Half of it
 * is a hundredth of what is measured at most.
 */
const PROMPT_MS = 50;

/** Lets the bench stop the page's animation frames, as a hidden tab does. */
const FRAME_SWITCH = `{
  const request = window.requestAnimationFrame.bind(window);
  window.framesStopped = false;
  window.requestAnimationFrame = (callback) => request(function turn(now) {
    if (window.framesStopped) request(turn);
    else callback(now);
  });
}`;

declare global {
  interface Window {
    framesStopped: boolean;
  }
}

/**
 * Steps per second in the app against a worker that does nothing but `mj_step`: same browser, same wasm, same model,
 * same number of steps to warm up; they take turns, and the other one rests.
 */
export const bench: Bench = {
  name: 'steps',
  async run(context) {
    const { quick } = context;
    const bareServer = await serveBare(context);
    const rows: BenchRow[] = [];
    try {
      for (const [name, warmUp] of MODELS) {
        const model = await corpusModel(context.root, name);
        const room = await context.openRoom('', { size: SIZE, script: FRAME_SWITCH });
        await loadModel(room, model);
        await room.evaluate(() => window.simroom.pause());
        const blank = await context.openPage({ size: SIZE });
        await blank.goto(bareServer.url);
        await blank.waitForFunction(() => 'bare' in window);
        await blank.evaluate(({ entry, texts }) => window.bare.load(entry, texts), model);

        const seconds = SECONDS[quick ? 1 : 0];
        const drawn: number[] = [];
        const hidden: number[] = [];
        const rates: number[] = [];
        for (let round = 0; round < ROUNDS[quick ? 1 : 0]; round++) {
          const bare = await blank.evaluate(([warm, time]) => window.bare.measure(warm, time), [
            warmUp,
            seconds,
          ] as const);
          rates.push(bare);
          drawn.push((await inApp(room, warmUp, seconds, true)) / bare);
          hidden.push((await inApp(room, warmUp, seconds, false)) / bare);
        }
        const short = path.basename(name, '.xml');
        rows.push(
          atLeast(
            `steps/s in the app / bare loop, ${short}`,
            median(drawn),
            '',
            TARGET,
            `view visible at ${SIZE.width}x${SIZE.height}; ${range(drawn, 3)}`,
          ),
          info(`the same while nothing is drawn, ${short}`, median(hidden), '', range(hidden, 3)),
          info(`bare loop, ${short}`, median(rates), 'steps/s', range(rates, 0)),
        );
        await room.context().close();
        await blank.context().close();
      }
    } finally {
      await bareServer.close();
    }
    return rows;
  },
};

/** Steps per second of the app at full speed, from the same start as the bare loop; pauses it again. */
async function inApp(room: Page, warmUp: number, seconds: number, drawn: boolean): Promise<number> {
  return await room.evaluate(
    async ([warm, time, visible, promptMs]) => {
      const { simroom } = window;
      // A tick, and when it was: an answer that waited for the page says nothing, so it is asked for again.
      const look = async (): Promise<{ tick: number; at: number }> => {
        for (;;) {
          const asked = performance.now();
          const { tick } = await simroom.state();
          const answered = performance.now();
          if (answered - asked < promptMs) return { tick, at: (asked + answered) / 2 };
        }
      };
      await simroom.reset();
      const { tick: start } = await simroom.state();
      window.framesStopped = !visible;
      await simroom.setSpeed(Infinity);
      await simroom.play();
      while ((await simroom.state()).tick < start + warm) await new Promise((done) => setTimeout(done, 20));
      const first = await look();
      await new Promise((done) => setTimeout(done, 1000 * time));
      const last = await look();
      await simroom.pause();
      window.framesStopped = false;
      return (1000 * (last.tick - first.tick)) / (last.at - first.at);
    },
    [warmUp, seconds, drawn, PROMPT_MS] as const,
  );
}

/** Builds the bare page with the app's own wasm and serves it. */
async function serveBare({ root }: BenchContext): ReturnType<typeof startServer> {
  const folder = path.join(root, '.cache', 'bench-bare');
  await build({
    root: path.join(root, 'bench', 'bare'),
    configFile: false,
    base: './',
    logLevel: 'error',
    plugins: [mujocoWasm(root)],
    worker: { format: 'es', plugins: () => [mujocoWasm(root)] },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  });
  return await startServer({ folder, port: 0, host: '127.0.0.1' });
}
