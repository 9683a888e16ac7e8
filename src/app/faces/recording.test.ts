import { describe, expect, it } from 'vitest';
import { CHANNELS, HEAD } from '../../face/frame';
import { ARKIT_NAMES, SHAPE } from '../../face/names';
import { writeRecording } from '../../face/recording';
import { openRecording } from './recording';
import type { FaceSource, SourceEvents } from './source';
import { TakeRecorder } from './take_recorder';

const HEADER = `Timecode,BlendShapeCount,${ARKIT_NAMES.join(',')},HeadYaw,HeadPitch,HeadRoll`;

/** A line of Live Link Face: all weights are the same. */
const line = (frame: number, weight: number): string =>
  `00:00:0${Math.floor(frame / 60)}:${(frame % 60).toFixed(3)},55,${Array<number>(55).fill(weight).join(',')}`;

async function open(
  content: BlobPart,
  loop = false,
): Promise<{
  source: FaceSource;
  at: (now: number) => { mask: number; face: Float32Array };
  ended: () => number;
}> {
  let ended = 0;
  const events: SourceEvents = { changed: () => {}, status: () => {}, ended: () => ended++ };
  const source = await openRecording({ file: new Blob([content]), loop }, events);
  const face = new Float32Array(CHANNELS);
  return { source, at: (now) => ({ mask: source.sample(now, face), face }), ended: () => ended };
}

const csv = [HEADER, ...Array.from({ length: 61 }, (_, i) => line(i, i / 60))].join('\n');

describe('recordings', () => {
  it('play from when they are first looked at to their end, and say that they ended', async () => {
    const { at, ended } = await open(csv);
    expect(at(5000).face[SHAPE.jawOpen]).toBeCloseTo(0);
    expect(at(5500).face[SHAPE.jawOpen]).toBeCloseTo(0.5);
    expect(at(5500).face[HEAD.yaw]).toBeCloseTo(0.5);
    expect(ended()).toBe(0);
    expect(at(6100).mask).toBe(0);
    expect(at(6200).mask).toBe(0);
    expect(ended()).toBe(1);
  });

  it('play again and again', async () => {
    const { at, ended } = await open(csv, true);
    at(0);
    const round = (61 / 60) * 1000;
    expect(at(500 + 3 * round).face[SHAPE.jawOpen]).toBeCloseTo(0.5);
    expect(ended()).toBe(0);
  });

  it('know columns by their names, in any order', async () => {
    const { at } = await open('Timecode,HeadYaw,JawOpen,Unknown\n00:00:00:00.0,0.25,0.75,9\n');
    const { face } = at(0);
    expect(face[SHAPE.jawOpen]).toBe(0.75);
    expect(face[HEAD.yaw]).toBe(0.25);
  });

  it('may be of our own kind', async () => {
    const frames = new Float32Array(2 * CHANNELS).fill(0.5);
    const { at } = await open(writeRecording({ rate: 60, frames }));
    expect(at(0).face[SHAPE.jawOpen]).toBeCloseTo(0.5, 2);
  });

  it.each([
    [
      'names the line and the column of what is no number',
      `${HEADER}\n${line(0, 0)}\n${line(1, 0).replace(/0$/, 'x')}`,
      /line 3.*HeadRoll is "x"/,
    ],
    [
      'names the line that is cut short',
      `${HEADER}\n${line(0, 0)}\n00:00:00:01,55,0.1,0.2`,
      /line 3.*4 cells/,
    ],
    ['wants a header', 'a,b,c\n1,2,3', /line 1.*no blendshape/],
    ['wants a frame', HEADER, /no frames/],
    ['does not read other files', new Uint8Array([0x89, 0x50, 0x4e, 0x47]), /line 1/],
    ['does not read half of our own', new Uint8Array([0x53, 0x52, 0x46, 0x31, 1, 0, 0]), /damaged/],
  ])('%s', async (_what, content, words) => {
    await expect(open(content)).rejects.toMatchObject({
      code: 'take-invalid',
      message: expect.stringMatching(words) as string,
    });
  });

  it('are not read when they are too large', async () => {
    const file = Object.assign(new Blob([]), { arrayBuffer: () => Promise.reject(new Error('read')) });
    Object.defineProperty(file, 'size', { value: 1 << 30 });
    const events: SourceEvents = { changed: () => {}, status: () => {}, ended: () => {} };
    await expect(openRecording({ file }, events)).rejects.toMatchObject({ code: 'file-too-large' });
  });

  it('come out of a recorder at an even rate, whenever the face was given', async () => {
    const recorder = new TakeRecorder();
    const face = new Float32Array(CHANNELS);
    for (let at = 100; at <= 2100; at += at % 3 === 0 ? 7 : 23) {
      face.fill((at - 100) / 2000);
      recorder.put(face, at);
    }
    const { at } = await open(await recorder.finish().text());
    at(0);
    for (const ms of [250, 1000, 1700]) expect(at(ms).face[SHAPE.jawOpen]).toBeCloseTo(ms / 2000, 2);
    expect(() => new TakeRecorder().finish()).toThrow(/Nothing has been recorded/);
  });
});
