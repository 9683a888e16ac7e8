import { FaceLandmarker } from '@mediapipe/tasks-vision';
import { mediapipeLoader, mediapipeWasm } from 'virtual:face-models';
import { SimroomError } from '../core/errors';
import { fromCoefficients } from '../face/camera/blendshapes';
import { HeadPose } from '../face/camera/pose';
import { LANDMARKS } from '../face/camera/topology';
import { HEAD } from '../face/frame';
import type { Frame } from './crop';

/** A face_landmarker.task has 4 MB; what is larger is something else. */
const MAX_TASK_BYTES = 64 << 20;
/** A task is a zip archive. */
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** MediaPipe's FaceLandmarker with a model that a person brought: all 52 shapes as it estimates them. */
export class TaskTracker {
  /** x, y, z of each landmark of the last face, pixels of the frame. */
  readonly landmarks = new Float32Array(3 * LANDMARKS);
  private readonly pose = new HeadPose();
  private last = 0;

  private constructor(private readonly landmarker: FaceLandmarker) {}

  /**
   * @param task the file, or where to fetch it
   * @throws SimroomError `fetch-failed`, `face-model-invalid`
   */
  static async open(task: Blob | string): Promise<TaskTracker> {
    const blob = typeof task === 'string' ? await fetchTask(task) : task;
    await checkTask(blob);
    const files = { wasmLoaderPath: absolute(mediapipeLoader), wasmBinaryPath: absolute(mediapipeWasm) };
    try {
      const landmarker = await FaceLandmarker.createFromOptions(files, {
        baseOptions: { modelAssetBuffer: new Uint8Array(await blob.arrayBuffer()), delegate: 'CPU' },
        runningMode: 'VIDEO',
        numFaces: 1,
        outputFaceBlendshapes: true,
      });
      return new TaskTracker(landmarker);
    } catch (cause) {
      throw new SimroomError(
        'face-model-invalid',
        'MediaPipe could not read this model. Choose a face_landmarker.task, or leave it away: the camera works without.',
        { cause },
      );
    }
  }

  /**
   * @param now ms, more than before
   * @param out gets CHANNELS numbers
   * @returns whether there is a face
   */
  track(frame: Frame, width: number, height: number, now: number, out: Float32Array): boolean {
    // It refuses a time that is not later than the last.
    this.last = Math.max(this.last + 1, Math.round(now));
    const { faceLandmarks, faceBlendshapes } = this.landmarker.detectForVideo(frame, this.last);
    const points = faceLandmarks[0];
    if (points === undefined || points.length < LANDMARKS) return false;
    for (let i = 0; i < LANDMARKS; i++) {
      const { x = NaN, y = NaN, z = NaN } = points[i] ?? {};
      this.landmarks[3 * i] = x * width;
      this.landmarks[3 * i + 1] = y * height;
      // Depth is in widths of the picture.
      this.landmarks[3 * i + 2] = z * width;
    }
    if (!this.pose.align(this.landmarks)) return false;
    fromCoefficients(faceBlendshapes[0]?.categories ?? [], out);
    out[HEAD.yaw] = this.pose.yaw;
    out[HEAD.pitch] = this.pose.pitch;
    out[HEAD.roll] = this.pose.roll;
    return true;
  }
}

async function fetchTask(url: string): Promise<Blob> {
  const failed = (why: string, cause?: unknown): SimroomError =>
    new SimroomError(
      'fetch-failed',
      `The model ${url} could not be fetched: ${why}. Check the address, or choose the file itself.`,
      { cause },
    );
  const response = await fetch(url).catch((cause: unknown) => {
    throw failed('it cannot be reached, or its server allows no other pages', cause);
  });
  if (!response.ok) throw failed(`status ${response.status}`);
  return response.blob();
}

/** @throws SimroomError `face-model-invalid` for what cannot be one, before 11 MB are fetched for it */
async function checkTask(blob: Blob): Promise<void> {
  const invalid = (what: string): SimroomError =>
    new SimroomError('face-model-invalid', `${what} Choose MediaPipe's face_landmarker.task.`);
  if (blob.size > MAX_TASK_BYTES) {
    throw invalid(`The model has ${Math.round(blob.size / 1e6)} MB; a face model has about 4.`);
  }
  const start = new Uint8Array(await blob.slice(0, ZIP.length).arrayBuffer());
  if (!ZIP.every((byte, i) => start[i] === byte)) throw invalid('This file is no MediaPipe task.');
}

function absolute(url: string): string {
  return new URL(url, import.meta.url).href;
}
