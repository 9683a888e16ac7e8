import type { InstancedBufferGeometry, InterleavedBufferAttribute, Mesh } from 'three';
import { describe, expect, it } from 'vitest';
import { DRAG, HEADER, MAX_DRAGS, type Frame } from '../core/frame';
import { DragArrows } from './drag_arrows';

function frame(count: number): Frame {
  const header = new Float64Array(HEADER.size);
  header[HEADER.dragCount] = count;
  return {
    header,
    drags: Float32Array.from({ length: DRAG.stride * MAX_DRAGS }, (_, i) => i),
  } as unknown as Frame;
}

describe('pulls', () => {
  it('are two draw calls for any number of them, and none without', () => {
    const arrows = new DragArrows();
    const geometry = (arrows.object.children[0] as Mesh).geometry as InstancedBufferGeometry;
    expect(arrows.object.children).toHaveLength(2);
    arrows.update(frame(3));
    expect(arrows.object.visible).toBe(true);
    expect(geometry.instanceCount).toBe(3);
    arrows.update(frame(0));
    expect(arrows.object.visible).toBe(false);
    arrows.update(frame(99));
    expect(geometry.instanceCount).toBe(MAX_DRAGS);
  });

  it('read point, target and mode out of the records of the frame', () => {
    const arrows = new DragArrows();
    const { geometry } = arrows.object.children[0] as Mesh;
    arrows.update(frame(2));
    const read = (name: string): number =>
      (geometry.getAttribute(name) as InterleavedBufferAttribute).getX(1);
    expect(read('mode')).toBe(DRAG.stride + DRAG.mode);
    expect(read('point')).toBe(DRAG.stride + DRAG.point);
    expect(read('target')).toBe(DRAG.stride + DRAG.target);
  });

  it('have the colour of who pulls, and the accent for who has none', () => {
    const arrows = new DragArrows();
    const { geometry } = arrows.object.children[0] as Mesh;
    const pulls = frame(2);
    pulls.drags[DRAG.seat] = 3;
    pulls.drags[DRAG.stride + DRAG.seat] = 4;
    arrows.setPeople([{ seat: 4, name: 'Ana', colour: '#ff0000' }]);
    arrows.update(pulls);
    const red = (i: number): number => geometry.getAttribute('color').getX(i);
    expect(red(0)).toBeCloseTo(0x55 / 255);
    expect(red(1)).toBe(1);
  });
});
