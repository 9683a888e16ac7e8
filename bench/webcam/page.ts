import { proxy, transfer, wrap } from 'comlink';
import workerUrl from '../../workers/face_tracker.ts?worker&url';
import type { FaceTrackerService, StageTimes } from '../../src/tracker/service';

export interface TrackerFigures {
  /** From a frame to its face, ms, of each frame. */
  readonly whole: readonly number[];
  readonly times: readonly StageTimes[];
  /** Of the very first frame. */
  readonly first: StageTimes;
}

/** Frames before those that count. */
const WARM_UP = 10;
const WIDTH = 640;
const HEIGHT = 480;

window.measureTracker = async (photo, frames) => {
  const worker = new Worker(workerUrl, { type: 'module' });
  const service = wrap<FaceTrackerService>(worker);
  const problem = await service.start(
    null,
    proxy(() => {}),
  );
  if (problem !== null) throw new Error(problem.message);
  const image = await createImageBitmap(await (await fetch(photo)).blob());
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d');
  if (context === null) throw new Error('no 2D canvas');
  const whole: number[] = [];
  const times: StageTimes[] = [];
  for (let i = 0; i < WARM_UP + frames; i++) {
    // Nobody holds still: a little to and fro.
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.drawImage(image, 120 + 10 * Math.sin(i / 5), 40, 400, 400);
    const frame = await createImageBitmap(context.canvas);
    const began = performance.now();
    const seen = await service.track(transfer(frame, [frame]), began);
    whole.push(performance.now() - began);
    if (seen === null) throw new Error('The face was not found.');
    times.push(seen.times);
  }
  worker.terminate();
  const [first] = times;
  if (first === undefined) throw new Error('no frames');
  return { whole: whole.slice(WARM_UP), times: times.slice(WARM_UP), first };
};
