import type { Clock } from '../signaling/clock';
import { describeFace, type Exchange } from './exchange';
import type { Senders } from './senders';
import type { UdpPort } from './udp';

/** Between lines that say how many faces come, ms. */
const REPORT_MS = 10_000;

/** What `/healthz` answers. */
export function healthOf(parts: {
  readonly exchange: Exchange;
  readonly senders: Senders;
  readonly udp: readonly UdpPort[];
  readonly uptimeMs: number;
}): unknown {
  const { exchange, senders, udp, uptimeMs } = parts;
  return {
    status: 'ok',
    uptimeSeconds: Math.round(uptimeMs / 1000),
    ports: udp.map(({ source, port }) => ({ source, port, ...senders.figures[source] })),
    subjects: [...exchange.outside.all, ...exchange.room.all].map(describeFace),
    pages: count(exchange, 'page'),
    programs: count(exchange, 'program'),
    ...exchange.figures,
  };
}

/** Prints now and then at which rates faces come, while any do. */
export class Reporter {
  private reportedAt: number;

  constructor(
    private readonly exchange: Exchange,
    private readonly clock: Clock,
    private readonly log: (line: string) => void,
  ) {
    this.reportedAt = clock.now();
  }

  /** To be called every second or so. */
  check(): void {
    const now = this.clock.now();
    if (now - this.reportedAt < REPORT_MS) return;
    this.reportedAt = now;
    const rates = [...this.exchange.outside.all, ...this.exchange.room.all].map(
      ({ subject, rate, hasFace }) =>
        `${subject} ${String(Math.round(rate))}/s${hasFace ? '' : ' (no face seen)'}`,
    );
    if (rates.length === 0) return;
    const to = `${plural(count(this.exchange, 'page'), 'page')}, ${plural(count(this.exchange, 'program'), 'program')}`;
    this.log(`${rates.join(', ')} to ${to}`);
  }
}

function count({ clients }: Exchange, kind: 'page' | 'program'): number {
  let found = 0;
  for (const client of clients) if (client.options.kind === kind) found++;
  return found;
}

function plural(number: number, word: string): string {
  return `${String(number)} ${word}${number === 1 ? '' : 's'}`;
}
