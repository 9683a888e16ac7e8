/** The figures of a WebRTC connection, as far as the browser counts them. */
export interface ConnectionStats {
  /** Directly, or through a TURN server. */
  readonly route: 'p2p' | 'turn';
  /** Round trip as ICE measures it, ms; null until it has. */
  readonly rttMs: number | null;
  /** As DTLS sends and receives them, that is without the 28 bytes of IP and UDP that each packet adds. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
}

/**
 * Reads the browser's report: of the selected candidate pair, which Chromium names in the transport's part and Firefox
 * marks itself.
 *
 * @returns null while no pair is selected
 */
export function readStats(report: RTCStatsReport): ConnectionStats | null {
  const all = new Map<string, Readonly<Record<string, unknown>>>();
  report.forEach((value: Readonly<Record<string, unknown>>, id: string) => all.set(id, value));
  const values = [...all.values()];
  const transport = values.find(({ type }) => type === 'transport');
  const selected = transport?.['selectedCandidatePairId'];
  const pair =
    typeof selected === 'string'
      ? all.get(selected)
      : values.find(({ type, selected: mine }) => type === 'candidate-pair' && mine === true);
  if (pair === undefined) return null;
  const relayed = ['localCandidateId', 'remoteCandidateId'].some((name) => {
    const id = pair[name];
    return typeof id === 'string' && all.get(id)?.['candidateType'] === 'relay';
  });
  const count = (name: string): number => numberIn(transport, name) ?? numberIn(pair, name) ?? 0;
  const rtt = numberIn(pair, 'currentRoundTripTime');
  return {
    route: relayed ? 'turn' : 'p2p',
    rttMs: rtt === null ? null : rtt * 1000,
    bytesSent: count('bytesSent'),
    bytesReceived: count('bytesReceived'),
    packetsSent: count('packetsSent'),
    packetsReceived: count('packetsReceived'),
  };
}

function numberIn(record: Readonly<Record<string, unknown>> | undefined, name: string): number | null {
  const value = record?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
