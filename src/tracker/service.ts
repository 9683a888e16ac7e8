import { type PlainError, SimroomError, toPlainError } from '../core/errors';
import { CAMERA_REGIONS, FaceSolver } from '../face/camera/solver';
import { CHANNELS } from '../face/frame';
import { REGIONS } from '../face/regions';
import type { TaskTracker } from './mediapipe';
import { loadFaceModels } from './models';
import { LandmarkTracker } from './tracker';

const ALL_REGIONS = (1 << REGIONS.length) - 1;

/** What a frame of the camera showed. */
export interface TrackedFace {
  /** CHANNELS numbers, and the regions that they say something about. */
  readonly face: Float32Array;
  readonly regions: number;
  /** x, y, z of 478 landmarks, pixels of the frame, for a preview. */
  readonly landmarks: Float32Array;
  /** Whether the person's face at rest is known. */
  readonly calibrated: boolean;
  readonly times: StageTimes;
}

/** Where the time of a frame went, ms. */
export interface StageTimes {
  readonly detect: number;
  readonly mesh: number;
  readonly eyes: number;
  readonly solve: number;
}

/** Finds faces in frames, in a worker of its own. */
export interface FaceTrackerService {
  /**
   * Gets ready.
   *
   * @param task a MediaPipe model of the person's own, or where to fetch it
   * @param progress told what part of our own models has arrived, 0 to 1
   * @returns what went wrong, if anything
   */
  start(task: Blob | string | null, progress: (part: number) => void): Promise<PlainError | null>;
  /**
   * Solves a frame, and closes it.
   *
   * @param now when it was taken, ms
   * @returns null while there is no face
   */
  track(frame: ImageBitmap, now: number): Promise<TrackedFace | null>;
  /** Takes the next second for the person's face at rest. */
  recalibrate(): void;
}

export function faceTrackerService(): FaceTrackerService {
  const solver = new FaceSolver();
  const face = new Float32Array(CHANNELS);
  let tracker: LandmarkTracker | null = null;
  let taskTracker: TaskTracker | null = null;

  return {
    async start(task, progress) {
      try {
        if (task === null) tracker = new LandmarkTracker(await loadFaceModels(progress));
        else taskTracker = await (await import('./mediapipe')).TaskTracker.open(task);
        return null;
      } catch (error) {
        return toPlainError(error, 'tracker-failed');
      }
    },

    async track(frame, now) {
      try {
        const { width, height } = frame;
        const began = performance.now();
        if (taskTracker !== null) {
          if (!taskTracker.track(frame, width, height, now, face)) return null;
          const times = { detect: 0, mesh: performance.now() - began, eyes: 0, solve: 0 };
          return { face, regions: ALL_REGIONS, landmarks: taskTracker.landmarks, calibrated: true, times };
        }
        if (tracker === null) throw new SimroomError('tracker-failed', 'The face tracker has not started.');
        if (!(await tracker.track(frame, width, height))) return null;
        const placed = performance.now();
        if (!solver.solve(tracker.landmarks, now, face)) return null;
        const times = { ...tracker.times, solve: performance.now() - placed };
        const { calibrated } = solver;
        return { face, regions: CAMERA_REGIONS, landmarks: tracker.landmarks, calibrated, times };
      } finally {
        frame.close();
      }
    },

    recalibrate() {
      solver.recalibrate();
    },
  };
}
