import { proxy, type Remote, transfer, wrap } from 'comlink';
import workerUrl from '../../../workers/face_tracker.ts?worker&url';
import { fromPlainError, SimroomError } from '../../core/errors';
import { CHANNELS } from '../../face/frame';
import { REGION } from '../../face/regions';
import type { FaceTrackerService, StageTimes } from '../../tracker/service';
import { startWorker } from '../worker';
import { askForCamera } from './camera';
import type { FaceSource, SourceEvents, SourceStatus } from './source';

export interface WebcamOptions {
  /** Which camera, a `deviceId` of `enumerateDevices`; the browser's choice otherwise. */
  readonly device?: string;
  /** MediaPipe's `face_landmarker.task`, or where to fetch it: all 52 shapes, instead of our own solver's. */
  readonly task?: Blob | string;
}

/** A face that a camera sees. No picture leaves the page. */
export interface Webcam extends FaceSource {
  readonly kind: 'webcam';
  readonly stream: MediaStream;
  /** x, y, z of the last face's 478 landmarks, pixels of the camera's picture, for a preview; null without a face. */
  readonly landmarks: Float32Array | null;
  /** Where the last frame's time went, ms. */
  readonly times: StageTimes;
  recalibrate(): void;
}

/** What is used of the worker; tests bring their own. */
export interface TrackerLink {
  readonly service: Pick<Remote<FaceTrackerService>, 'start' | 'track' | 'recalibrate'>;
  /** Told once when the worker dies. */
  onDeath(tell: () => void): void;
  close(): void;
}

/** A face that was not seen for so long is gone, ms. */
const LOST_MS = 700;
/** Where the browser does not tell of frames, it is looked for one so often, ms. */
const POLL_MS = 33;
/** Of what is loaded without a model of one's own, MB: said, so that nobody wonders. */
const TRACKER_MB = 6;

const SEEN: SourceStatus = { state: 'on', text: 'The camera sees your face.' };
const CALIBRATING: SourceStatus = { state: 'on', text: 'Look at the camera for a second, face at rest.' };
const UNSEEN: SourceStatus = {
  state: 'waiting',
  text: 'No face in the picture: move into it, come closer, or turn on a light.',
};

/**
 * Opens a camera, and follows the face in it; the browser may ask for permission first.
 *
 * Resolves when the camera is on; what finds the face is fetched meanwhile, and `status` tells how that goes.
 *
 * @throws SimroomError `camera-denied`, `camera-missing`, `camera-busy`, `page-insecure`
 */
export async function openWebcam(
  options: WebcamOptions,
  events: SourceEvents,
  openTracker: () => TrackerLink = spawnTracker,
): Promise<Webcam> {
  events.status({ state: 'starting', text: 'Asking for the camera...' });
  const stream = await askForCamera(options.device);
  return new CameraFace(stream, options.task ?? null, events, openTracker());
}

class CameraFace implements Webcam {
  readonly kind = 'webcam';
  landmarks: Float32Array | null = null;
  times: StageTimes = { detect: 0, mesh: 0, eyes: 0, solve: 0 };
  private readonly video = document.createElement('video');
  private readonly face = new Float32Array(CHANNELS);
  private regions = 0;
  private seenAt = -Infinity;
  private told: SourceStatus | null = null;
  private ready = false;
  private busy = false;
  /** Whether there is a frame newer than the one in work: only the newest is ever looked at. */
  private fresh = false;
  private closed = false;
  private stopFrames = (): void => {};

  constructor(
    readonly stream: MediaStream,
    task: Blob | string | null,
    private readonly events: SourceEvents,
    private readonly tracker: TrackerLink,
  ) {
    for (const track of stream.getVideoTracks()) {
      track.addEventListener('ended', () => {
        this.fail(
          new SimroomError('camera-missing', 'The camera has gone: plug it in, then switch it on again.'),
        );
      });
    }
    tracker.onDeath(() => {
      this.fail(
        new SimroomError('tracker-failed', 'The face tracker has stopped: switch the camera on again.'),
      );
    });
    const { video } = this;
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    void this.start(task);
  }

