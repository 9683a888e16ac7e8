import { fc } from '../../testing/properties';
import { describe, expect, it } from 'vitest';
import { type CtlMessage, ctl } from '../../protocol/ctl';
import { MAX_CTL_PART_BYTES } from '../../protocol/limits';
import type { Channel } from '../../protocol/link';
import { encode } from '../../protocol/schema';
import { CtlChannel } from './ctl_channel';

class Wire implements Channel {
  onmessage: ((message: Uint8Array) => void) | null = null;
  bufferedAmount = 0;
  takes = true;
  readonly sent: Uint8Array[] = [];

  send(message: Uint8Array): boolean {
    if (this.takes) this.sent.push(message.slice());
    return this.takes;
  }
}

interface End {
  readonly wire: Wire;
  readonly channel: CtlChannel;
  readonly heard: { message: CtlMessage; parts: number }[];
  malformed: number;
  stuck: number;
}

function end(maxBytes = 1 << 20): End {
  const wire = new Wire();
  const heard: End['heard'] = [];
  const one: End = {
    wire,
    heard,
    malformed: 0,
    stuck: 0,
    channel: new CtlChannel(wire, () => maxBytes, {
      onMessage: (message, parts) => heard.push({ message, parts }),
      onMalformed: () => one.malformed++,
      onStuck: () => one.stuck++,
    }),
  };
  return one;
}

const entries = (size: number): CtlMessage => ({
  kind: 'entries',
  world: 1,
  seq: 2,
  fromTick: 3,
  bytes: new Uint8Array(size).map((_, i) => i % 251),
});

describe('CtlChannel', () => {
  it('carries messages of any length, none longer than a part on the wire', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(200_000), fc.integer({ min: 16_360, max: 16_390 })), (size) => {
        const [from, to] = [end(), end()];
        from.channel.send(entries(size));
        from.channel.send({ kind: 'bye' });
        for (const message of from.wire.sent) {
          expect(message.length).toBeLessThanOrEqual(MAX_CTL_PART_BYTES);
          to.wire.onmessage?.(message);
        }
        expect(to.heard).toMatchObject([
          { message: { kind: 'entries', seq: 2 }, parts: from.wire.sent.length - 1 },
          { message: { kind: 'bye' }, parts: 1 },
        ]);
        // As bytes: compared as objects they take seconds.
        const [first = { kind: 'bye' }] = to.heard.map(({ message }) => message);
        expect(Buffer.compare(encode(ctl, first), encode(ctl, entries(size)))).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps what the wire does not take, in order, and says when it is too much', () => {
    const from = end();
    from.wire.takes = false;
    from.channel.send({ kind: 'bye' });
    from.channel.send({ kind: 'say', text: 'x' });
    expect(from.channel.isWaiting).toBe(true);
    from.wire.takes = true;
    from.wire.bufferedAmount = 2 << 20;
    from.channel.flush();
    expect(from.wire.sent).toHaveLength(0);
    from.wire.bufferedAmount = 0;
    from.channel.flush();
    expect(from.wire.sent).toEqual([encode(ctl, { kind: 'bye' }), encode(ctl, { kind: 'say', text: 'x' })]);
    expect([from.channel.isWaiting, from.stuck]).toEqual([false, 0]);
    from.wire.takes = false;
    const large = entries(25 << 20);
    for (let i = 0; i < 3; i++) from.channel.send(large);
    expect(from.stuck).toBeGreaterThan(0);
  });

  it('gathers no more than it may, and begins afresh after it', () => {
    const to = end(50_000);
    const part = encode(ctl, { kind: 'part', last: false, bytes: new Uint8Array(16_000) });
    for (let i = 0; i < 4; i++) to.wire.onmessage?.(part);
    expect([to.malformed, to.heard.length]).toEqual([1, 0]);
    to.wire.onmessage?.(encode(ctl, { kind: 'bye' }));
    expect(to.heard).toHaveLength(1);
  });

  it.each([
    ['garbage', Uint8Array.of(255, 1)],
    ['nothing', new Uint8Array(0)],
    ['a message longer than a part', new Uint8Array(MAX_CTL_PART_BYTES + 1)],
    ['an empty part', encode(ctl, { kind: 'part', last: false, bytes: new Uint8Array(0) })],
    [
      'a part in a part',
      encode(ctl, {
        kind: 'part',
        last: true,
        bytes: encode(ctl, { kind: 'part', last: true, bytes: encode(ctl, { kind: 'bye' }) }),
      }),
    ],
  ])('calls %s malformed', (_, bytes) => {
    const to = end();
    to.wire.onmessage?.(bytes);
    expect([to.malformed, to.heard.length]).toEqual([1, 0]);
  });

  it('does not take another message between parts', () => {
    const to = end();
    to.wire.onmessage?.(encode(ctl, { kind: 'part', last: false, bytes: Uint8Array.of(6) }));
    to.wire.onmessage?.(encode(ctl, { kind: 'say', text: 'x' }));
    expect([to.malformed, to.heard.length]).toEqual([1, 0]);
  });
});
