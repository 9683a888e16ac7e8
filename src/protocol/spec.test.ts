import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import type { Action, ActionKind } from '../tape/action';
import { type BulkMessage, bulk } from './bulk';
import { type CtlMessage, type Outcome, type Request, ctl } from './ctl';
import * as limits from './limits';
import { CHANNELS } from './link';
import * as relay from './relay';
import { type RtHandler, RtWriter, encodedAction } from './rt';
import * as schema from './schema';
import { type Codec, decode, encode, struct } from './schema';

/** SPEC.md read as what it is: tables whose types are those of the schema. So the document cannot rot. */

const SPEC = readFileSync(path.join(import.meta.dirname, 'SPEC.md'), 'utf8');

type Row = Readonly<Record<string, string>>;

/** The rows of the table whose header begins with these cells. */
function table(...header: readonly string[]): readonly Row[] {
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const lines = SPEC.split('\n');
  const start = lines.findIndex(
    (line) => line.startsWith('|') && header.every((name, i) => cells(line)[i] === name),
  );
  expect(start, `a table of ${header.join(', ')}`).toBeGreaterThan(0);
  const names = cells(lines[start] ?? '');
  const rows: Row[] = [];
  for (let i = start + 2; lines[i]?.startsWith('|'); i++) {
    const values = cells(lines[i] ?? '');
    rows.push(Object.fromEntries(names.map((name, k) => [name, values[k] ?? ''])));
  }
  return rows;
}

