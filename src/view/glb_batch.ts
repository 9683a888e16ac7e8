import type { Camera } from 'three';
import { GLB_TURN, makeGlbPose, MAX_CHANNELS, poseGlb } from '../face/glb/pose';
import type { GlbKind } from './glb_head';
import { glbGeometry, glbMaterials } from './glb_material';
import { GLB_RECORD } from './glb_shader';
import { HeadInstances, type HeadStage } from './head_instances';

const STRIDE = 4 * GLB_RECORD.texels;

/** Somebody's own head. */
export interface GlbLook {
  readonly glb: GlbKind;
}

/** Heads from files, drawn together however many wear the same; nothing is drawn of one that is disposed. */
export class GlbBatch extends HeadInstances<GlbKind, GlbLook> {
  private readonly pose = makeGlbPose();

  constructor(capacity: number, stage: HeadStage | null = null) {
    super({ geometry: glbGeometry, materials: glbMaterials }, GLB_RECORD, capacity, stage);
  }

  override begin(camera: Camera): void {
    for (let i = this.parts.length - 1; i >= 0; i--) {
      const part = this.parts[i];
      if (part?.kind.isGone === true) this.forget(part.kind);
    }
    super.begin(camera);
  }

  add(
    { glb }: GlbLook,
    weights: ArrayLike<number>,
    position: ArrayLike<number>,
    quaternion: ArrayLike<number>,
    size: number,
    opacity = 1,
    casts = false,
  ): void {
    if (glb.isGone) return;
    const row = this.enter(glb, position, quaternion, size, opacity, casts);
    if (row < 0 || opacity <= 0) return;
    const { data, pose } = this;
    const at = STRIDE * row;
    poseGlb(glb.model, weights, pose);
    for (let i = 0; i < MAX_CHANNELS; i++) data[at + i] = pose.channels[i] ?? 0;
    for (let i = 0; i < GLB_TURN.jaw; i++) data[at + 4 * GLB_RECORD.eyes + i] = pose.turns[i] ?? 0;
    data[at + 4 * GLB_RECORD.jaw] = pose.turns[GLB_TURN.jaw] ?? 0;
    data[at + 4 * GLB_RECORD.jaw + 1] = opacity;
  }

  /** Makes what draws a head, if it is not there yet, so that its programs can be compiled before its first picture. */
  prepare(kind: GlbKind): void {
    this.partOf(kind);
  }
}
