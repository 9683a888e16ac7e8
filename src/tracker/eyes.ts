import { dispose, type Tensor, tensor4d } from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { type Eye, EYES, IRIS_POINTS } from '../face/camera/topology';
import { Crop, type Frame, type Region } from './crop';

/** Side of the picture that the network takes, pixels. */
const SIDE = 64;
/** How much wider than the eye its picture is. */
const MARGIN = 2.3;
/** Numbers that the network gives for an eye: 71 points of the lids and around them, 5 of the iris. */
const OUTPUT = 3 * 76;
/** Among them: the lower lid from corner to corner, the upper lid between the corners, the iris. */
const LOWER = 0;
const UPPER = 9;
const IRIS = 71;

/**
 * Places lids and irises more exactly than the mesh does: Iris of MediaPipe.
 *
 * It knows right eyes only: a left one is shown to it mirrored.
 */
export class EyeTracker {
  private readonly model: GraphModel;
  private readonly crop = new Crop(SIDE, 0);
  private readonly input = new Float32Array(2 * this.crop.length);
  private readonly regions: readonly Region[] = [region(), region()];

  constructor(model: GraphModel) {
    this.model = model;
  }

  /** Replaces the lids' landmarks and adds those of the irises, pixels of the frame. */
  async place(frame: Frame, angle: number, landmarks: Float32Array): Promise<void> {
    const eyes = [EYES.right, EYES.left];
    eyes.forEach((eye, i) => {
      const around = this.regions[i];
      if (!around) return;
      aim(landmarks, eye, angle, around);
      this.crop.take(frame, around, this.input, i * this.crop.length, i === 1);
    });
    const tensor = tensor4d(this.input, [2, SIDE, SIDE, 3]);
    const output = this.model.execute(tensor) as Tensor;
    const data = await output.data();
    dispose([tensor, output]);
    eyes.forEach((eye, i) => {
      const around = this.regions[i];
      if (around) copy(data, i * OUTPUT, around, i === 1, eye, landmarks);
    });
  }
}

function region(): Region {
  return { x: 0, y: 0, side: 1, angle: 0 };
}

function aim(landmarks: Float32Array, eye: Eye, angle: number, around: Region): void {
  const inner = 3 * eye.inner;
  const outer = 3 * eye.outer;
  const dx = (landmarks[inner] ?? 0) - (landmarks[outer] ?? 0);
  const dy = (landmarks[inner + 1] ?? 0) - (landmarks[outer + 1] ?? 0);
  around.x = (landmarks[outer] ?? 0) + dx / 2;
  around.y = (landmarks[outer + 1] ?? 0) + dy / 2;
  around.side = Math.max(1, MARGIN * Math.hypot(dx, dy));
  around.angle = angle;
}

function copy(
  data: ArrayLike<number>,
  offset: number,
  around: Region,
  mirrored: boolean,
  eye: Eye,
  out: Float32Array,
): void {
  const scale = around.side / SIDE;
  const cos = Math.cos(around.angle) * scale;
  const sin = Math.sin(around.angle) * scale;
  const put = (from: number, to: number): void => {
    const at = offset + 3 * from;
    const x = ((data[at] ?? 0) - SIDE / 2) * (mirrored ? -1 : 1);
    const y = (data[at + 1] ?? 0) - SIDE / 2;
    out[3 * to] = around.x + cos * x - sin * y;
    out[3 * to + 1] = around.y + sin * x + cos * y;
  };
  eye.lower.forEach((to, i) => put(LOWER + i, to));
  eye.upper.forEach((to, i) => put(UPPER + i, to));
  // The network says nothing of an iris' depth: it is where the lids are.
  const depth = ((out[3 * eye.inner + 2] ?? 0) + (out[3 * eye.outer + 2] ?? 0)) / 2;
  for (let i = 0; i < IRIS_POINTS; i++) {
    put(IRIS + i, eye.iris + i);
    out[3 * (eye.iris + i) + 2] = depth;
  }
}
