import { ByteReader, ByteWriter } from '../core/bytes';
import type { Quat, Vec3 } from '../core/vec';

/** A model edit made since the load: `mjModel` is not in MuJoCo's state. */
export interface Edit {
  readonly field: number;
  readonly index: number;
  readonly values: Float64Array;
}

/** A pull in progress: the fields of its `mjvPerturb`, under MuJoCo's names. */
export interface Drag {
  readonly seat: number;
  readonly hand: number;
  /** Body selected. */
  readonly select: number;
  readonly mode: 'translate' | 'rotate';
  /** Grabbed point in the body's frame, m. */
  readonly localpos: Vec3;
  /** Reference position and orientation of the body, world. */
  readonly refpos: Vec3;
  readonly refquat: Quat;
  /** Where the grabbed point is pulled to, world, m. */
  readonly refselpos: Vec3;
  /** Effective mass at the grabbed point when the pull began, kg. */
  readonly localmass: number;
}

/** A constant wrench held on a body, world frame, N and N m. */
export interface Wrench {
  readonly body: number;
  readonly force: Vec3;
  readonly torque: Vec3;
}

export interface Clock {
  readonly paused: boolean;
  /** Simulated seconds per wall second; Infinity for as fast as it can go. */
  readonly speed: number;
  /** While paused: step until this tick is reached. */
  readonly until: number;
}

/** Everything the next tick depends on. */
export interface Checkpoint {
  readonly tick: number;
  /** The full `mjSTATE_INTEGRATION` vector. */
  readonly state: Float64Array;
  readonly clock: Clock;
  readonly edits: readonly Edit[];
  readonly wrenches: readonly Wrench[];
  readonly drags: readonly Drag[];
  /** The tick in history this state stands for after a rewind, and the tick at which that rewind applied. */
  readonly history: { readonly from: number; readonly at: number };
}

/** More drags or wrenches than bodies of a large model is garbage. */
const MAX_ITEMS = 100_000;

const writeVec = (out: ByteWriter, values: readonly number[]): void => {
  for (const value of values) out.f64(value);
};
const readVec3 = (input: ByteReader): Vec3 => [input.f64(), input.f64(), input.f64()];
const readQuat = (input: ByteReader): Quat => [input.f64(), input.f64(), input.f64(), input.f64()];

function readList<T>(input: ByteReader, read: () => T): T[] {
  const count = input.varint();
  if (count > MAX_ITEMS || count > input.remaining) {
    input.fail();
    return [];
  }
  const list: T[] = [];
  for (let i = 0; i < count && input.ok; i++) list.push(read());
  return list;
}

export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  out.varint(checkpoint.tick);
  out.f64s(checkpoint.state);
  out.u8(checkpoint.clock.paused ? 1 : 0);
  out.f64(checkpoint.clock.speed);
  out.varint(checkpoint.clock.until);
  out.varint(checkpoint.edits.length);
  for (const edit of checkpoint.edits) {
    out.varint(edit.field);
    out.varint(edit.index);
    out.f64s(edit.values);
  }
  out.varint(checkpoint.wrenches.length);
  for (const wrench of checkpoint.wrenches) {
    out.varint(wrench.body);
    writeVec(out, wrench.force);
    writeVec(out, wrench.torque);
  }
  out.varint(checkpoint.drags.length);
  for (const drag of checkpoint.drags) {
    out.varint(drag.seat);
    out.u8(drag.hand | (drag.mode === 'rotate' ? 0x80 : 0));
    out.varint(drag.select);
    writeVec(out, drag.localpos);
    writeVec(out, drag.refpos);
    writeVec(out, drag.refquat);
    writeVec(out, drag.refselpos);
    out.f64(drag.localmass);
  }
  out.varint(checkpoint.history.from);
  out.varint(checkpoint.history.at);
  return out.finish();
}

/** Null when the bytes are not a checkpoint. Lengths are checked before anything is allocated. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint | null {
  const input = new ByteReader(bytes);
  const checkpoint: Checkpoint = {
    tick: input.varint(),
    state: input.f64s(),
    clock: { paused: input.u8() === 1, speed: input.f64(), until: input.varint() },
    edits: readList(input, () => ({ field: input.varint(), index: input.varint(), values: input.f64s() })),
    wrenches: readList(input, () => ({
      body: input.varint(),
      force: readVec3(input),
      torque: readVec3(input),
    })),
    drags: readList(input, () => {
      const seat = input.varint();
      const head = input.u8();
      return {
        seat,
        hand: head & 0x7f,
        mode: head & 0x80 ? ('rotate' as const) : ('translate' as const),
        select: input.varint(),
        localpos: readVec3(input),
        refpos: readVec3(input),
        refquat: readQuat(input),
        refselpos: readVec3(input),
        localmass: input.f64(),
      };
    }),
    history: { from: input.varint(), at: input.varint() },
  };
  return input.ok && input.remaining === 0 ? checkpoint : null;
}
