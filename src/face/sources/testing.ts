import { toUtf8 } from '../../core/utf8';
import { ARKIT_NAMES } from '../names';
import { DEGREE, type Angles } from './reading';

/** Writers of what phones and programs send, for tests. */

/** A face to be sent; weights in the order of `ARKIT_NAMES`. */
export interface Sent {
  readonly subject?: string;
  readonly time?: number;
  readonly weights: ArrayLike<number> | null;
  readonly head?: Angles;
}

const STILL: Angles = { yaw: 0, pitch: 0, roll: 0 };

/** Rate of the timecode, frames a second. */
const TIMECODE_RATE = 60;

export function writeLiveLinkFace({ subject = 'iPhone', time = 0, weights, head = STILL }: Sent): Uint8Array {
  const out = new BigEndianWriter();
  const frame = Math.floor(time * TIMECODE_RATE);
  out.u8(6);
  for (const text of ['0A1B2C3D-device', subject]) {
    const bytes = toUtf8(text);
    out.i32(bytes.length);
    out.raw(bytes);
  }
  out.i32(frame);
  out.f32(time * TIMECODE_RATE - frame);
  out.i32(TIMECODE_RATE);
  out.i32(1);
  if (weights !== null) {
    out.u8(61);
    for (const value of [...Array.from(weights), head.yaw, head.pitch, head.roll]) out.f32(value);
    for (let i = 0; i < 6; i++) out.f32(0);
  }
  return out.finish();
}

export function writeIFacialMocap({ weights, head = STILL }: Sent, version: 1 | 2 = 1): string {
  const sign = version === 1 ? '-' : '&';
  const shapes = ARKIT_NAMES.map((name, i) => {
    const short = /^(?:jaw|mouth)(?:Left|Right)$/.test(name)
      ? name
      : name.replace(/(L|R)(?:eft|ight)$/, '_$1');
    return `${short}${sign}${String(Math.round((weights?.[i] ?? 0) * 100))}`;
  });
  const turn = [head.pitch, -head.yaw, -head.roll].map((angle) => angle / DEGREE);
  return `${shapes.join('|')}|=head#${turn.join()},0.03,-0.1,-0.6|rightEye#6,2.4,0.2|leftEye#6,-1.6,-0.1|`;
}

export function writeVTubeStudio({ time = 0, weights, head = STILL }: Sent): string {
  return JSON.stringify({
    Timestamp: Math.round(time * 1000),
    Hotkey: -1,
    FaceFound: weights !== null,
    Rotation: { x: head.yaw / DEGREE, y: head.pitch / DEGREE, z: -head.roll / DEGREE },
    Position: { x: 0, y: 0, z: 0 },
    EyeLeft: { x: 0, y: 0, z: 0 },
    EyeRight: { x: 0, y: 0, z: 0 },
    BlendShapes: ARKIT_NAMES.map((name, i) => ({ k: capitalised(name), v: weights?.[i] ?? 0 })),
  });
}

/** All of a face in one bundle, as Perfect Sync names it. */
export function writeVmc({ time = 0, weights, head = STILL }: Sent): Uint8Array {
  const shapes = ARKIT_NAMES.map((name, i) =>
    writeOsc('/VMC/Ext/Blend/Val', capitalised(name), weights?.[i] ?? 0),
  );
  return writeOscBundle([
    writeOsc('/VMC/Ext/T', time),
    writeOsc('/VMC/Ext/Bone/Pos', 'Head', 0, 0, 0, ...quatOf(head)),
    ...shapes,
    writeOsc('/VMC/Ext/Blend/Apply'),
  ]);
}

/** A message with texts and float32s. */
export function writeOsc(address: string, ...values: readonly (string | number)[]): Uint8Array {
  const out = new BigEndianWriter();
  out.padded(address);
  out.padded(`,${values.map((value) => (typeof value === 'string' ? 's' : 'f')).join('')}`);
  for (const value of values) {
    if (typeof value === 'string') out.padded(value);
    else out.f32(value);
  }
  return out.finish();
}

export function writeOscBundle(messages: readonly Uint8Array[]): Uint8Array {
  const out = new BigEndianWriter();
  out.padded('#bundle');
  out.i32(0);
  out.i32(1);
  for (const message of messages) {
    out.i32(message.length);
    out.raw(message);
  }
  return out.finish();
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Yaw about y, then pitch about x, then roll about z. */
function quatOf({ yaw, pitch, roll }: Angles): number[] {
  const [cy, sy] = [Math.cos(yaw / 2), Math.sin(yaw / 2)];
  const [cx, sx] = [Math.cos(pitch / 2), Math.sin(pitch / 2)];
  const [cz, sz] = [Math.cos(roll / 2), Math.sin(roll / 2)];
  return [
    cy * sx * cz + sy * cx * sz,
    sy * cx * cz - cy * sx * sz,
    cy * cx * sz - sy * sx * cz,
    cy * cx * cz + sy * sx * sz,
  ];
}

class BigEndianWriter {
  private readonly bytes: number[] = [];

  u8(value: number): void {
    this.bytes.push(value & 0xff);
  }

  i32(value: number): void {
    this.number((view) => {
      view.setInt32(0, value);
    });
  }

  f32(value: number): void {
    this.number((view) => {
      view.setFloat32(0, value);
    });
  }

  raw(bytes: Uint8Array): void {
    this.bytes.push(...bytes);
  }

  /** With its zero byte, and more of them up to four bytes. */
  padded(text: string): void {
    this.raw(toUtf8(text));
    do this.bytes.push(0);
    while (this.bytes.length % 4 !== 0);
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }

  private number(write: (view: DataView) => void): void {
    const view = new DataView(new ArrayBuffer(4));
    write(view);
    this.raw(new Uint8Array(view.buffer));
  }
}
