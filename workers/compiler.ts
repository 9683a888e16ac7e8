/** The worker that resolves and compiles one model, then is thrown away. */

import { toPlainError } from '../src/core/errors';
import { compile } from '../src/sim/compile';
import { buffersOf } from '../src/sim/describe';
import type { CompilerReply, CompilerRequest } from '../src/sim/compiler_messages';

const post = (reply: CompilerReply, transfer: Transferable[] = []): void => {
  self.postMessage(reply, { transfer });
};

self.addEventListener('message', (event: MessageEvent<CompilerRequest>) => {
  const { source, module, ...context } = event.data;
  compile(source, module, {
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
});
