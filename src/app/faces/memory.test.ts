import { beforeEach, describe, expect, it } from 'vitest';
import { FACE_MEMORY_KEY, FaceMemory } from './memory';

beforeEach(() => window.localStorage.clear());

describe('FaceMemory', () => {
  it('has one look for somebody who has chosen none, in this browser for good', () => {
    const memory = new FaceMemory();
    // Whoever draws it compares objects.
    expect(memory.look).toBe(memory.look);
    expect(new FaceMemory().look).toEqual(memory.look);
  });

  it('remembers what was chosen', () => {
    const memory = new FaceMemory();
    memory.look = { ...memory.look, style: 'robot', skin: 1 };
    expect(new FaceMemory().look).toMatchObject({ style: 'robot', skin: 1 });
  });

  it('begins anew where what is kept makes no sense', () => {
    for (const kept of ['{', '7', '{"seed":"x"}', '{"seed":1,"look":{"style":"cat"},"tunings":{}}']) {
      window.localStorage.setItem(FACE_MEMORY_KEY, kept);
      expect(['android', 'human', 'robot']).toContain(new FaceMemory().look.style);
    }
  });
});
