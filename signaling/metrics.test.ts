import { expect, test } from 'vitest';
import { Browser, hex32, startRelay } from './testing';

interface Family {
  readonly type: string;
  readonly samples: Map<string, number>;
}

/** Reads the text format as Prometheus does, and is as strict: throws at the first line that is wrong. */
function parse(text: string): Map<string, Family> {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('The last line has no end.');
  const families = new Map<string, Family>();
  let current = '';
  for (const line of lines) {
    const [, helped] = /^# HELP ([a-zA-Z_:][\w:]*) \S.*$/.exec(line) ?? [];
    const [, typed, type] = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge)$/.exec(line) ?? [];
    const [, name, labels = '', value] =
      /^([a-zA-Z_:][\w:]*)(\{[a-zA-Z_]\w*="[^"\\]*"\})? (\d+(?:\.\d+)?(?:e[+-]\d+)?)$/.exec(line) ?? [];
    if (helped !== undefined && !families.has(helped)) {
      current = helped;
    } else if (typed === current && type !== undefined && !families.has(typed)) {
      families.set(typed, { type, samples: new Map() });
    } else if (name === current && families.get(name)?.samples.has(labels) === false) {
      families.get(name)?.samples.set(labels, Number(value));
    } else {
      throw new Error(`Not in its place, or no line of the format: ${line}`);
    }
  }
  return families;
}

test('metrics are what Prometheus reads, and tell of nobody', async () => {
  const relay = await startRelay({ guestsPerRoom: 1 });
  const room = hex32(0xabcdef);
  const host = await Browser.enter(relay.url, { kind: 'host', room, token: hex32(0x123456) });
  const { peer } = await host.nextOf('welcome');
  const guest = await Browser.enter(relay.url, { kind: 'guest', room });
  await guest.nextOf('welcome');
  const blob = JSON.stringify({ kind: 'send', sealed: 'offer' });
  guest.send(blob);
  await host.nextOf('sealed');
  const late = await Browser.enter(relay.url, { kind: 'guest', room });
  await late.closed;
  relay.clock.pass(1500);

  const response = await fetch(new URL('/metrics', relay.server.url));
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  const families = parse(text);
  const value = (name: string, labels = ''): number | undefined =>
    families.get(`simroom_relay_${name}`)?.samples.get(labels);
  expect(value('uptime_seconds')).toBe(1.5);
  expect(value('rooms')).toBe(1);
  expect(value('hosts')).toBe(1);
  expect(value('guests')).toBe(1);
  expect(value('messages_total')).toBe(4);
  expect(value('received_bytes_total')).toBeGreaterThan(blob.length);
  expect(value('sent_bytes_total')).toBeGreaterThan(blob.length);
  expect(value('refusals_total', '{reason="room-full"}')).toBe(1);
  expect(value('refusals_total', '{reason="too-fast"}')).toBe(0);
  for (const [name, { type }] of families) expect(name.endsWith('_total')).toBe(type === 'counter');
  for (const secret of [room, hex32(0x123456), peer, '127.0.0.1', 'offer'])
    expect(text).not.toContain(secret);
  await relay.server.close();
});
