import {
  Mesh,
  PerspectiveCamera,
  Quaternion,
  Vector3,
  type DataTexture,
  type InstancedBufferGeometry,
  type RawShaderMaterial,
} from 'three';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { CHANNELS } from '../face/frame';
import { buildHead } from '../face/head/head';
import { packHead, type PackedHead } from '../face/head/pack';
import { lookFor } from '../face/look';
import { CameraControl } from './camera';
import { Faces } from './faces';
import { HEAD_HEIGHT } from './head_instances';
import { RECORD } from './head_shader';
import type { SceneHead } from './scene_head';
import { Stage } from './stage';

type HeadMesh = Mesh<InstancedBufferGeometry, RawShaderMaterial>;

export const HEIGHT = 500;
export const PIXELS = { height: HEIGHT, pixelRatio: 2 };
/** Half the height of the view at a distance of 1. */
export const SLOPE = Math.tan(Math.PI / 8);

/** A body at (1, 2, 3) turned by a quarter about z, with a site 1 m above it that looks along the body's y. */
function modelOf(extent: number): ModelCopy {
  return {
    ncam: 0,
    nbody: 2,
    nsite: 1,
    nlight: 0,
    stat: { center: [0, 0, 0], extent, meansize: 1 },
    vis: {
      global: { fovy: 45, azimuth: 90, elevation: 0 },
      map: { znear: 0.01, zfar: 50 },
      headlight: { ambient: [0.1, 0.1, 0.1], diffuse: [0.4, 0.4, 0.4] },
    },
    site_bodyid: Int32Array.of(1),
    site_pos: Float64Array.of(0, 0, 1),
    site_quat: Float64Array.of(Math.SQRT1_2, 0, 0, Math.SQRT1_2),
  } as unknown as ModelCopy;
}

export const frame = {
  xpos: Float32Array.of(0, 0, 0, 1, 2, 3),
  xquat: Float32Array.of(1, 0, 0, 0, Math.SQRT1_2, 0, 0, Math.SQRT1_2),
} as unknown as Frame;

const android: PackedHead = packHead(buildHead('android'));

/** Somebody's head. */
export function head(changes: Partial<SceneHead> = {}): SceneHead {
  return {
    seat: 3,
    on: 'person',
    size: null,
    look: { ...lookFor(0), style: 'android' },
    colour: '#ff0000',
    glb: null,
    face: new Float32Array(CHANNELS),
    ...changes,
  };
}

/** The heads of a world with one body, without a graphics card. */
export class World {
  readonly stage = new Stage();
  readonly faces: Faces;
  readonly camera = new CameraControl(undefined, () => true);
  readonly eye = new PerspectiveCamera();
  private readonly model: ModelCopy;

  /** One's own eye stands 1.5 extents before the origin and looks along y. */
  constructor(extent = 2, calm = false) {
    this.faces = new Faces(this.stage, () => Promise.resolve(), { matches: calm });
    this.model = modelOf(extent);
    this.camera.setModel(this.model);
    this.faces.setModel(this.model);
    this.faces.kinds.give(android);
  }

  async show(...heads: readonly SceneHead[]): Promise<void> {
    this.faces.setHeads(heads);
    await this.faces.loader.load('android');
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  }

  /** @param places eye and point looked at of people, by seat */
  draw(places: Readonly<Record<number, readonly number[]>> = {}, withPeople = true): Record<number, number> {
    this.camera.applyTo(this.eye, frame, 1, 0);
    this.eye.matrixWorldInverse.copy(this.eye.matrixWorld).invert();
    this.faces.begin(frame, this.camera, PIXELS, withPeople);
    const room: Record<number, number> = {};
    for (const [seat, at] of Object.entries(places))
      room[Number(seat)] = this.faces.stand(Number(seat), Float32Array.from(at), 0);
    this.faces.end(this.eye);
    return room;
  }

  get drawn(): Drawn[] {
    return read(this.stage.solid);
  }

  get casting(): Drawn[] {
    return read(this.stage.casters);
  }
}

/** A head as it would be drawn. */
export interface Drawn {
  readonly position: Vector3;
  readonly quaternion: Quaternion;
  readonly size: number;
  readonly opacity: number;
  readonly weights: Float32Array;
}

/** The heads that the graphics card would draw. */
function read(object: Stage['solid']): Drawn[] {
  const drawn: Drawn[] = [];
  object.traverse((child) => {
    if (!(child instanceof Mesh) || !child.visible) return;
    const { geometry, material } = child as HeadMesh;
    const texture = material.uniforms['records']?.value as DataTexture;
    const data = texture.image.data as Float32Array;
    for (let i = 0; i < geometry.instanceCount; i++) {
      const row = geometry.getAttribute('slot').getX(i);
      const record = data.subarray(4 * RECORD.texels * row, 4 * RECORD.texels * (row + 1));
      const place = 4 * RECORD.place;
      drawn.push({
        position: new Vector3().fromArray(record, place + 4),
        quaternion: new Quaternion().fromArray(record, place),
        size: (record[place + 7] ?? 0) * HEAD_HEIGHT,
        opacity: record[4 * RECORD.skin + 3] ?? 0,
        weights: record.slice(0, 52),
      });
    }
  });
  return drawn;
}

/** Where a head looks, and where its top is. */
export const forward = ({ quaternion }: Drawn): number[] =>
  rounded(new Vector3(1, 0, 0).applyQuaternion(quaternion));
export const up = ({ quaternion }: Drawn): number[] =>
  rounded(new Vector3(0, 0, 1).applyQuaternion(quaternion));
export const rounded = (v: Vector3): number[] => v.toArray().map((x) => Math.round(1e4 * x) / 1e4 + 0);

/** The one head there is. */
export function only(drawn: readonly Drawn[]): Drawn {
  const [one] = drawn;
  if (one === undefined || drawn.length > 1) throw new Error(`${drawn.length} heads are drawn`);
  return one;
}
