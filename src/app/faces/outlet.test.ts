import { describe, expect, it, vi } from 'vitest';
import { CHANNELS } from '../../face/frame';
import { FaceOutlet } from './outlet';

describe('FaceOutlet', () => {
  const face = (weight: number): Float32Array => new Float32Array(CHANNELS).fill(weight);
  const nothing = (): void => {};

  it('hands on what has changed, each time in an array of its own', () => {
    const sent: (Float32Array | null)[] = [];
    const outlet = new FaceOutlet((one) => {
      sent.push(one);
      return Promise.resolve();
    });
    const live = face(0.5);
    outlet.put(live, 0, nothing);
    outlet.put(live, 100, nothing);
    live.fill(0.75);
    outlet.put(live, 200, nothing);
    expect(sent.map((one) => one?.[0])).toEqual([0.5, 0.75]);
  });

  it('costs nothing while nobody drives the face, and says once that nobody does any more', () => {
    const sent: (Float32Array | null)[] = [];
    const outlet = new FaceOutlet((one) => {
      sent.push(one);
      return Promise.resolve();
    });
    outlet.put(null, 0, nothing);
    expect(sent).toEqual([]);
    outlet.put(face(1), 100, nothing);
    outlet.put(null, 200, nothing);
    outlet.put(null, 300, nothing);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toBe(null);
  });

  it('waits with a change that comes too early, and looks again then', () => {
    vi.useFakeTimers();
    const send = vi.fn(() => Promise.resolve());
    const outlet = new FaceOutlet(send);
    const again = vi.fn();
    outlet.put(face(0), 0, again);
    outlet.put(face(0.1), 2, again);
    outlet.put(face(0.2), 4, again);
    expect(send).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(20);
    expect(again).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });

  it('hands on the same face again to whoever has not got it', async () => {
    const send = vi.fn(() => Promise.resolve()).mockRejectedValueOnce(new Error('restarted'));
    const outlet = new FaceOutlet(send);
    outlet.put(face(1), 0, nothing);
    await Promise.resolve();
    await Promise.resolve();
    outlet.put(face(1), 100, nothing);
    expect(send).toHaveBeenCalledTimes(2);
    outlet.forget();
    outlet.put(face(1), 200, nothing);
    expect(send).toHaveBeenCalledTimes(3);
  });
});
