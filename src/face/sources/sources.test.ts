import { fc } from '../../testing/properties';
import { describe, expect, test } from 'vitest';
import { toUtf8 } from '../../core/utf8';
import { ARKIT_NAMES, SHAPE, SHAPES, type ArkitName } from '../names';
import { filled, head, isSound, weights } from './arbitraries';
import { parseIFacialMocap } from './ifacialmocap';
import { parseLiveLinkFace } from './live_link_face';
import { parseOsc } from './osc';
import { MAX_SUBJECT_CHARS, type Reading } from './reading';
import { shapeOf } from './spelling';
import {
  writeIFacialMocap,
  writeLiveLinkFace,
  writeOsc,
  writeOscBundle,
  writeVTubeStudio,
  writeVmc,
  type Sent,
} from './testing';
import { VmcReader } from './vmc';
import { parseVTubeStudio, vtubeStudioRequest } from './vtube_studio';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Every kind of packet, written and read again. */
const KINDS: readonly {
  name: string;
  /** Largest error of a weight: text has its decimals. */
  error: number;
  write(sent: Sent): Uint8Array;
  read(packet: Uint8Array): Reading | null;
}[] = [
  { name: 'Live Link Face', error: 1e-6, write: writeLiveLinkFace, read: parseLiveLinkFace },
  {
    name: 'iFacialMocap',
    error: 0.005,
    write: (sent) => toUtf8(writeIFacialMocap(sent)),
    read: (packet) => parseIFacialMocap(text(packet)),
  },
  {
    name: 'iFacialMocap, version 2',
    error: 0.005,
    write: (sent) => toUtf8(writeIFacialMocap(sent, 2)),
    read: (packet) => parseIFacialMocap(text(packet)),
  },
  {
    name: 'VTube Studio',
    error: 1e-6,
    write: (sent) => toUtf8(writeVTubeStudio(sent)),
    read: (packet) => parseVTubeStudio(text(packet)),
  },
  { name: 'VMC', error: 1e-6, write: writeVmc, read: (packet) => new VmcReader().read(packet) },
];

