import { expect, test } from 'vitest';
import { CHANNELS } from '../../face/frame';
import { lookFor } from '../../face/look';
import type { SceneHead } from '../../view/scene_head';
import type { FaceLook, PortraitOf } from './api';
import { Portraits } from './portraits';

/** Whoever would be drawn, in turn. */
function sitters(of: PortraitOf | undefined, look: () => FaceLook): () => SceneHead | null {
  let who: () => SceneHead | null = () => null;
  const view = {
    portrait: (_: HTMLCanvasElement, head: () => SceneHead | null) => {
      who = head;
      return () => undefined;
    },
  } as unknown as ConstructorParameters<typeof Portraits>[0];
  const heads = {
    describe: (seat: number) => ({
      seat,
      on: 'person',
      size: null,
      look: look(),
      colour: '#3b82f6',
      glb: {},
      face: new Float32Array(CHANNELS).fill(0.5),
    }),
  } as unknown as ConstructorParameters<typeof Portraits>[1];
  const own = { slotOf: () => null } as unknown as ConstructorParameters<typeof Portraits>[2];
  new Portraits(view, heads, own, () => 3).draw({} as HTMLCanvasElement, of);
  return () => who();
}

test('a style is shown in one’s own colours, at rest, without one’s own file', () => {
  let own: FaceLook = { ...lookFor(4), file: '0'.repeat(64) };
  const robot = sitters({ style: 'robot' }, () => ({ ...own }));
  const first = robot();
  expect(first).toMatchObject({ seat: 3, glb: null, look: { ...own, style: 'robot', file: null } });
  expect(first?.face.every((value) => value === 0)).toBe(true);
  // Another look would be drawn again.
  expect(robot()?.look).toBe(first?.look);
  own = { ...own, skin: own.skin + 1 };
  expect(robot()?.look).toMatchObject({ style: 'robot', skin: own.skin });
});

test('a source that is closed has no portrait', () => {
  expect(sitters({ source: 'webcam' }, () => lookFor(0))()).toBeNull();
  expect(sitters(undefined, () => lookFor(0))()?.face[0]).toBe(0.5);
});
