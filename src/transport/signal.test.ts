import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, parseSignal, parseSignals } from './signal';

const FINGERPRINT = Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, '0').toUpperCase()).join(
  ':',
);
const sdp = (...lines: string[]): string =>
  ['v=0', 'm=application 9 UDP/DTLS/SCTP', ...lines, ''].join('\r\n');

describe('parseSignal', () => {
  it('takes offers, answers and candidates as they are, and nothing more of them', () => {
    expect(parseSignal({ type: 'offer', sdp: 'v=0', more: 1 })).toEqual({ type: 'offer', sdp: 'v=0' });
    expect(parseSignal({ type: 'answer', sdp: '' })).toEqual({ type: 'answer', sdp: '' });
    const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };
    expect(parseSignal({ type: 'candidate', candidate: { ...candidate, more: 1 } })).toEqual({
      type: 'candidate',
      candidate,
    });
    expect(parseSignal({ type: 'candidate', candidate: { candidate: '' } })).toEqual({
      type: 'candidate',
      candidate: { candidate: '', sdpMid: null, sdpMLineIndex: null },
    });
  });

  it.each([
    null,
    'offer',
    {},
    { type: 'offer' },
    { type: 'offer', sdp: 7 },
    { type: 'offer', sdp: 'x'.repeat(20_000) },
    { type: 'rollback', sdp: 'v=0' },
    { type: 'renegotiate', renegotiate: true },
    { type: 'transceiverRequest', transceiverRequest: { kind: 'video' } },
    { type: 'candidate', candidate: 'candidate:1' },
    { type: 'candidate', candidate: { candidate: 'x'.repeat(2000) } },
    { type: 'candidate', candidate: { candidate: '', sdpMid: 0 } },
    { type: 'candidate', candidate: { candidate: '', sdpMLineIndex: -1 } },
    { type: 'candidate', candidate: { candidate: '', sdpMLineIndex: 1e9 } },
  ])('refuses %j', (value) => {
    expect(parseSignal(value)).toBeNull();
  });

  it('takes anything without throwing', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        parseSignal(value);
        parseSignals({ signals: value });
        parseSignals({ signals: [value] });
      }),
    );
  });
});

describe('parseSignals', () => {
  it('refuses a whole message for one part, and too many', () => {
    const good = { type: 'offer', sdp: 'v=0' };
    expect(parseSignals({ signals: [good, good] })).toHaveLength(2);
    expect(parseSignals({ signals: [good, { type: 'nonsense' }] })).toBeNull();
    expect(parseSignals({ signals: Array.from({ length: 1000 }, () => good) })).toBeNull();
    expect(parseSignals({})).toBeNull();
  });
});

describe('fingerprintOf', () => {
  it('reads the one certificate', () => {
    const expected = Uint8Array.from({ length: 32 }, (_, i) => i);
    expect(fingerprintOf(sdp(`a=fingerprint:sha-256 ${FINGERPRINT}`))).toEqual(expected);
    const twice = sdp(
      `a=fingerprint:sha-256 ${FINGERPRINT}`,
      `a=fingerprint:SHA-256 ${FINGERPRINT.toLowerCase()}`,
    );
    expect(fingerprintOf(twice)).toEqual(expected);
  });

  it.each([
    ['none', sdp()],
    [
      'two',
      sdp(`a=fingerprint:sha-256 ${FINGERPRINT}`, `a=fingerprint:sha-256 ${FINGERPRINT.replace('1F', '2F')}`),
    ],
    ['another kind', sdp(`a=fingerprint:sha-1 ${FINGERPRINT}`)],
    ['two kinds', sdp(`a=fingerprint:sha-256 ${FINGERPRINT}`, 'a=fingerprint:sha-1 00:11')],
    ['one cut short', sdp(`a=fingerprint:sha-256 ${FINGERPRINT.slice(0, -3)}`)],
    ['no hex', sdp(`a=fingerprint:sha-256 ${FINGERPRINT.replace('1F', 'XY')}`)],
  ])('takes %s for nothing', (_, description) => {
    expect(fingerprintOf(description)).toBeNull();
  });
});
