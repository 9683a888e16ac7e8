/** The worker that builds heads: geometry and all shapes of a style take a fifth of a second. */

import { buildHead } from '../src/face/head/head';
import { buffersOfHead, packHead } from '../src/face/head/pack';
import type { StyleName } from '../src/face/head/style';

self.addEventListener('message', ({ data: style }: MessageEvent<StyleName>) => {
  const head = packHead(buildHead(style));
  self.postMessage(head, { transfer: buffersOfHead(head) });
});
