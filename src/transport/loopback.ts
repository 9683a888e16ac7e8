import { HASH_BYTES } from '../protocol/limits';
import type { LanePart, LineMessage } from './channels';

/**
 * A connection within one process, for tests and for rooms whose ends share a page.
 *
 * Tabs of one browser do not use it: they meet through the signaling like anybody else, by the same code.
 *
 * @returns the ends, each to be opened with `openLink`, here or in a worker
 */
export function loopback(): [MessagePort, MessagePort] {
  const ctl = new MessageChannel();
  const rt = new MessageChannel();
  const bulk = new MessageChannel();
  // In place of certificates: nobody outside can know them either.
  const here = crypto.getRandomValues(new Uint8Array(HASH_BYTES));
  const there = crypto.getRandomValues(new Uint8Array(HASH_BYTES));
  return [
    end(ctl.port1, rt.port1, bulk.port1, here, there),
    end(ctl.port2, rt.port2, bulk.port2, there, here),
  ];
}

function end(
  ctl: LanePart,
  rt: LanePart,
  bulk: LanePart,
  local: Uint8Array,
  remote: Uint8Array,
): MessagePort {
  const { port1: line, port2: far } = new MessageChannel();
  const tell = (message: LineMessage, transfer: LanePart[] = []): void => line.postMessage(message, transfer);
  tell({ kind: 'lanes', ctl, rt, bulk }, [ctl, rt, bulk]);
  tell({ kind: 'binding', binding: { local, remote } });
  tell({ kind: 'route', route: 'local' });
  return far;
}
