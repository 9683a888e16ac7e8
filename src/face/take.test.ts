import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { CHANNELS, HEAD } from './frame';
import { generateTake } from './generate';
import { readLiveLinkCsv, writeLiveLinkCsv } from './live_link_csv';
import { SHAPE, SHAPES } from './names';
import { readRecording, writeRecording } from './recording';
import { type Take, frameCount, frameOf, sampleTake } from './take';

const code = (value: string): unknown => expect.objectContaining({ code: value });

/** The largest difference of two takes of the same length. */
function apart(a: Take, b: Take): number {
  expect(b.frames).toHaveLength(a.frames.length);
  return a.frames.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.frames[i] ?? 0))), 0);
}

describe('generateTake', () => {
  const talk = generateTake(1, 30, 'talk');

  it('is the same for the same seed, and another for another', () => {
    expect(generateTake(1, 5, 'mixed').frames).toEqual(generateTake(1, 5, 'mixed').frames);
    expect(apart(generateTake(1, 5, 'mixed'), generateTake(2, 5, 'mixed'))).toBeGreaterThan(0.1);
  });

  it('stays within what a face can do', () => {
    for (const mood of ['talk', 'emote', 'idle', 'mixed'] as const) {
      const take = generateTake(3, 10, mood);
      expect(frameCount(take)).toBe(600);
      for (let f = 0; f < frameCount(take); f++) {
        const weights = frameOf(take, f).subarray(0, SHAPES);
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...weights)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('talks and blinks as recorded faces do', () => {
    let fastestLid = 0;
    let openings = 0;
    let blinks = 0;
    const at = (f: number, shape: number): number => talk.frames[f * CHANNELS + shape] ?? 0;
    const crosses = (f: number, shape: number, level: number): boolean =>
      at(f - 1, shape) < level && at(f, shape) >= level;
    for (let f = 1; f < frameCount(talk); f++) {
      fastestLid = Math.max(fastestLid, at(f, SHAPE.eyeBlinkLeft) - at(f - 1, SHAPE.eyeBlinkLeft));
      if (crosses(f, SHAPE.jawOpen, 0.15)) openings++;
      if (crosses(f, SHAPE.eyeBlinkLeft, 0.5)) blinks++;
    }
    // Recorded lids rise by up to .41 in a frame.
    expect(fastestLid).toBeGreaterThan(0.3);
    expect(fastestLid).toBeLessThan(0.5);
    expect(openings / 30).toBeGreaterThan(1);
    expect(openings / 30).toBeLessThan(7);
    expect(blinks).toBeGreaterThan(4);
    expect(blinks).toBeLessThan(25);
  });
});

describe('sampleTake', () => {
  it('is linear between frames and holds at both ends', () => {
    const frames = new Float32Array(2 * CHANNELS);
    frames[CHANNELS + SHAPE.jawOpen] = 1;
    const out = new Float32Array(CHANNELS);
    const jaw = (seconds: number): number => {
      sampleTake({ rate: 10, frames }, seconds, out);
      return out[SHAPE.jawOpen] ?? 0;
    };
    expect([-1, 0, 0.025, 0.1, 9].map(jaw)).toEqual([0, 0, 0.25, 1, 1]);
  });
});

describe('Live Link Face CSV', () => {
  const take = generateTake(8, 3, 'mixed');

  it('comes back as it was written', () => {
    const back = readLiveLinkCsv(writeLiveLinkCsv(take));
    expect(back.rate).toBe(60);
    expect(apart(take, back)).toBeLessThan(1e-5);
  });

  it('knows columns by their names, in whatever order and spelling', () => {
    const text =
      '\uFEFFTimecode,BlendshapeCount,JawRight,JawLeft,HeadYaw,Other,eyeBlink_L\r\n00:00:01:02.500,61,0.1,0.2,-0.3,9,0.4\r\n';
    const frame = frameOf(readLiveLinkCsv(text), 0);
    expect([SHAPE.jawRight, SHAPE.jawLeft, HEAD.yaw, SHAPE.eyeBlinkLeft].map((i) => frame[i])).toEqual(
      [0.1, 0.2, -0.3, 0.4].map(Math.fround),
    );
  });

  it('finds the rate in the timecodes', () => {
    const rows = (rate: number, count: number): string =>
      Array.from({ length: count }, (_, i) => {
        const two = (value: number): string => String(value).padStart(2, '0');
        return `10:59:${two(50 + Math.floor(i / rate))}:${two(i % rate)}.957,61,0.5`;
      }).join('\n');
    const read = (text: string): number =>
      readLiveLinkCsv(`Timecode,BlendShapeCount,JawOpen\n${text}\n`).rate;
    expect(read(rows(60, 200))).toBe(60);
    expect(read(rows(30, 200))).toBe(30);
    expect(readLiveLinkCsv('JawOpen\n0.5\n0.25\n').rate).toBe(60);
  });

  it('holds the face where a line has none, and clamps', () => {
    const read = readLiveLinkCsv(
      'Timecode,BlendShapeCount,JawOpen\n0:0:0:0,61,1.2\n0:0:0:1,0\n0:0:0:2,61,-0.001\n',
    );
    expect([0, 1, 2].map((f) => frameOf(read, f)[SHAPE.jawOpen])).toEqual([1, 1, 0]);
  });

  it('says what is wrong, and where', () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['', /line 1\. Its first line names no blendshape/],
      ['a,b\n1,2\n', /names no blendshape/],
      ['Timecode,JawOpen\n', /no frames/],
      [
        'Timecode,BlendShapeCount,JawOpen,JawLeft\n0:0:0:0,61,0.5,0\n0:0:0:1,61,x,0\n',
        /line 3\. JawOpen is "x"/,
      ],
      ['Timecode,BlendShapeCount,JawOpen,JawLeft\n0:0:0:0,61,NaN,0\n', /line 2/],
      [
        'Timecode,BlendShapeCount,JawOpen,JawLeft\n0:0:0:0,61,0.5\n',
        /line 2\. It has 3 cells where the first line names 4/,
      ],
    ];
    for (const [text, words] of cases) {
      expect(() => readLiveLinkCsv(text)).toThrow(code('take-invalid'));
      expect(() => readLiveLinkCsv(text)).toThrow(words);
    }
  });
});

describe('recordings', () => {
  const take = generateTake(9, 5, 'mixed');
  const bytes = writeRecording(take);

  it('FACE-11 come back, small, true to 1/127', () => {
    const back = readRecording(bytes);
    expect(back.rate).toBe(60);
    expect(apart(take, back)).toBeLessThan(1 / 127);
    expect(bytes.length / 5).toBeLessThan(1000);
  });

  it('FACE-11 come back again as they were', () => {
    const once = readRecording(bytes);
    expect(writeRecording(once)).toEqual(bytes);
  });

  it('FACE-11 may be empty or wild', () => {
    expect(frameCount(readRecording(writeRecording({ rate: 30, frames: new Float32Array(0) })))).toBe(0);
    fc.assert(
      fc.property(
        fc.array(fc.float(), { maxLength: 4 * CHANNELS }),
        fc.integer({ min: 1, max: 240 }),
        (values, rate) => {
          const wild = { rate, frames: Float32Array.from(values) };
          const back = readRecording(writeRecording(wild));
          expect([back.rate, frameCount(back)]).toEqual([rate, frameCount(wild)]);
        },
      ),
    );
  });

  it('FACE-11 are refused with a word when damaged', () => {
    /** What is thrown; null for what can be read after all. */
    const failure = (damaged: Uint8Array): unknown => {
      try {
        readRecording(damaged);
      } catch (error) {
        return error;
      }
      return null;
    };
    const refused = (damaged: Uint8Array): void => {
      expect([null, code('take-invalid')]).toContainEqual(failure(damaged));
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), refused));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const damaged = bytes.slice();
        damaged[at] = value;
        refused(damaged);
      }),
      { numRuns: 60 },
    );
    expect(() => readRecording(bytes.subarray(0, 400))).toThrow(/cut short/);
    expect(() => readRecording(new TextEncoder().encode('Timecode,'))).toThrow(/no recording of a face/);
    // A count of frames that would take a gigabyte.
    const lying = Uint8Array.from([...bytes.subarray(0, 9), 0xff, 0xff, 0xff, 0x7f]);
    expect(() => readRecording(lying)).toThrow(/damaged/);
  });
});
