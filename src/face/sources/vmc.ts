import { SHAPE, type ArkitName } from '../names';
import { shapeOf } from './spelling';
import { parseOsc, type OscMessage } from './osc';
import { restingWeights, toAngles, toWeight, type Angles, type Reading } from './reading';

/** The port at which receivers of the VMC protocol listen. */
export const VMC_PORT = 39539;

/** VRM's expressions that have shapes of their own, by their names in VRM 1, in lower case. Left is the head's left. */
const EXPRESSIONS: Readonly<Record<string, readonly ArkitName[]>> = {
  blink: ['eyeBlinkLeft', 'eyeBlinkRight'],
  blinkleft: ['eyeBlinkLeft'],
  blinkright: ['eyeBlinkRight'],
  lookup: ['eyeLookUpLeft', 'eyeLookUpRight'],
  lookdown: ['eyeLookDownLeft', 'eyeLookDownRight'],
  lookleft: ['eyeLookOutLeft', 'eyeLookInRight'],
  lookright: ['eyeLookInLeft', 'eyeLookOutRight'],
  aa: ['jawOpen'],
  oh: ['mouthFunnel'],
  ou: ['mouthPucker'],
};

/** The names that VRM 0 had for the same. */
const OLD_EXPRESSIONS: Readonly<Record<string, string>> = {
  blink_l: 'blinkleft',
  blink_r: 'blinkright',
  a: 'aa',
  o: 'oh',
  u: 'ou',
};

type Quat = readonly [x: number, y: number, z: number, w: number];
const STRAIGHT: Quat = [0, 0, 0, 1];

/**
 * One sender of the VMC protocol (OSC): `/VMC/Ext/Blend/Val name weight` for each shape, then `/VMC/Ext/Blend/Apply`, in
 * one packet or in many; shapes that are not named keep their weight. The head's angles are those of the bones `Neck` and
 * `Head` in `/VMC/Ext/Bone/Pos`, which are Unity's: left-handed, as ours.
 *
 * Of a sender that has ARKit's names, VRM's few expressions (blinks, looks, open vowels) are left aside.
 */
export class VmcReader {
  /** What was told since the last apply, and what holds. */
  private readonly shapes = restingWeights();
  private readonly expressions = restingWeights();
  private hasShapes = false;
  private hasFace = false;
  private neck: Quat = STRAIGHT;
  private head: Quat | null = null;
  private time: number | null = null;

  /** @returns the face as it was last applied within this packet, null when it applies none */
  read(packet: Uint8Array): Reading | null {
    let reading: Reading | null = null;
    for (const message of parseOsc(packet)) {
      if (message.address === '/VMC/Ext/Blend/Apply') reading = this.apply();
      else this.take(message);
    }
    return reading;
  }

  private take({ address, values }: OscMessage): void {
    const [first, second] = values;
    if (address === '/VMC/Ext/T') {
      if (typeof first === 'number' && Number.isFinite(first)) this.time = first;
    } else if (typeof first !== 'string') {
      return;
    } else if (address === '/VMC/Ext/Blend/Val' && typeof second === 'number') {
      this.set(first, toWeight(second));
    } else if (address === '/VMC/Ext/Bone/Pos' && (first === 'Head' || first === 'Neck')) {
      const turn = unit(values.slice(4, 8));
      if (turn === null) return;
      if (first === 'Head') this.head = turn;
      else this.neck = turn;
    }
  }

  private set(name: string, weight: number): void {
    const shape = shapeOf(name);
    if (shape >= 0) {
      this.shapes[shape] = weight;
      this.hasShapes = true;
      this.hasFace = true;
      return;
    }
    const lower = name.toLowerCase();
    const expression = OLD_EXPRESSIONS[lower] ?? lower;
    if (!Object.hasOwn(EXPRESSIONS, expression)) return;
    this.hasFace = true;
    for (const part of EXPRESSIONS[expression] ?? []) this.expressions[SHAPE[part]] = weight;
  }

  private apply(): Reading | null {
    // Programs that follow bodies apply faces that they do not have.
    if (!this.hasFace) return null;
    const head = this.head === null ? undefined : anglesOf(multiply(this.neck, this.head));
    return {
      subject: null,
      ...(this.time === null ? {} : { time: this.time }),
      weights: (this.hasShapes ? this.shapes : this.expressions).slice(),
      ...(head && { head }),
    };
  }
}

/** Four numbers as a rotation, or null when they are none. */
function unit(values: OscMessage['values']): Quat | null {
  const [x, y, z, w] = values;
  if (typeof x !== 'number' || typeof y !== 'number' || typeof z !== 'number' || typeof w !== 'number') {
    return null;
  }
  const length = Math.hypot(x, y, z, w);
  // Programs send what they have computed; that which is nearly nothing says no direction.
  if (!(length > 0.1 && length < 10)) return null;
  return [x / length, y / length, z / length, w / length];
}

function multiply([ax, ay, az, aw]: Quat, [bx, by, bz, bw]: Quat): Quat {
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

/** Yaw about y, then pitch about x, then roll about z, as Unity's Euler angles. */
function anglesOf([x, y, z, w]: Quat): Angles | undefined {
  const pitch = Math.asin(Math.max(-1, Math.min(1, 2 * (w * x - y * z))));
  const yaw = Math.atan2(2 * (w * y + x * z), 1 - 2 * (x * x + y * y));
  const roll = Math.atan2(2 * (w * z + x * y), 1 - 2 * (x * x + z * z));
  return toAngles(yaw, pitch, roll);
}
