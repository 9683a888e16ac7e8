import { dispose, type Tensor, tensor4d } from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { Crop, type Frame, type Region } from './crop';

/** Side of the picture that the network takes, pixels. */
const SIDE = 256;
/** Its two grids of anchors: pixels from one to the next, anchors at each place. */
const GRIDS = [
  { stride: 16, anchors: 2 },
  { stride: 32, anchors: 6 },
] as const;
/** Numbers of a box: middle, size, then six points: the person's right eye, left eye, nose, mouth, ears. */
const BOX = 16;
/** A face is less likely to be one below this. */
const MIN_LOGIT = Math.log(0.5 / (1 - 0.5));
/** How much larger than the box the mesh's region is. */
const MARGIN = 1.5;

/** Finds the clearest face of a picture: BlazeFace of MediaPipe (full range of a room, 256×256). */
export class FaceDetector {
  private readonly model: GraphModel;
  private readonly crop = new Crop(SIDE, -1);
  private readonly input = new Float32Array(this.crop.length);
  private readonly whole: Region = { x: 0, y: 0, side: 0, angle: 0 };

  constructor(model: GraphModel) {
    this.model = model;
  }

  /**
   * @param face gets the region in which the mesh should look
   * @returns whether there is a face
   */
  async find(frame: Frame, width: number, height: number, face: Region): Promise<boolean> {
    const { whole, input } = this;
    whole.x = width / 2;
    whole.y = height / 2;
    whole.side = Math.max(width, height);
    this.crop.take(frame, whole, input);
    const tensor = tensor4d(input, [1, SIDE, SIDE, 3]);
    const outputs = this.model.execute(tensor) as Tensor[];
    const data = await Promise.all(outputs.map((output) => output.data()));
    dispose([tensor, ...outputs]);
    let best: number = MIN_LOGIT;
    let found = false;
    for (const { stride, anchors } of GRIDS) {
      const across = SIDE / stride;
      const count = across * across * anchors;
      const scores = data.find(({ length }) => length === count);
      const boxes = data.find(({ length }) => length === count * BOX);
      if (!scores || !boxes) continue;
      for (let i = 0; i < count; i++) {
        const score = scores[i] ?? 0;
        if (score <= best) continue;
        best = score;
        found = true;
        const cell = Math.floor(i / anchors);
        const x = (cell % across) + 0.5;
        const y = Math.floor(cell / across) + 0.5;
        this.place(boxes, i * BOX, x * stride, y * stride, face);
      }
    }
    return found;
  }

  private place(boxes: ArrayLike<number>, at: number, anchorX: number, anchorY: number, face: Region): void {
    const { whole } = this;
    const scale = whole.side / SIDE;
    face.x = ((boxes[at] ?? 0) + anchorX - SIDE / 2) * scale + whole.x;
    face.y = ((boxes[at + 1] ?? 0) + anchorY - SIDE / 2) * scale + whole.y;
    face.side = Math.max(boxes[at + 2] ?? 0, boxes[at + 3] ?? 0) * scale * MARGIN;
    face.angle = Math.atan2(
      (boxes[at + 7] ?? 0) - (boxes[at + 5] ?? 0),
      (boxes[at + 6] ?? 0) - (boxes[at + 4] ?? 0),
    );
  }
}