  sample(now: number, out: Float32Array): number {
    if (this.regions === 0 || now - this.seenAt > LOST_MS) return 0;
    for (let i = 0; i < CHANNELS; i++) {
      if (((this.regions >> (REGION[i] ?? 0)) & 1) === 1) out[i] = this.face[i] ?? 0;
    }
    return this.regions;
  }

  recalibrate(): void {
    void this.tracker.service.recalibrate();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const track of this.stream.getTracks()) track.stop();
    this.stopFrames();
    this.video.srcObject = null;
    this.tracker.close();
    this.regions = 0;
    this.landmarks = null;
  }

  private async start(task: Blob | string | null): Promise<void> {
    const loading = task === null ? `Loading the face tracker, ${TRACKER_MB} MB` : 'Loading MediaPipe, 11 MB';
    this.tell({ state: 'starting', text: `${loading}...` });
    const progress = proxy((part: number) => {
      if (!this.ready) this.tell({ state: 'starting', text: `${loading}: ${Math.floor(100 * part)} %` });
    });
    try {
      const [problem] = await Promise.all([this.tracker.service.start(task, progress), this.video.play()]);
      if (this.closed) return;
      if (problem !== null) throw fromPlainError(problem);
      this.ready = true;
      this.seenAt = performance.now();
      this.tell(CALIBRATING);
      this.watchFrames();
    } catch (error) {
      // Closing it ends its playing, which is no failure.
      if (!this.closed) this.fail(error);
    }
  }

  /** Calls {@link look} with every frame of the camera. */
  private watchFrames(): void {
    const { video } = this;
    if (typeof video.requestVideoFrameCallback === 'function') {
      let handle = 0;
      const next = (): void => {
        handle = video.requestVideoFrameCallback(next);
        this.look();
      };
      handle = video.requestVideoFrameCallback(next);
      this.stopFrames = () => video.cancelVideoFrameCallback(handle);
    } else {
      const timer = setInterval(() => this.look(), POLL_MS);
      this.stopFrames = () => clearInterval(timer);
    }
  }

  private look(): void {
    this.fresh = true;
    if (!this.busy) void this.lookOn();
  }

  private async lookOn(): Promise<void> {
    this.busy = true;
    try {
      while (this.fresh && !this.closed) {
        this.fresh = false;
        await this.lookOnce();
      }
    } catch (error) {
      if (!this.closed) this.fail(error);
    } finally {
      this.busy = false;
    }
  }

  private async lookOnce(): Promise<void> {
    const { video, tracker } = this;
    if (video.videoWidth === 0) return;
    const now = performance.now();
    const frame = await createImageBitmap(video);
    if (this.closed) {
      frame.close();
      return;
    }
    const seen = await tracker.service.track(transfer(frame, [frame]), now);
    if (this.isClosed()) return;
    if (seen !== null) {
      this.face.set(seen.face);
      this.regions = seen.regions;
      this.landmarks = seen.landmarks;
      this.times = seen.times;
      this.seenAt = performance.now();
      this.tell(seen.calibrated ? SEEN : CALIBRATING);
    } else if (performance.now() - this.seenAt > LOST_MS) {
      this.regions = 0;
      this.landmarks = null;
      this.tell(UNSEEN);
    }
    this.events.changed();
  }

  /** Asked again after waiting: it may have been closed meanwhile. */
  private isClosed(): boolean {
    return this.closed;
  }

  private tell(status: SourceStatus): void {
    if (this.closed || status === this.told) return;
    this.told = status;
    this.events.status(status);
  }

  private fail(error: unknown): void {
    if (this.closed) return;
    const text = error instanceof Error ? error.message : String(error);
    this.tell({ state: 'failed', text });
    this.close();
    this.events.ended();
  }
}

function spawnTracker(): TrackerLink {
  const worker = startWorker(workerUrl, 'simroom face tracker');
  return {
    service: wrap<FaceTrackerService>(worker),
    onDeath: (tell) => worker.addEventListener('error', tell, { once: true }),
    close: () => worker.terminate(),
  };
}
