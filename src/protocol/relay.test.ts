import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import {
  type FromRelay,
  MAX_RELAY_MESSAGE_CHARS,
  MAX_SEALED_CHARS,
  type RelayError,
  type ToRelay,
  parseFromRelay,
  parseToRelay,
} from './relay';

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const room = hex(32);
const token = hex(32);
const peer = hex(16);
const sealed = fc
  .base64String({ minLength: 4, maxLength: 80 })
  .map((text) => text.replace(/=/g, '').replace(/\+/g, '-').replace(/\//g, '_'));
const hosted = fc.boolean();
/** Every error: one that is missing here does not compile. */
const errors: Record<RelayError, true> = {
  'room-taken': true,
  'room-full': true,
  'too-many-rooms': true,
  'too-many-connections': true,
  'too-fast': true,
  'bad-message': true,
  'timed-out': true,
  'shutting-down': true,
};

const toRelay: fc.Arbitrary<ToRelay> = fc.oneof(
  fc.record({ kind: fc.constant('host' as const), room, token }),
  fc.record({ kind: fc.constant('guest' as const), room }),
  fc.record({ kind: fc.constant('send' as const), sealed }),
  fc.record({ kind: fc.constant('send' as const), peer, sealed }),
);
const fromRelay: fc.Arbitrary<FromRelay> = fc.oneof(
  fc.record({ kind: fc.constant('welcome' as const), peer, hosted }),
  fc.record({ kind: fc.constant('hosted' as const), hosted }),
  fc.record({ kind: fc.constantFrom('joined' as const, 'left' as const), peer }),
  fc.record({ kind: fc.constant('sealed' as const), sealed }),
  fc.record({ kind: fc.constant('sealed' as const), peer, sealed }),
  fc.record({
    kind: fc.constant('error' as const),
    error: fc.constantFrom(...(Object.keys(errors) as RelayError[])),
  }),
);

type Parse = (text: string) => ToRelay | FromRelay | null;
const sides: [name: string, parse: Parse, valid: fc.Arbitrary<ToRelay | FromRelay>][] = [
  ['to the relay', parseToRelay, toRelay],
  ['from the relay', parseFromRelay, fromRelay],
];

describe.each(sides)('messages %s', (_name, parse, valid) => {
  it('RELAY-1 are read as they were written, and what they do not have is left out', () => {
    fc.assert(
      fc.property(valid, (wanted) => {
        expect(parse(JSON.stringify(wanted))).toEqual(wanted);
        expect(parse(JSON.stringify({ ...wanted, extra: [1, { a: 2 }] }))).toEqual(wanted);
      }),
    );
  });

  it('RELAY-2 are null for any other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (text) => {
        expect(parse(text)).toBeNull();
      }),
      { numRuns: 200 },
    );
    const odd = [
      '',
      'null',
      '1',
      '"host"',
      '[]',
      '{}',
      '{"kind":null}',
      '{"__proto__":{"kind":"guest"}}',
      '['.repeat(20_000),
    ];
    for (const text of odd) expect(parse(text)).toBeNull();
  });

  it('RELAY-2 are null when a field is missing or of another type', () => {
    fc.assert(
      fc.property(valid, fc.nat(), fc.jsonValue(), (message, pick, value) => {
        const names = Object.keys(message).filter((name) => name !== 'peer' || !('sealed' in message));
        const name = names[pick % names.length] ?? 'kind';
        const { [name]: taken, ...rest } = message as unknown as Record<string, unknown>;
        expect(parse(JSON.stringify(rest))).toBeNull();
        if (typeof value === typeof taken) return;
        expect(parse(JSON.stringify({ ...rest, [name]: value }))).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('RELAY-2 never make the parser throw, however they are cut or changed', () => {
    fc.assert(
      fc.property(valid, fc.nat(), fc.string({ unit: 'binary', maxLength: 3 }), (message, at, put) => {
        const text = JSON.stringify(message);
        const cut = at % text.length;
        const changed = parse(text.slice(0, cut) + put + text.slice(cut + put.length));
        expect(changed === null ? null : parse(JSON.stringify(changed))).toEqual(changed);
        expect(parse(text.slice(0, cut))).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('limits of the relay', () => {
  const send = (chars: number): string => JSON.stringify({ kind: 'send', sealed: 'A'.repeat(chars) });

  it('RELAY-3 refuse a blob or a message that is too long', () => {
    expect(parseToRelay(send(MAX_SEALED_CHARS))).not.toBeNull();
    expect(parseToRelay(send(MAX_SEALED_CHARS + 1))).toBeNull();
    const guest = JSON.stringify({ kind: 'guest', room: '0'.repeat(32) });
    expect(parseToRelay(guest.padEnd(MAX_RELAY_MESSAGE_CHARS))).not.toBeNull();
    expect(parseToRelay(guest.padEnd(MAX_RELAY_MESSAGE_CHARS + 1))).toBeNull();
  });

  it('RELAY-3 leave room for the longest message', () => {
    const longest = { kind: 'sealed', peer: 'f'.repeat(16), sealed: 'A'.repeat(MAX_SEALED_CHARS) };
    expect(parseFromRelay(JSON.stringify(longest))).toEqual(longest);
  });

  it('RELAY-4 refuse tags, tokens and ids of another form', () => {
    for (const bad of [
      '',
      'f'.repeat(31),
      'f'.repeat(33),
      'F'.repeat(32),
      `${'f'.repeat(31)}g`,
      `${'f'.repeat(32)}\n`,
    ]) {
      expect(parseToRelay(JSON.stringify({ kind: 'guest', room: bad }))).toBeNull();
      expect(parseToRelay(JSON.stringify({ kind: 'host', room: 'f'.repeat(32), token: bad }))).toBeNull();
      expect(parseFromRelay(JSON.stringify({ kind: 'joined', peer: bad.slice(16) }))).toBeNull();
    }
    expect(parseFromRelay(JSON.stringify({ kind: 'error', error: 'tired' }))).toBeNull();
    for (const bad of ['', 'a b', 'a=', 'a+b', 'a/b', 'é', 'a\n']) {
      expect(parseToRelay(JSON.stringify({ kind: 'send', sealed: bad }))).toBeNull();
    }
  });
});
