import { makePose, poseOf, TURNS } from '../face/head/rig';
import type { HeadColours, StyleName } from '../face/head/style';
import { SHAPES } from '../face/names';
import { HeadInstances, type HeadStage } from './head_instances';
import { headMaterial, type HeadKind, type HeadKinds } from './head_kinds';
import { instancedGeometry } from './head_parts';
import { RECORD } from './head_shader';

const STRIDE = 4 * RECORD.texels;

/** Who a head is: what does not change from picture to picture. */
export interface HeadLook {
  readonly style: StyleName;
  readonly colours: HeadColours;
}

/** Heads of our own, drawn together: a record also has their colours. */
export class HeadBatch extends HeadInstances<HeadKind, HeadLook> {
  private readonly pose = makePose();
  /** Whose colours are in each record. */
  private readonly owners: (HeadColours | null)[];

  constructor(
    private readonly kinds: HeadKinds,
    capacity: number,
    stage: HeadStage | null = null,
  ) {
    super({ geometry: instancedGeometry, materials: headMaterial }, RECORD, capacity, stage);
    this.owners = Array.from({ length: capacity }, () => null);
  }

  add(
    { style, colours }: HeadLook,
    weights: ArrayLike<number>,
    position: ArrayLike<number>,
    quaternion: ArrayLike<number>,
    size: number,
    opacity = 1,
    casts = false,
  ): void {
    const kind = this.kinds.get(style);
    const row = this.enter(kind, position, quaternion, size, opacity, casts);
    if (row < 0) return;
    const { data } = this;
    const at = STRIDE * row;
    if (opacity > 0) {
      const pose = poseOf(weights, kind.model.joints, this.pose);
      for (let i = 0; i < SHAPES; i++) data[at + i] = pose.weights[i] ?? 0;
      for (let i = 0; i < TURNS; i++) data[at + 4 * RECORD.turns + i] = pose.turns[i] ?? 0;
    }
    if (this.owners[row] !== colours) this.colour(row, colours);
    data[at + 4 * RECORD.skin + 3] = opacity;
  }

  /** Makes what draws a style, if it is not there yet. */
  prepare(style: StyleName): void {
    this.partOf(this.kinds.get(style));
  }

  private colour(row: number, colours: HeadColours): void {
    this.owners[row] = colours;
    for (const [name, texel] of COLOURS)
      for (let i = 0; i < 3; i++) this.data[STRIDE * row + 4 * texel + i] = colours[name][i] ?? 0;
  }
}

const COLOURS = [
  ['skin', RECORD.skin],
  ['accent', RECORD.accent],
  ['hair', RECORD.hair],
  ['iris', RECORD.iris],
  ['lips', RECORD.lips],
] as const;
