import type { SimroomError } from '../../../src/core/errors';
import type { SourceStatus } from '../../../src/app/faces/source';
import { openWebcam, type Webcam } from '../../../src/app/faces/webcam';
import { CHANNELS } from '../../../src/face/frame';
import { canvas, FilmPainter, sceneOf, toI420 } from './draw';
import { FILM, FRAMES_PER_SECOND, HEIGHT, WIDTH } from './film';

/** The camera without the app: draws the film that a fake camera shows, and says what is seen in it. */

/** A scene's first frames still show the one before, in what was solved. */
const SETTLED = 4 / FRAMES_PER_SECOND;
/** How often is looked which scene the camera shows, ms. */
const LOOK_MS = 50;

const statuses: SourceStatus[] = [];
const counts = { changed: 0, ended: 0 };
let source: Webcam | null = null;

function open(options: { device?: string; task?: Blob } = {}): Promise<Webcam> {
  return openWebcam(options, {
    changed: () => counts.changed++,
    status: (status) => statuses.push(status),
    ended: () => counts.ended++,
  });
}

/** A face in a scene: the mean of what was solved while it stood still. */
interface Seen {
  readonly scene: string;
  readonly regions: number;
  readonly face: readonly number[];
  readonly samples: number;
}

/** The film is over after this, with some to spare, ms. */
const FILM_MS =
  (1000 * (FILM.reduce((sum, { frames }) => sum + frames, 0) + FRAMES_PER_SECOND)) / FRAMES_PER_SECOND;

const webcam = {
  statuses: () => statuses,
  counts: () => counts,

  /** The film's pictures, base64 of I420, and as PNG to be looked at. */
  async draw(photo: string): Promise<{ i420: string; png: string }[]> {
    const image = await createImageBitmap(await (await fetch(photo)).blob());
    const painter = new FilmPainter(image);
    const pictures: { i420: string; png: string }[] = [];
    for (const [i, scene] of FILM.entries()) {
      const context = await painter.paint(scene, i);
      const bytes = toI420(context.getImageData(0, 0, WIDTH, HEIGHT));
      let text = '';
      for (let at = 0; at < bytes.length; at += 4096) {
        text += String.fromCharCode(...bytes.subarray(at, at + 4096));
      }
      pictures.push({ i420: btoa(text), png: context.canvas.toDataURL() });
    }
    return pictures;
  },

  /** Opens the camera; the code of what it failed with, or null. */
  async open(device?: string): Promise<string | null> {
    try {
      source = await open(device === undefined ? {} : { device });
      return null;
    } catch (error) {
      return (error as SimroomError).code;
    }
  },

  /** Opens it with a model of one's own that is none; what is said in the end. */
  async openWithTask(bytes: number[]): Promise<SourceStatus | undefined> {
    const opened = await open({ task: new Blob([Uint8Array.from(bytes)]) });
    while (statuses.at(-1)?.state === 'starting') await pause(LOOK_MS);
    opened.close();
    return statuses.at(-1);
  },

  /** Watches the film once; scenes named `rest` are taken for the face at rest. */
  async watch(rests: readonly string[]): Promise<{ seen: Seen[]; rate: number }> {
    if (source === null) throw new Error('no camera');
    const video = Object.assign(document.createElement('video'), { muted: true, srcObject: source.stream });
    await video.play();
    const context = canvas(WIDTH, HEIGHT);
    const sums = new Map<string, { regions: number; sum: Float64Array; samples: number }>();
    const face = new Float32Array(CHANNELS);
    let [current, since] = ['', 0];
    let begun = NaN;
    let rested = false;
    const before = counts.changed;
    // From the first scene on, so that every face is measured against its own rest.
    while (!(performance.now() - begun > FILM_MS)) {
      await pause(LOOK_MS);
      const now = performance.now();
      context.drawImage(video, 0, 0, WIDTH, HEIGHT);
      const scene = sceneOf(context)?.name ?? '';
      if (scene !== current) {
        if (scene === FILM[0]?.name && Number.isNaN(begun)) begun = now;
        [current, since, rested] = [scene, now, false];
      }
      if (Number.isNaN(begun) || now - since < 1000 * SETTLED) continue;
      if (rests.includes(scene) && !rested) {
        source.recalibrate();
        rested = true;
      }
      const entry = sums.get(scene) ?? { regions: 0, sum: new Float64Array(CHANNELS), samples: 0 };
      face.fill(0);
      entry.regions = source.sample(now, face);
      face.forEach((value, i) => (entry.sum[i] = (entry.sum[i] ?? 0) + value));
      entry.samples++;
      sums.set(scene, entry);
    }
    const rate = (1000 * (counts.changed - before)) / (performance.now() - begun);
    const seen = [...sums].map(([scene, { regions, sum, samples }]) => ({
      scene,
      regions,
      face: [...sum].map((value) => value / samples),
      samples,
    }));
    return { seen, rate };
  },

  /** Closes the camera; whether everything went off at once. */
  close(): boolean {
    if (source === null) return false;
    const { stream } = source;
    source.close();
    const off = stream.getTracks().every(({ readyState }) => readyState === 'ended');
    return off && source.sample(performance.now(), new Float32Array(CHANNELS)) === 0;
  },

  /** Pulls the camera out, as far as a page can tell. */
  pullOut(): void {
    source?.stream.getTracks().forEach((track) => track.dispatchEvent(new Event('ended')));
  },
};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

export type WebcamPage = typeof webcam;

Object.assign(window, { webcam });
