import workerUrl from '../../workers/head_builder.ts?worker&url';
import { buildHead } from '../face/head/head';
import { packHead, type PackedHead } from '../face/head/pack';
import type { StyleName } from '../face/head/style';
import type { HeadKinds } from './head_kinds';

/** Brings styles of heads in without holding up the page: a worker builds each, and ends when it has built them. */
export class HeadLoader {
  private readonly loading = new Map<StyleName, Promise<void>>();
  private worker: Worker | null = null;
  private readonly waiting = new Map<StyleName, (head: PackedHead) => void>();
  private disposed = false;

  /** @param start tests bring their own worker */
  constructor(
    private readonly kinds: HeadKinds,
    private readonly start: () => Worker = () =>
      new Worker(new URL(workerUrl, import.meta.url), { type: 'module', name: 'heads' }),
  ) {}

  /** Resolves when the style is among the kinds; it is built once, however often it is asked for. */
  load(style: StyleName): Promise<void> {
    let loading = this.loading.get(style);
    if (loading === undefined) {
      loading = this.kinds.has(style)
        ? Promise.resolve()
        : this.build(style).then((head) => {
            if (!this.disposed) this.kinds.give(head);
          });
      this.loading.set(style, loading);
    }
    return loading;
  }

  dispose(): void {
    this.disposed = true;
    this.stop();
  }

  private build(style: StyleName): Promise<PackedHead> {
    return new Promise((resolve) => {
      this.waiting.set(style, resolve);
      try {
        this.worker ??= this.open();
        this.worker.postMessage(style);
      } catch {
        // A page without an origin may not start it (a sandboxed frame): slower here than not at all.
        this.buildHere();
      }
    });
  }

  private open(): Worker {
    const worker = this.start();
    worker.addEventListener('message', ({ data }: MessageEvent<PackedHead>) => {
      this.waiting.get(data.model.name)?.(data);
      this.waiting.delete(data.model.name);
      if (this.waiting.size === 0) this.stop();
    });
    worker.addEventListener('error', () => this.buildHere());
    return worker;
  }

  private buildHere(): void {
    this.stop();
    for (const [style, resolve] of this.waiting) resolve(packHead(buildHead(style)));
    this.waiting.clear();
  }

  private stop(): void {
    this.worker?.terminate();
    this.worker = null;
  }
}
