import { describe, expect, it, vi } from 'vitest';
import { buildHead } from '../face/head/head';
import { packHead } from '../face/head/pack';
import type { StyleName } from '../face/head/style';
import { HeadKinds } from './head_kinds';
import { HeadLoader } from './head_loader';

/** A worker that answers when it is told to. */
class FakeWorker extends EventTarget {
  readonly asked: StyleName[] = [];
  readonly terminate = vi.fn<() => void>();

  postMessage(style: StyleName): void {
    this.asked.push(style);
  }

  answer(style: StyleName): void {
    this.dispatchEvent(new MessageEvent('message', { data: packHead(buildHead(style)) }));
  }
}

function loader(): { kinds: HeadKinds; loads: HeadLoader; workers: FakeWorker[] } {
  const kinds = new HeadKinds();
  const workers: FakeWorker[] = [];
  const loads = new HeadLoader(kinds, () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  });
  return { kinds, loads, workers };
}

describe('styles of heads', () => {
  it('are built once each, in a worker that ends when all are there', async () => {
    const { kinds, loads, workers } = loader();
    const both = Promise.all([loads.load('android'), loads.load('robot'), loads.load('android')]);
    const [worker] = workers;
    expect(worker?.asked).toEqual(['android', 'robot']);
    expect(kinds.has('android')).toBe(false);
    worker?.answer('android');
    expect(worker?.terminate).not.toHaveBeenCalled();
    worker?.answer('robot');
    await both;
    expect([kinds.has('android'), kinds.has('robot')]).toEqual([true, true]);
    expect(worker?.terminate).toHaveBeenCalledOnce();
    expect(workers).toHaveLength(1);
  });

  it('are built here where no worker can be had, or it breaks', async () => {
    const kinds = new HeadKinds();
    const refused = new HeadLoader(kinds, () => {
      throw new DOMException('not from this origin', 'SecurityError');
    });
    await refused.load('human');
    expect(kinds.has('human')).toBe(true);

    const { kinds: others, loads, workers } = loader();
    const loaded = loads.load('robot');
    workers[0]?.dispatchEvent(new Event('error'));
    await loaded;
    expect(others.has('robot')).toBe(true);
  });

  it('that come after the end are left alone', async () => {
    const { kinds, loads, workers } = loader();
    const late = loads.load('robot');
    loads.dispose();
    expect(workers[0]?.terminate).toHaveBeenCalled();
    workers[0]?.answer('robot');
    await late;
    expect(kinds.has('robot')).toBe(false);
  });
});
