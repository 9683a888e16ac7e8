import type { ViewOptions } from '../core/picture';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import type { CameraControl } from './camera';
import { LabelMesh } from './label_mesh';
import { LabelSet } from './label_set';

/** How far above its anchor a name hangs, CSS px. */
const LIFT_PX = 12;

/** The names of the model's things, hung above them in the scene. */
export class Labels {
  private readonly mesh = new LabelMesh(LIFT_PX);
  readonly object = this.mesh.object;
  private set: LabelSet | null = null;
  private model: ModelCopy | null = null;
  private options: ViewOptions | null = null;
  private selected: number | null = null;

  setModel(model: ModelCopy): void {
    this.model = model;
    this.rebuild();
  }

  setOptions(options: ViewOptions): void {
    this.options = options;
    this.rebuild();
  }

  /** @param body the selected body, or null */
  setSelection(body: number | null): void {
    this.selected = body;
    if (this.options?.label === 'selection') this.rebuild();
  }

  /** Puts the names where a frame and the camera, already in place, have them. */
  update(frame: Frame, camera: CameraControl): void {
    if (this.set === null || !this.object.visible) return;
    this.set.place(frame, this.mesh.places);
    this.mesh.arrange(camera);
  }

  dispose(): void {
    this.mesh.dispose();
  }

  private rebuild(): void {
    const { model, options, selected } = this;
    if (model === null || options === null) return;
    this.set = new LabelSet(model, options, selected);
    const { texts } = this.set;
    this.object.visible = texts.length > 0;
    this.mesh.setTexts(texts, Math.min(window.devicePixelRatio, options.maxPixelRatio));
  }
}
