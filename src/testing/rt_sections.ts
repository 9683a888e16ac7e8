import { ByteWriter } from '../core/bytes';
import {
  type ActsSection,
  type RtHandler,
  RtWriter,
  type TapeSection,
  encodedAction,
  readRt,
} from '../protocol/rt';

/** Datagrams of `rt` written and read as data, for tests. */

/** What is in a datagram, as data. */
export type Met =
  | { kind: 'tape'; section: TapeSection }
  | { kind: 'hash'; world: number; tick: number; hash: string }
  | { kind: 'acts'; section: ActsSection }
  | { kind: 'ping' | 'pong'; stamp: number }
  | { kind: 'presence'; person: number[]; stamp: number }
  | { kind: 'face'; seat: number; stamp: number; bytes: number[] }
  | { kind: 'faceReport'; seat: number; bytes: number[] }
  | { kind: 'faceDemand'; bytes: number[] };

/** Reads a datagram and keeps what was in it. */
export function read(datagram: Uint8Array): { whole: boolean; met: Met[] } {
  const met: Met[] = [];
  const handler: RtHandler = {
    tape: (section) => met.push({ kind: 'tape', section }),
    hash: (world, tick, hash) => met.push({ kind: 'hash', world, tick, hash }),
    acts: (section) => met.push({ kind: 'acts', section }),
    ping: (stamp) => met.push({ kind: 'ping', stamp }),
    pong: (stamp) => met.push({ kind: 'pong', stamp }),
    presence: (person, stamp) => met.push({ kind: 'presence', person: [...person], stamp }),
    face: (seat, stamp, bytes) => met.push({ kind: 'face', seat, stamp, bytes: [...bytes] }),
    faceReport: (seat, bytes) => met.push({ kind: 'faceReport', seat, bytes: [...bytes] }),
    faceDemand: (bytes) => met.push({ kind: 'faceDemand', bytes: [...bytes] }),
  };
  return { whole: readRt(datagram, handler), met };
}

/** Writes a datagram. */
export function write(...met: readonly Met[]): Uint8Array {
  const out = new RtWriter();
  out.begin();
  for (const one of met) {
    switch (one.kind) {
      case 'tape': {
        const { world, tick, nextSeq, acted, entries } = one.section;
        out.tape(world, tick, nextSeq, acted, entries, 0);
        break;
      }
      case 'hash':
        out.hash(one.world, one.tick, one.hash);
        break;
      case 'acts': {
        const { world, nextSeq, first, actions } = one.section;
        out.acts(world, nextSeq, first, actions.map(encodedAction));
        break;
      }
      case 'ping':
        out.ping(one.stamp);
        break;
      case 'pong':
        out.pong(one.stamp);
        break;
      case 'presence':
        out.presence(Float32Array.from(one.person), one.stamp);
        break;
      case 'face':
        out.face(one.seat, one.stamp, Uint8Array.from(one.bytes));
        break;
      case 'faceReport':
        out.faceReport(one.seat, Uint8Array.from(one.bytes));
        break;
      case 'faceDemand':
        out.faceDemand(Uint8Array.from(one.bytes));
        break;
    }
  }
  return out.datagram().slice();
}

/** A section by hand. */
export function section(kind: number, body: (out: ByteWriter) => void): Uint8Array {
  const inner = new ByteWriter();
  body(inner);
  const out = new ByteWriter();
  out.u8(kind);
  out.blob(inner.finish());
  return out.finish();
}

/** The body of a section that is made of numbers alone. */
export function varints(...values: readonly number[]): (out: ByteWriter) => void {
  return (out) => {
    for (const value of values) out.varint(value);
  };
}
