import { describe, expect, it } from 'vitest';
import type { Link } from '../protocol/link';
import { type LineMessage, openLink } from './channels';
import { CONTRACT, runCheck } from './contract';
import { loopback } from './loopback';

async function pair(): Promise<[Link, Link]> {
  const [a, b] = loopback();
  return Promise.all([openLink(a), openLink(b)]);
}

describe('a link within one process', () => {
  it.each(CONTRACT.map((check) => [check.name, check] as const))('%s', (_, check) => runCheck(check, pair));
});

describe('openLink', () => {
  /** A connection's port, and the page's end of it. */
  function line(): { page: MessagePort; worker: MessagePort; tell: (message: LineMessage) => void } {
    const { port1: page, port2: worker } = new MessageChannel();
    return { page, worker, tell: (message) => page.postMessage(message) };
  }

  it('fails with what the page says', async () => {
    const { worker, tell, page } = line();
    const opening = openLink(worker);
    tell({ kind: 'closed', error: { code: 'room-full', message: 'The room is full.', details: {} } });
    await expect(opening).rejects.toMatchObject({ code: 'room-full', message: 'The room is full.' });
    page.close();
  });

  it('fails with what the page says also when the channels end first', async () => {
    const { worker, page } = line();
    const { port1: ctl, port2: far } = new MessageChannel();
    const { port1: rt } = new MessageChannel();
    const { port1: bulk } = new MessageChannel();
    page.postMessage({ kind: 'lanes', ctl, rt, bulk } satisfies LineMessage, [ctl, rt, bulk]);
    const opening = openLink(worker);
    const closed = new Promise<void>((resolve) => {
      far.onmessage = ({ data }) => data === 'close' && resolve();
    });
    far.postMessage('close');
    await closed;
    const error = { code: 'room-not-found', message: 'Nobody is there.', details: {} } as const;
    page.postMessage({ kind: 'closed', error } satisfies LineMessage);
    await expect(opening).rejects.toMatchObject({ code: 'room-not-found' });
    far.close();
    page.close();
  });

  it('knows the route and its changes', async () => {
    const ports = [new MessageChannel(), new MessageChannel(), new MessageChannel()] as const;
    const { worker, page } = line();
    const [ctl, rt, bulk] = ports.map(({ port1 }) => port1) as [MessagePort, MessagePort, MessagePort];
    for (const { port2 } of ports) port2.postMessage('open');
    page.postMessage({ kind: 'lanes', ctl, rt, bulk } satisfies LineMessage, [ctl, rt, bulk]);
    const binding = { local: new Uint8Array(32), remote: new Uint8Array(32) };
    page.postMessage({ kind: 'binding', binding } satisfies LineMessage);
    const link = await openLink(worker);
    const routes: string[] = [link.route];
    const changed = new Promise<void>((resolve) => {
      link.onroute = (route) => {
        routes.push(route);
        resolve();
      };
    });
    page.postMessage({ kind: 'route', route: 'turn' } satisfies LineMessage);
    await changed;
    expect(routes).toEqual(['p2p', 'turn']);
    const closed = new Promise<void>((resolve) => {
      link.onclose = resolve;
    });
    page.postMessage({ kind: 'closed', error: null } satisfies LineMessage);
    await closed;
    for (const { port2 } of ports) port2.close();
    page.close();
  });
});