describe.each(KINDS)('$name', ({ error, write, read }) => {
  test('carries every shape and the head to where they belong', () => {
    fc.assert(
      fc.property(weights, head, (sent, turned) => {
        const reading = read(write({ weights: sent, head: turned }));
        expect(reading?.weights).toHaveLength(SHAPES);
        sent.forEach((weight, i) => {
          expect(Math.abs((reading?.weights?.[i] ?? NaN) - weight)).toBeLessThanOrEqual(error);
        });
        for (const axis of ['yaw', 'pitch', 'roll'] as const) {
          expect(reading?.head?.[axis]).toBeCloseTo(turned[axis], 4);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('takes garbage, cut packets and changed bytes without a word', () => {
    const packet = write({ weights: filled(0.5) });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (garbage) => {
        expect(isSound(read(garbage))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.nat(packet.length), fc.nat(packet.length - 1), fc.nat(255), (length, at, byte) => {
        expect(isSound(read(packet.slice(0, length)))).toBe(true);
        const changed = packet.slice();
        changed[at] = byte;
        expect(isSound(read(changed))).toBe(true);
      }),
    );
  });

  test('keeps weights within 0 and 1, and what is no number out', () => {
    const odd = filled(0);
    odd[SHAPE.jawOpen] = 7;
    odd[SHAPE.mouthClose] = -3;
    odd[SHAPE.tongueOut] = Number.NaN;
    const reading = read(write({ weights: odd, head: { yaw: Number.NaN, pitch: 0, roll: 0 } }));
    expect(reading?.weights?.[SHAPE.jawOpen]).toBe(1);
    expect(reading?.weights?.[SHAPE.mouthClose]).toBe(0);
    expect(reading?.weights?.[SHAPE.tongueOut]).toBe(0);
    expect(reading?.head).toBeUndefined();
  });
});

describe('Live Link Face', () => {
  test('reads a packet byte for byte', () => {
    const hex =
      `06 00000003 616263 00000005 50686f6e65 0000003c 3f000000 0000003c 00000001 3d` +
      ` 3f800000 ${'00000000 '.repeat(51)} 3e800000 be800000 3f000000 ${'00000000 '.repeat(6)}`;
    const packet = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    expect(Buffer.from(packet)).toHaveLength(270 + 3 + 5);
    const reading = parseLiveLinkFace(packet);
    expect(reading).toMatchObject({ subject: 'Phone', head: { yaw: 0.25, pitch: -0.25, roll: 0.5 } });
    expect(reading?.time).toBeCloseTo(1 + 0.5 / 60, 6);
    expect(reading?.weights?.[SHAPE.eyeBlinkLeft]).toBe(1);
  });

  test('says when there is no face', () => {
    const reading = parseLiveLinkFace(writeLiveLinkFace({ subject: 'Ada', time: 2, weights: null }));
    expect(reading).toEqual({ subject: 'Ada', time: 2, weights: null });
  });

  test('shows a subject on one line, and not all of a long one', () => {
    const named = (subject: string): string | null | undefined =>
      parseLiveLinkFace(writeLiveLinkFace({ subject, weights: null }))?.subject;
    expect(named(' Ada\nLovelace ')).toBe('Ada Lovelace');
    expect(named('Zoë')).toBe('Zoë');
    expect(named('')).toBeNull();
    expect(named('x'.repeat(200))).toHaveLength(MAX_SUBJECT_CHARS);
    expect(named('x'.repeat(2000))).toBeUndefined();
  });
});

describe('iFacialMocap', () => {
  test('turns its axes into ours', () => {
    const reading = parseIFacialMocap('jawOpen-12|mouthLeft-7|eyeBlink_L-100|=head#90,-45,30,1,2,3|');
    expect(reading?.weights?.[SHAPE.jawOpen]).toBeCloseTo(0.12);
    expect(reading?.weights?.[SHAPE.mouthLeft]).toBeCloseTo(0.07);
    expect(reading?.weights?.[SHAPE.eyeBlinkLeft]).toBe(1);
    expect(reading?.head?.pitch).toBeCloseTo(Math.PI / 2);
    expect(reading?.head?.yaw).toBeCloseTo(Math.PI / 4);
    expect(reading?.head?.roll).toBeCloseTo(-Math.PI / 6);
  });

  test('is nothing without a shape', () => {
    expect(parseIFacialMocap('=head#1,2,3,4,5,6|')).toBeNull();
    expect(parseIFacialMocap('FM_SAD&0|hapihapi&100')).toBeNull();
  });
});

describe('VTube Studio', () => {
  test('asks for its own port', () => {
    expect(JSON.parse(vtubeStudioRequest(21412, 5))).toEqual({
      messageType: 'iOSTrackingDataRequest',
      time: 5,
      sentBy: 'Simroom',
      ports: [21412],
    });
  });

  test('says when there is no face, and when it was', () => {
    const reading = parseVTubeStudio(writeVTubeStudio({ time: 1_700_000_000.25, weights: null }));
    expect(reading).toEqual({ subject: null, time: 1_700_000_000.25, weights: null });
  });

  test('passes over entries that are none', () => {
    const shapes = [
      null,
      3,
      { k: 'JawOpen' },
      { k: 5, v: 1 },
      { k: 'JawOpen', v: 0.5 },
      { k: 'FM_SAD', v: 1 },
    ];
    const reading = parseVTubeStudio(JSON.stringify({ FaceFound: true, BlendShapes: shapes }));
    expect(reading?.weights?.[SHAPE.jawOpen]).toBe(0.5);
    expect(parseVTubeStudio('{"BlendShapes":7}')).toBeNull();
  });
});

describe('VMC', () => {
  const val = (name: string, weight: number): Uint8Array => writeOsc('/VMC/Ext/Blend/Val', name, weight);
  const apply = writeOsc('/VMC/Ext/Blend/Apply');

  test('gathers a face over packets, and keeps what is not named', () => {
    const reader = new VmcReader();
    expect(reader.read(val('JawOpen', 0.5))).toBeNull();
    expect(reader.read(writeOsc('/VMC/Ext/T', 2.5))).toBeNull();
    expect(reader.read(apply)).toMatchObject({ time: 2.5 });
    reader.read(val('tongueOut', 1));
    const reading = reader.read(apply);
    expect(reading?.weights?.[SHAPE.jawOpen]).toBe(0.5);
    expect(reading?.weights?.[SHAPE.tongueOut]).toBe(1);
  });

  const shown = (...values: readonly Uint8Array[]): ArkitName[] => {
    const reading = new VmcReader().read(writeOscBundle([...values, apply]));
    return ARKIT_NAMES.filter((_, i) => (reading?.weights?.[i] ?? 0) > 0);
  };

  test('understands blinks, looks and vowels of VRM 0 and 1, unless there are ARKit shapes', () => {
    expect(shown(val('Blink_L', 1))).toEqual(['eyeBlinkLeft']);
    expect(shown(val('blinkRight', 1))).toEqual(['eyeBlinkRight']);
    expect(shown(val('LOOKLEFT', 1))).toEqual(['eyeLookOutLeft', 'eyeLookInRight']);
    expect(shown(val('A', 1))).toEqual(['jawOpen']);
    expect(shown(val('Joy', 1), val('constructor', 1), val('Blink', 1))).toEqual([
      'eyeBlinkLeft',
      'eyeBlinkRight',
    ]);
    expect(shown(val('A', 1), val('TongueOut', 1))).toEqual(['tongueOut']);
  });

  test('has no face of a program that only follows bodies', () => {
    expect(new VmcReader().read(writeOscBundle([val('Joy', 1), apply]))).toBeNull();
  });

  test('adds the neck to the head', () => {
    const half = [0, Math.sin(0.2), 0, Math.cos(0.2)];
    const bone = (name: string): Uint8Array => writeOsc('/VMC/Ext/Bone/Pos', name, 0, 0, 0, ...half);
    const reading = new VmcReader().read(
      writeOscBundle([bone('Neck'), bone('Head'), val('JawOpen', 0), apply]),
    );
    expect(reading?.head?.yaw).toBeCloseTo(0.8, 5);
    expect(reading?.head?.pitch).toBeCloseTo(0, 5);
  });
});

describe('OSC', () => {
  test('reads messages, bundles within bundles and every type of value', () => {
    expect(parseOsc(writeOsc('/a', 'text', 0.5))).toEqual([{ address: '/a', values: ['text', 0.5] }]);
    const inner = writeOscBundle([writeOsc('/b'), writeOsc('/c', 1)]);
    expect(parseOsc(writeOscBundle([inner, writeOsc('/d', 'é')]))).toEqual([
      { address: '/b', values: [] },
      { address: '/c', values: [1] },
      { address: '/d', values: ['é'] },
    ]);
    const all = Buffer.from(
      '2f780000 2c6962 6864 5446 4e 63 73 0000 0000002a 00000003 01020300 0000000000000001 3ff8000000000000 00000041 6f6b0000'.replaceAll(
        ' ',
        '',
      ),
      'hex',
    );
    expect(parseOsc(all)).toEqual([{ address: '/x', values: [42, null, null, 1.5, 1, 0, null, null, 'ok'] }]);
  });

  test('does not follow bundles without end', () => {
    let packet = writeOsc('/deep');
    for (let i = 0; i < 50; i++) packet = writeOscBundle([packet]);
    expect(parseOsc(packet)).toEqual([]);
    const many = Array.from({ length: 3000 }, () => writeOsc('/x'));
    expect(parseOsc(writeOscBundle(many)).length).toBeLessThanOrEqual(512);
    expect(parseOsc(Uint8Array.of(35, 98, 117))).toEqual([]);
  });
});

describe('spelling', () => {
  test('knows each shape in every spelling, and no two by the same', () => {
    ARKIT_NAMES.forEach((name, i) => {
      const short = name.replace(/(L|R)(?:eft|ight)$/, '_$1');
      const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      for (const spelling of [
        name,
        short,
        snake,
        name.toUpperCase(),
        `head.${name}`,
        `blendShape1.${short}`,
      ]) {
        expect(shapeOf(spelling), spelling).toBe(i);
      }
    });
  });

  test('knows no other, however many come', () => {
    for (let i = 0; i < 5000; i++) expect(shapeOf(`shape${String(i)}`)).toBe(-1);
    expect(shapeOf('jawOpen')).toBe(SHAPE.jawOpen);
    expect(shapeOf('x'.repeat(100_000))).toBe(-1);
    expect(shapeOf('__proto__')).toBe(-1);
  });
});
