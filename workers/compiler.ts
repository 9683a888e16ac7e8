/** The worker that resolves and compiles one model, then is thrown away. */

import { toPlainError } from '../src/core/errors';
import { compile } from '../src/sim/compile';
import { buffersOf } from '../src/sim/describe';
import type { CompilerEngine, CompilerReply, CompilerRequest } from '../src/sim/compiler_messages';

const post = (reply: CompilerReply, transfer: Transferable[] = []): void => {
  self.postMessage(reply, { transfer });
};

const { promise: engine, resolve: takeEngine } = deferred<WebAssembly.Module>();

self.addEventListener('message', ({ data }: MessageEvent<CompilerRequest | CompilerEngine>) => {
  if ('module' in data) takeEngine(data.module);
  else run(data);
});

function run({ source, ...context }: CompilerRequest): void {
  compile(source, engine, {
    ...context,
    onProgress: (progress) => post({ kind: 'progress', progress }),
  }).then(
    (compiled) => {
      const files = [...compiled.bundle.files.values()];
      const buffers = new Set([compiled.mjb, ...files].map(({ buffer }) => buffer));
      const transfer = [...buffers].filter((buffer) => buffer instanceof ArrayBuffer);
      post({ kind: 'done', compiled }, [...transfer, ...buffersOf(compiled.model)]);
    },
    (thrown: unknown) => post({ kind: 'failed', error: toPlainError(thrown, 'compile-failed') }),
  );
}

function deferred<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
