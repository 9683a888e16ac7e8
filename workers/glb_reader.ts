/** The worker that reads somebody's own head: checking and turning all its shapes takes up to a second or two. */

import { buffersOf } from '../src/core/buffers';
import { toPlainError } from '../src/core/errors';
import { readGlbHead, type GlbAnswer, type GlbHeadData } from '../src/face/glb/check';

self.addEventListener('message', ({ data: bytes }: MessageEvent<Uint8Array>) => {
  let answer: GlbAnswer;
  try {
    answer = { data: readGlbHead(bytes) };
  } catch (thrown) {
    answer = { error: toPlainError(thrown, 'head-invalid') };
  }
  self.postMessage(answer, { transfer: 'data' in answer ? transferred(answer.data) : [] });
});

function transferred({ model }: GlbHeadData): ArrayBuffer[] {
  const parts: readonly unknown[] = Object.values(model);
  return buffersOf([...parts, ...model.images.map(({ bytes }) => bytes)]);
}
