import { fc } from '../../testing/properties';
import { describe, expect, test } from 'vitest';
import { ARKIT_NAMES, SHAPE, SHAPES } from '../names';
import { filled, head, isSound, weights } from './arbitraries';
import { formatArkitData, parseMessage, readArkitData } from './arkit_data';
import { readPhoneRequest } from './bridge_messages';
import { MAX_PACKET_BYTES, readPacket, writePacket, type PlainFace } from './packet';
import { cleanSubject } from './reading';

const subject = fc.string({ unit: 'binary', maxLength: 100 }).map((text) => cleanSubject(text) ?? 'Ada');
const timestamp = fc.double({ min: 0, max: 1e13, noNaN: true });
/** As a float32, which has no use for -0 here. */
const toFloat32 = (value: number): number => Math.fround(value) + 0;
const plainFace: fc.Arbitrary<PlainFace> = fc.record({
  subject,
  timestamp,
  isOfRoom: fc.boolean(),
  weights: fc.option(weights.map((list) => Float32Array.from(list))),
  head: fc.option(
    head.map(({ yaw, pitch, roll }) => ({
      yaw: toFloat32(yaw),
      pitch: toFloat32(pitch),
      roll: toFloat32(roll),
    })),
  ),
});

describe('the plain packet', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(plainFace, (face) => {
        const bytes = writePacket(face);
        expect(bytes.length).toBeLessThanOrEqual(MAX_PACKET_BYTES);
        expect(readPacket(bytes)).toEqual(face);
      }),
      { numRuns: 50 },
    );
  });

  test('is byte for byte what the documents say', () => {
    const face = new Float32Array(SHAPES);
    face[SHAPE.jawOpen] = 0.5;
    const bytes = writePacket({
      subject: 'Zoë',
      isOfRoom: true,
      timestamp: 1000,
      weights: face,
      head: { yaw: 1, pitch: -1, roll: 0.5 },
    });
    const shapes = ARKIT_NAMES.map((name) => (name === 'jawOpen' ? '0000003f' : '00000000')).join('');
    expect(Buffer.from(bytes).toString('hex')).toBe(
      `46010704${'0000803f'}${'000080bf'}${'0000003f'}${'0000000000408f40'}${shapes}5a6fc3ab`,
    );
  });

  test('takes garbage without a word', () => {
    const packet = writePacket({ subject: 'Ada', isOfRoom: false, timestamp: 1, weights: null, head: null });
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 500 }),
        fc.nat(packet.length - 1),
        fc.nat(255),
        (bytes, at, byte) => {
          expect(readPacket(bytes)).toBeNull();
          const changed = packet.slice();
          changed[at] = byte;
          const read = readPacket(changed);
          expect(isSound(read && { subject: read.subject, weights: read.weights })).toBe(true);
        },
      ),
    );
  });
});

describe('arkit_data', () => {
  test('comes back as it was, to four digits', () => {
    fc.assert(
      fc.property(plainFace, ({ weights: sent, ...face }) => {
        const read = readArkitData(parseMessage(formatArkitData({ ...face, source: 'room' }, sent)));
        expect(read.subject).toBe(face.subject);
        expect(read.timestamp).toBeCloseTo(face.timestamp, 3);
        expect(read.weights === null).toBe(sent === null);
        sent?.forEach((weight, i) =>
          expect(Math.abs((read.weights?.[i] ?? NaN) - weight)).toBeLessThan(1e-4),
        );
        expect(read.head?.yaw ?? 0).toBeCloseTo(face.head?.yaw ?? 0, 3);
      }),
      { numRuns: 30 },
    );
  });

  test('leaves open what it does not name', () => {
    const read = readArkitData({ type: 'arkit_data', blendshapes: { jawOpen: 0.5, eyeBlink_L: 1 } });
    expect(read).toMatchObject({ subject: null, timestamp: null, head: null });
    expect(ARKIT_NAMES.filter((_, i) => !Number.isNaN(read.weights?.[i]))).toEqual([
      'eyeBlinkLeft',
      'jawOpen',
    ]);
  });

  test('forgives a rounding', () => {
    const read = readArkitData({ type: 'arkit_data', blendshapes: { jawOpen: 1.0000001, tongueOut: -1e-9 } });
    expect(read.weights?.[SHAPE.jawOpen]).toBe(1);
    expect(read.weights?.[SHAPE.tongueOut]).toBe(0);
    const list = filled(1.0005);
    expect(readArkitData({ type: 'arkit_data', blendshapes: list }).weights).toEqual(
      Float32Array.from(filled(1)),
    );
  });

  test.each([
    ['{', 'JSON'],
    ['7', 'object'],
    ['{"type":"face"}', 'arkit_data'],
    ['{"type":"arkit_data"}', '52'],
    ['{"type":"arkit_data","blendshapes":[1,2]}', '52'],
    ['{"type":"arkit_data","blendshapes":{"jawOpne":1}}', 'jawOpen'],
    ['{"type":"arkit_data","blendshapes":{"jawOpen":35}}', 'from 0 to 1'],
    [' '.repeat(20_000), 'characters'],
  ])('says what is wrong with %s', (message, word) => {
    expect(() => readArkitData(parseMessage(message))).toThrow(word);
  });
});

test('a request for a phone names one that waits to be asked', () => {
  const request = { type: 'phone', source: 'ifacialmocap', address: '192.168.1.7' };
  expect(readPhoneRequest(request)).toEqual(request);
  expect(readPhoneRequest({ ...request, source: 'livelink' })).toBeNull();
  expect(readPhoneRequest({ ...request, address: 7 })).toBeNull();
});
