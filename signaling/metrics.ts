import type { RelayError } from '../src/protocol/relay';

/** Why somebody was turned away or cut off. */
export type Refusal =
  | RelayError
  /** Before there was a WebSocket. */
  | 'origin'
  | 'connects-too-fast'
  | 'full'
  /** Not WebSocket as RFC 6455 has it, or not UTF-8. */
  | 'bad-frame'
  | 'too-large'
  /** Does not read what it is sent. */
  | 'too-slow'
  /** Answers no pings. */
  | 'silent';

const REFUSALS: Readonly<Record<Refusal, true>> = {
  'room-taken': true,
  'room-full': true,
  'too-many-rooms': true,
  'too-many-connections': true,
  'too-fast': true,
  'bad-message': true,
  'timed-out': true,
  'shutting-down': true,
  origin: true,
  'connects-too-fast': true,
  full: true,
  'bad-frame': true,
  'too-large': true,
  'too-slow': true,
  silent: true,
};

/** What there is at the moment. */
export interface Census {
  readonly connections: number;
  /** Callers whose limits are remembered. */
  readonly callers: number;
  readonly rooms: number;
  readonly hosts: number;
  readonly guests: number;
}

/** Counts what the relay does, and nothing about whom it does it for. */
export class Metrics {
  connects = 0;
  messages = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** Blobs for somebody who was not there, or could not take them. */
  lost = 0;
  private readonly refusals = new Map(Object.keys(REFUSALS).map((reason) => [reason, 0]));

  refused(reason: Refusal): void {
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
  }

  /** In Prometheus' text format, version 0.0.4. */
  exposition({ connections, callers, rooms, hosts, guests }: Census, uptimeSeconds: number): string {
    const refusals = [...this.refusals].map(([reason, count]) => [`{reason="${reason}"}`, count] as const);
    return [
      metric('uptime_seconds', 'gauge', 'Seconds since the relay was started.', uptimeSeconds),
      metric('connections', 'gauge', 'Open WebSockets.', connections),
      metric('callers', 'gauge', 'Callers whose limits are remembered.', callers),
      metric('rooms', 'gauge', 'Rooms, also those that wait for their host.', rooms),
      metric('hosts', 'gauge', 'Connected hosts.', hosts),
      metric('guests', 'gauge', 'Connected guests.', guests),
      metric('connects_total', 'counter', 'WebSockets opened.', this.connects),
      metric('messages_total', 'counter', 'Messages received.', this.messages),
      metric('received_bytes_total', 'counter', 'Bytes of messages received.', this.bytesIn),
      metric('sent_bytes_total', 'counter', 'Bytes of messages sent.', this.bytesOut),
      metric('lost_total', 'counter', 'Blobs that nobody was there to take.', this.lost),
      family('refusals_total', 'counter', 'Connections turned away or cut off.', refusals),
    ].join('');
  }
}

function metric(name: string, type: 'counter' | 'gauge', help: string, value: number): string {
  return family(name, type, help, [['', value]]);
}

function family(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly (readonly [labels: string, value: number])[],
): string {
  const full = `simroom_relay_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${labels} ${String(value)}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('')}`;
}
