import { ByteReader, type ByteWriter } from '../core/bytes';
import type { Quat, Vec3 } from '../core/vec';
import type { Action, ActionKind } from './action';

/**
 * Actions as bytes: `kind (u8) | fields`.
 *
 * The host applies what it decoded, never what it was asked, so that every replica applies the same bits: what people
 * type travels as float64, what a hand draws (drags) as float32.
 */

const KINDS: readonly ActionKind[] = [
  'ctrl',
  'ctrls',
  'drag',
  'release',
  'wrench',
  'qpos',
  'equality',
  'reset',
  'edit',
  'pause',
  'speed',
  'step',
  'checkpoint',
  'restore',
  'move',
  'turn',
];

/** Fingers of one seat that may pull at once. */
export const MAX_HANDS = 10;

function writeFloats(out: ByteWriter, values: readonly number[]): void {
  for (const value of values) out.f32(value);
}

function writeDoubles(out: ByteWriter, values: readonly number[]): void {
  for (const value of values) out.f64(value);
}

/** Appends an action. */
export function encodeAction(out: ByteWriter, action: Action): void {
  out.u8(KINDS.indexOf(action.kind));
  switch (action.kind) {
    case 'ctrl':
      out.varint(action.index);
      out.f64(action.value);
      break;
    case 'ctrls':
      out.f64s(action.values);
      break;
    case 'drag':
      out.u8(action.hand | (action.mode === 'rotate' ? 0x80 : 0));
      out.varint(action.body);
      writeFloats(out, action.point);
      writeFloats(out, action.target);
      writeFloats(out, action.quat);
      break;
    case 'move':
      out.u8(action.hand);
      writeFloats(out, action.target);
      break;
    case 'turn':
      out.u8(action.hand);
      writeFloats(out, action.quat);
      break;
    case 'release':
      out.u8(action.hand);
      break;
    case 'wrench':
      out.varint(action.body);
      writeDoubles(out, action.force);
      writeDoubles(out, action.torque);
      break;
    case 'qpos':
      out.varint(action.index);
      out.f64s(action.values);
      break;
    case 'equality':
      out.varint(action.index);
      out.u8(action.active ? 1 : 0);
      break;
    case 'reset':
      // 0 is the initial state, so that the common case is one byte.
      out.varint(action.keyframe + 1);
      break;
    case 'edit':
      out.varint(action.field);
      out.varint(action.index);
      out.f64s(action.values);
      break;
    case 'pause':
      out.u8(action.paused ? 1 : 0);
      break;
    case 'speed':
      out.f64(action.speed);
      break;
    case 'step':
      out.varint(action.ticks);
      break;
    case 'checkpoint':
      break;
    case 'restore':
      out.varint(action.from);
      out.blob(action.checkpoint);
      break;
  }
}

const readVec3 = (input: ByteReader): Vec3 => [input.f32(), input.f32(), input.f32()];
const readVec3d = (input: ByteReader): Vec3 => [input.f64(), input.f64(), input.f64()];
const readQuat = (input: ByteReader): Quat => [input.f32(), input.f32(), input.f32(), input.f32()];

function checkHand(input: ByteReader, hand: number): number {
  if (hand >= MAX_HANDS) input.fail();
  return hand;
}

function readFields(input: ByteReader, kind: ActionKind): Action {
  switch (kind) {
    case 'ctrl':
      return { kind, index: input.varint(), value: input.f64() };
    case 'ctrls':
      return { kind, values: input.f64s() };
    case 'drag': {
      const head = input.u8();
      return {
        kind,
        hand: checkHand(input, head & 0x7f),
        mode: head & 0x80 ? 'rotate' : 'translate',
        body: input.varint(),
        point: readVec3(input),
        target: readVec3(input),
        quat: readQuat(input),
      };
    }
    case 'move':
      return { kind, hand: checkHand(input, input.u8()), target: readVec3(input) };
    case 'turn':
      return { kind, hand: checkHand(input, input.u8()), quat: readQuat(input) };
    case 'release':
      return { kind, hand: checkHand(input, input.u8()) };
    case 'wrench':
      return { kind, body: input.varint(), force: readVec3d(input), torque: readVec3d(input) };
    case 'qpos':
      return { kind, index: input.varint(), values: input.f64s() };
    case 'equality':
      return { kind, index: input.varint(), active: input.u8() === 1 };
    case 'reset':
      return { kind, keyframe: input.varint() - 1 };
    case 'edit':
      return { kind, field: input.varint(), index: input.varint(), values: input.f64s() };
    case 'pause':
      return { kind, paused: input.u8() === 1 };
    case 'speed':
      return { kind, speed: input.f64() };
    case 'step':
      return { kind, ticks: input.varint() };
    case 'checkpoint':
      return { kind };
    case 'restore':
      return { kind, from: input.varint(), checkpoint: input.blob() };
  }
}

/** Reads an action; null, with `input.ok` false, when the bytes are not one. */
export function decodeAction(input: ByteReader): Action | null {
  const kind = KINDS[input.u8()];
  if (kind === undefined) {
    input.fail();
    return null;
  }
  const action = readFields(input, kind);
  return input.ok ? action : null;
}
