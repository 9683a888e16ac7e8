import { expect, it } from 'vitest';
import { readStats } from './stats';

type Entry = Readonly<Record<string, unknown>> & { readonly id: string };

const report = (...entries: Entry[]): RTCStatsReport =>
  new Map(entries.map((entry) => [entry.id, entry])) as unknown as RTCStatsReport;

const PAIRS: readonly Entry[] = [
  { id: 'a', type: 'candidate-pair', localCandidateId: 'host', remoteCandidateId: 'host', bytesSent: 1 },
  {
    id: 'b',
    type: 'candidate-pair',
    localCandidateId: 'host',
    remoteCandidateId: 'turn',
    currentRoundTripTime: 0.025,
    bytesSent: 100,
    bytesReceived: 200,
    packetsSent: 3,
    packetsReceived: 4,
  },
  { id: 'host', type: 'local-candidate', candidateType: 'host' },
  { id: 'turn', type: 'remote-candidate', candidateType: 'relay' },
];

const COUNTS = { bytesSent: 100, bytesReceived: 200, packetsSent: 3, packetsReceived: 4 };

it('reads the pair that the transport names, and its counts', () => {
  const transport = { id: 't', type: 'transport', selectedCandidatePairId: 'b', bytesSent: 110 };
  expect(readStats(report(...PAIRS, transport))).toEqual({
    ...COUNTS,
    bytesSent: 110,
    route: 'turn',
    rttMs: 25,
  });
});

it('reads the pair that is marked', () => {
  const [a, b, ...candidates] = PAIRS;
  if (a === undefined || b === undefined) return;
  const marked = report(a, { ...b, selected: true }, ...candidates);
  expect(readStats(marked)).toEqual({ ...COUNTS, route: 'turn', rttMs: 25 });
  expect(readStats(report({ ...a, selected: true }, b, ...candidates))).toMatchObject({
    route: 'p2p',
    rttMs: null,
    bytesReceived: 0,
  });
});

it('knows nothing before a pair is selected', () => {
  expect(readStats(report(...PAIRS))).toBeNull();
  expect(readStats(report())).toBeNull();
});
