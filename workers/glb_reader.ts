/** The worker that reads somebody's own head: checking and turning all its shapes takes up to a second or two. */

import { toPlainError } from '../src/core/errors';
import { readGlbHead, type GlbAnswer, type GlbHeadData } from '../src/face/glb/check';

self.addEventListener('message', ({ data: bytes }: MessageEvent<Uint8Array>) => {
  let answer: GlbAnswer;
  try {
    answer = { data: readGlbHead(bytes) };
  } catch (thrown) {
    answer = { error: toPlainError(thrown, 'head-invalid') };
  }
  self.postMessage(answer, { transfer: 'data' in answer ? buffersOf(answer.data) : [] });
});

function buffersOf({ model }: GlbHeadData): ArrayBuffer[] {
  return [...Object.values(model), ...model.images.map(({ bytes }) => bytes)].flatMap((value: unknown) =>
    ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
  );
}
