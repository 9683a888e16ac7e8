import { dispose, type Tensor, tensor4d } from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { EYES, MESH_LANDMARKS } from '../face/camera/topology';
import { Crop, type Frame, type Region } from './crop';

/** Side of the picture that the network takes, pixels. */
const SIDE = 192;
/** Below this there is no face in the region. */
const MIN_CONFIDENCE = 0.5;
/** How much larger than the landmarks' box the next frame's region is. */
const MARGIN = 1.5;

/** Places 468 landmarks on a face: Face Mesh of MediaPipe. */
export class FaceMesh {
  private readonly model: GraphModel;
  private readonly crop = new Crop(SIDE, 0);
  private readonly input = new Float32Array(this.crop.length);

  constructor(model: GraphModel) {
    this.model = model;
  }

  /**
   * @param region where the face is
   * @param landmarks gets x, y, z of each: pixels of the frame; z is away from the camera, from the head's middle
   * @returns whether there is a face
   */
  async place(frame: Frame, region: Region, landmarks: Float32Array): Promise<boolean> {
    this.crop.take(frame, region, this.input);
    const tensor = tensor4d(this.input, [1, SIDE, SIDE, 3]);
    const outputs = this.model.execute(tensor, ['output_mesh', 'output_faceflag']) as Tensor[];
    const [points, confidence] = await Promise.all(outputs.map((output) => output.data()));
    dispose([tensor, ...outputs]);
    if (!points || !((confidence?.[0] ?? 0) >= MIN_CONFIDENCE)) return false;
    fromRegion(points, MESH_LANDMARKS, region, SIDE, landmarks);
    return true;
  }
}

/** Brings points of a region's picture, `side` pixels wide, into the frame. */
function fromRegion(
  points: ArrayLike<number>,
  count: number,
  region: Region,
  side: number,
  out: Float32Array,
): void {
  const scale = region.side / side;
  const cos = Math.cos(region.angle) * scale;
  const sin = Math.sin(region.angle) * scale;
  for (let i = 0; i < 3 * count; i += 3) {
    const x = (points[i] ?? 0) - side / 2;
    const y = (points[i + 1] ?? 0) - side / 2;
    out[i] = region.x + cos * x - sin * y;
    out[i + 1] = region.y + sin * x + cos * y;
    out[i + 2] = (points[i + 2] ?? 0) * scale;
  }
}

/** The region in which the next frame's face will be, from this frame's landmarks. */
export function regionAround(landmarks: Float32Array, region: Region): void {
  const right = 3 * EYES.right.outer;
  const left = 3 * EYES.left.outer;
  const angle = Math.atan2(
    (landmarks[left + 1] ?? 0) - (landmarks[right + 1] ?? 0),
    (landmarks[left] ?? 0) - (landmarks[right] ?? 0),
  );
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let [left0, right0, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < 3 * MESH_LANDMARKS; i += 3) {
    const x = cos * (landmarks[i] ?? 0) + sin * (landmarks[i + 1] ?? 0);
    const y = cos * (landmarks[i + 1] ?? 0) - sin * (landmarks[i] ?? 0);
    left0 = Math.min(left0, x);
    right0 = Math.max(right0, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const x = (left0 + right0) / 2;
  const y = (top + bottom) / 2;
  region.x = cos * x - sin * y;
  region.y = sin * x + cos * y;
  region.side = MARGIN * Math.max(right0 - left0, bottom - top);
  region.angle = angle;
}