/** What stands between backquotes. */
function code(cell: string | undefined): string {
  return /`([^`]*)`/.exec(cell ?? '')?.[1] ?? '';
}

/** A type of the document: how it is written, and arbitrary values of it. */
interface Type {
  readonly codec: Codec<unknown>;
  readonly values: fc.Arbitrary<unknown>;
}

/** Long lists and blobs are other tests' matter. */
const MOST = 5;
const named = new Map<string, Type>();
const type = <T>(codec: Codec<T>, values: fc.Arbitrary<T>): Type => ({
  codec: codec as Codec<unknown>,
  values,
});
const PLAIN: Readonly<Record<string, Type>> = {
  u8: type(schema.u8, fc.nat(255)),
  varint: type(schema.varint, fc.maxSafeNat()),
  f64: type(schema.f64, fc.double({ noNaN: true, noDefaultInfinity: true })),
  flag: type(schema.flag, fc.boolean()),
};

/** Reads a type as the document writes it. */
function parseType(text: string): Type {
  const plain = PLAIN[text] ?? named.get(text);
  if (plain !== undefined) return plain;
  const [, name, inside = ''] = /^(\w+)\((.*)\)$/.exec(text) ?? [];
  const length = Number(inside);
  switch (name) {
    case 'bytes':
      return type(schema.bytes(length), fc.uint8Array({ minLength: length, maxLength: length }));
    case 'blob':
      return type(schema.blob(length), fc.uint8Array({ maxLength: MOST }));
    case 'text':
      return type(schema.text(length), fc.string({ unit: 'binary', maxLength: MOST }));
    case 'oneOf':
      return type(schema.oneOf(...inside.split('/')), fc.constantFrom(...inside.split('/')));
    case 'nullable': {
      const { codec, values } = parseType(inside);
      return type(schema.nullable(codec), fc.option(values));
    }
    case 'list': {
      const comma = inside.lastIndexOf(',');
      const { codec, values } = parseType(inside.slice(0, comma));
      return type(schema.list(codec, Number(inside.slice(comma + 1))), fc.array(values, { maxLength: MOST }));
    }
    default:
      throw new Error(`SPEC.md has a type that it does not explain: "${text}".`);
  }
}

/** A struct, from cells such as `seat: varint`, `name: text(64)`. */
function parseFields(cell: string): Type {
  const parts = [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
  const [only = ''] = parts;
  if (parts.length === 1 && !only.includes(': ')) return parseType(only);
  const fields = parts.map((part) => {
    const colon = part.indexOf(': ');
    return [part.slice(0, colon), parseType(part.slice(colon + 2))] as const;
  });
  return {
    codec: struct(Object.fromEntries(fields.map(([name, { codec }]) => [name, codec]))) as Codec<unknown>,
    values: fc.record(Object.fromEntries(fields.map(([name, { values }]) => [name, values]))),
  };
}

/** A union, from the rows of its table. */
function parseUnion(rows: readonly Row[], kindColumn: string): Type {
  const variants = rows.map((row) => ({
    kind: code(row[kindColumn]),
    number: Number(row['no']),
    ...parseFields(row['fields'] ?? ''),
  }));
  return type(
    schema.union(
      Object.fromEntries(variants.map(({ kind, number, codec }) => [kind, [number, codec] as const])),
    ) as Codec<unknown>,
    fc.oneof(...variants.map(({ kind, values }) => values.map((value) => ({ kind, ...(value as object) })))),
  );
}

/** All keys of a type that has no others: one that is missing or too much does not compile. */
const CTL_KINDS: Record<CtlMessage['kind'], true> = {
  part: true,
  hello: true,
  challenge: true,
  knock: true,
  accept: true,
  refuse: true,
  bye: true,
  people: true,
  room: true,
  say: true,
  said: true,
  gather: true,
  request: true,
  answer: true,
  route: true,
  world: true,
  ready: true,
  start: true,
  entries: true,
  missing: true,
  diverged: true,
  act: true,
  mode: true,
  faces: true,
  want: true,
  content: true,
  lacking: true,
};
const REQUESTS: Record<Request['kind'], true> = {
  load: true,
  rewind: true,
  scrub: true,
  rename: true,
  setRole: true,
  remove: true,
  lock: true,
  setDefaultRole: true,
  invite: true,
  revoke: true,
  invitations: true,
  gather: true,
  wear: true,
  putFace: true,
};
const OUTCOMES: Record<Outcome['kind'], true> = {
  done: true,
  failed: true,
  invited: true,
  invitations: true,
};
const BULK_KINDS: Record<BulkMessage['kind'], true> = { chunk: true, received: true, cancel: true };
const RT_SECTIONS: Record<keyof RtHandler, (out: RtWriter) => void> = {
  tape: (out) => out.tape(0, 0, 0, 0, [], 0),
  hash: (out) => out.hash(0, 0, '0'.repeat(32)),
  acts: (out) => out.acts(0, 0, 0, []),
  ping: (out) => out.ping(0),
  pong: (out) => out.pong(0),
  presence: (out) => out.presence(new Float32Array(11), 0),
  face: (out) => out.face(0, 0, new Uint8Array(0)),
  faceReport: (out) => out.faceReport(0, new Uint8Array(0)),
  faceDemand: (out) => out.faceDemand(new Uint8Array(0)),
};
const ACTIONS: { readonly [K in ActionKind]: Extract<Action, { kind: K }> } = {
  ctrl: { kind: 'ctrl', index: 0, value: 0 },
  ctrls: { kind: 'ctrls', values: new Float64Array(1) },
  drag: {
    kind: 'drag',
    hand: 0,
    body: 0,
    mode: 'rotate',
    point: [0, 0, 0],
    target: [0, 0, 0],
    quat: [1, 0, 0, 0],
  },
  move: { kind: 'move', hand: 0, target: [0, 0, 0] },
  turn: { kind: 'turn', hand: 0, quat: [1, 0, 0, 0] },
  release: { kind: 'release', hand: 0 },
  wrench: { kind: 'wrench', body: 0, force: [0, 0, 0], torque: [0, 0, 0] },
  qpos: { kind: 'qpos', index: 0, values: new Float64Array(1) },
  equality: { kind: 'equality', index: 0, active: true },
  reset: { kind: 'reset', keyframe: -1 },
  edit: { kind: 'edit', field: 0, index: 0, values: new Float64Array(1) },
  pause: { kind: 'pause', paused: true },
  speed: { kind: 'speed', speed: 1 },
  step: { kind: 'step', ticks: 1 },
  checkpoint: { kind: 'checkpoint' },
  restore: { kind: 'restore', from: 0, checkpoint: new Uint8Array(1) },
};

const numbersOf = (rows: readonly Row[], no: string, kind: string): Record<string, number> =>
  Object.fromEntries(rows.map((row) => [code(row[kind]), Number(row[no])]));

/** Bytes of the fields that a table writes as `name type` or `name n type`; a count has one item. */
function lengthOf(fields: string): number {
  const SIZES: Readonly<Record<string, number>> = {
    u8: 1,
    bool: 1,
    varint: 1,
    f32: 4,
    f64: 8,
    floats: 9,
    blob: 2,
  };
  return [...fields.matchAll(/`\w+ (?:(\d+) )?(\w+)`/g)].reduce(
    (sum, [, count, kind]) => sum + Number(count ?? 1) * (SIZES[kind ?? ''] ?? NaN),
    0,
  );
}

for (const row of table('struct', 'fields')) named.set(code(row['struct']), parseFields(row['fields'] ?? ''));
named.set('request', parseUnion(table('no', 'request'), 'request'));
named.set('outcome', parseUnion(table('no', 'outcome'), 'outcome'));

/** Asserts that a table says every byte of a message, for all messages. */
function saysEveryByte<T>(codec: Codec<T>, rows: readonly Row[]): void {
  const document = parseUnion(rows, 'kind');
  for (const row of rows) {
    const kind = code(row['kind']);
    const { values } = parseFields(row['fields'] ?? '');
    fc.assert(
      fc.property(values, (fields) => {
        const message = { kind, ...(fields as object) } as T;
        expect(encode(codec, message)).toEqual(encode(document.codec, message));
        expect(decode(codec, encode(document.codec, message))).toEqual(message);
      }),
      { numRuns: 30 },
    );
  }
}

describe('SPEC.md', () => {
  it('CTL-1 says every message on ctl, byte for byte', () => {
    const rows = table('no', 'kind', 'from', 'fields');
    expect(rows.map((row) => code(row['kind']))).toEqual(Object.keys(CTL_KINDS));
    saysEveryByte(ctl, rows);
  });

  it('CTL-13 says every request and every outcome', () => {
    expect(table('no', 'request').map((row) => code(row['request']))).toEqual(Object.keys(REQUESTS));
    expect(table('no', 'outcome').map((row) => code(row['outcome']))).toEqual(Object.keys(OUTCOMES));
  });

  it('BULK-1 says every message on bulk, byte for byte', () => {
    const start = SPEC.indexOf('## Content, and `bulk`');
    const rows = table('no', 'bulk', 'from', 'fields').map((row) => ({ ...row, kind: row['bulk'] ?? '' }));
    expect(start).toBeGreaterThan(0);
    expect(rows.map((row) => code(row['kind']))).toEqual(Object.keys(BULK_KINDS));
    saysEveryByte(bulk, rows);
  });

  it('RT-1 says every section of rt with its number', () => {
    const out = new RtWriter();
    const written = Object.entries(RT_SECTIONS).map(([name, write]) => {
      out.begin();
      write(out);
      return [name, out.datagram()[0]];
    });
    expect(numbersOf(table('kind', 'section'), 'kind', 'section')).toEqual(Object.fromEntries(written));
  });

  it('RT-1 says how long the fields of a section are', () => {
    const out = new RtWriter();
    for (const row of table('kind', 'section')) {
      out.begin();
      RT_SECTIONS[code(row['section']) as keyof RtHandler](out);
      const whenMore = (row['body'] ?? '').split('; when ')[0] ?? '';
      const body = whenMore.replace('`stamp`: 2 bytes', '`stamp 2 u8`').replace('bytes(8)', '8 u8');
      expect(lengthOf(body), row['section']).toBe(out.length - 2);
    }
  });

  it('ACT-2 says every action with its number and the length of its fields', () => {
    const rows = table('no', 'action');
    const written = Object.values(ACTIONS).map((action) => [action.kind, encodedAction(action)[0]]);
    expect(numbersOf(rows, 'no', 'action')).toEqual(Object.fromEntries(written));
    for (const row of rows) {
      const action = ACTIONS[code(row['action']) as ActionKind];
      expect(lengthOf(row['fields'] ?? ''), action.kind).toBe(encodedAction(action).length - 1);
    }
  });

  it('CH-1 says the channels and their ids', () => {
    const rows = table('channel', 'id').map((row) => [code(row['channel']), row['id'], row['ordered']]);
    expect(rows).toEqual(
      Object.entries(CHANNELS).map(([name, { id, ordered }]) => [name, String(id), ordered ? 'yes' : 'no']),
    );
  });

  it('LIM-1 says every limit', () => {
    const { MAX_SEALED_CHARS, MAX_RELAY_MESSAGE_CHARS } = relay;
    const values = Object.fromEntries(
      table('name', 'value').map((row) => [row['name'], Number(row['value'])]),
    );
    expect(values).toEqual({ ...limits, MAX_SEALED_CHARS, MAX_RELAY_MESSAGE_CHARS });
  });

  it('RELAY-1 says every message of the relay', () => {
    type Kind = relay.ToRelay['kind'] | relay.FromRelay['kind'];
    const kinds: Record<Kind, true> = {
      host: true,
      guest: true,
      send: true,
      welcome: true,
      hosted: true,
      joined: true,
      left: true,
      sealed: true,
      error: true,
    };
    expect(table('message', 'from').map((row) => code(row['message']))).toEqual(Object.keys(kinds));
  });

  it('RELAY-2 says every error of the relay', () => {
    const errors: Record<relay.RelayError, true> = {
      'room-taken': true,
      'room-full': true,
      'too-many-rooms': true,
      'too-many-connections': true,
      'too-fast': true,
      'bad-message': true,
      'timed-out': true,
      'shutting-down': true,
    };
    expect(table('error').map((row) => code(row['error']))).toEqual(Object.keys(errors));
  });

  it('gives every rule one id, and refers to ids that there are', () => {
    const ids = [...SPEC.matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map((match) => match[1] ?? '');
    expect(ids.length).toBeGreaterThan(80);
    expect(ids).toEqual([...new Set(ids)]);
    const mentioned = [...SPEC.matchAll(/\b([A-Z]{2,}-\d+)\b/g)].map((match) => match[1] ?? '');
    const FOREIGN = /^(UTF|SHA|AES|GCM|HMAC|RFC|HKDF)-/;
    expect(mentioned.filter((id) => !FOREIGN.test(id) && !ids.includes(id))).toEqual([]);
  });

  it('CTL-3 names codes that errors have', () => {
    const source = readFileSync(path.join(import.meta.dirname, '../core/errors.ts'), 'utf8');
    const codes = new Set([...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map((match) => match[1] ?? ''));
    for (const row of table('error')) codes.add(code(row['error']));
    const named = [...SPEC.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((one) => !codes.has(one))).toEqual([]);
  });
});
