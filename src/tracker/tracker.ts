import { LANDMARKS } from '../face/camera/topology';
import type { Frame, Region } from './crop';
import { FaceDetector } from './detector';
import { EyeTracker } from './eyes';
import { FaceMesh, regionAround } from './mesh';
import type { FaceModels } from './models';

/** Where the time of a frame went, ms. */
export interface TrackingTimes {
  /** Looking for a face in the whole frame; 0 while one is followed. */
  detect: number;
  mesh: number;
  eyes: number;
}

/** Follows one face from frame to frame. */
export class LandmarkTracker {
  /** x, y, z of each landmark of the last face: pixels of the frame, z away from the camera. */
  readonly landmarks = new Float32Array(3 * LANDMARKS);
  readonly times: TrackingTimes = { detect: 0, mesh: 0, eyes: 0 };
  private readonly detector: FaceDetector;
  private readonly mesh: FaceMesh;
  private readonly eyes: EyeTracker;
  private readonly region: Region = { x: 0, y: 0, side: 0, angle: 0 };
  private following = false;

  constructor(models: FaceModels) {
    this.detector = new FaceDetector(models.detector);
    this.mesh = new FaceMesh(models.mesh);
    this.eyes = new EyeTracker(models.iris);
  }

  /**
   * Places the landmarks of a frame.
   *
   * @returns whether there is a face
   */
  async track(frame: Frame, width: number, height: number): Promise<boolean> {
    const { times, region, landmarks } = this;
    times.detect = times.mesh = times.eyes = 0;
    const began = performance.now();
    // A face that moved too fast is looked for at once, so that no frame is lost to it.
    let placed = this.following && (await this.mesh.place(frame, region, landmarks));
    let before = performance.now();
    if (placed) times.mesh = before - began;
    else {
      const found = await this.detector.find(frame, width, height, region);
      times.detect = performance.now() - began;
      before = performance.now();
      placed = found && (await this.mesh.place(frame, region, landmarks));
      times.mesh = performance.now() - before;
      before = performance.now();
    }
    this.following = placed;
    if (!placed) return false;
    await this.eyes.place(frame, region.angle, landmarks);
    times.eyes = performance.now() - before;
    regionAround(landmarks, region);
    return true;
  }
}
