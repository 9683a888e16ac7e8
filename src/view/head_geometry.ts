import {
  BufferAttribute,
  DataTexture,
  DynamicDrawUsage,
  HalfFloatType,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  NearestFilter,
  RGBAFormat,
  DataUtils,
} from 'three';
import type { HeadModel } from '../face/head/head';
import { DELTA_ROW } from './head_shader';

/** A head's geometry, drawn for as many heads as `slots` says; their slots are to be written per picture. */
export function headGeometry(
  head: HeadModel,
  slots: number,
): {
  geometry: InstancedBufferGeometry;
  slot: InstancedBufferAttribute;
} {
  const geometry = new InstancedBufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(head.positions, 3));
  geometry.setAttribute('normal', new BufferAttribute(head.normals, 3));
  geometry.setAttribute('rig', new BufferAttribute(head.rig, 4));
  geometry.setAttribute('looks', new BufferAttribute(head.looks, 4));
  const span = new Float32Array(2 * head.vertices);
  for (let i = 0; i < head.vertices; i++) {
    const first = head.first[i] ?? 0;
    span[2 * i] = first;
    span[2 * i + 1] = (head.first[i + 1] ?? 0) - first;
  }
  geometry.setAttribute('span', new BufferAttribute(span, 2));
  geometry.setIndex(new BufferAttribute(head.indices, 1));
  const slot = new InstancedBufferAttribute(new Float32Array(slots), 1).setUsage(DynamicDrawUsage);
  geometry.setAttribute('slot', slot);
  geometry.instanceCount = 0;
  return { geometry, slot };
}

/** All displacements of a head in one texture: of position with the shape's number, then of normal. */
export function deltaTexture({ shapes, deltas }: HeadModel): DataTexture {
  const rows = Math.ceil((2 * shapes.length) / DELTA_ROW);
  const data = new Uint16Array(4 * DELTA_ROW * rows);
  shapes.forEach((shape, k) => {
    for (let i = 0; i < 3; i++) {
      data[8 * k + i] = DataUtils.toHalfFloat(deltas[6 * k + i] ?? 0);
      data[8 * k + 4 + i] = DataUtils.toHalfFloat(deltas[6 * k + 3 + i] ?? 0);
    }
    data[8 * k + 3] = DataUtils.toHalfFloat(shape);
  });
  const texture = new DataTexture(
    data,
    DELTA_ROW,
    rows,
    RGBAFormat,
    HalfFloatType,
    undefined,
    undefined,
    undefined,
    NearestFilter,
    NearestFilter,
  );
  texture.needsUpdate = true;
  return texture;
}
