import type { Bench } from '../bench';
import { hostCpu } from './cpu';
import { joining } from './joining';
import { latency } from './latency';
import { traffic } from './traffic';

/** A room of real browsers through the real relay: what it sends, how soon things are seen, how soon one is in. */
export const bench: Bench = {
  name: 'rooms',
  async run(context) {
    return [
      ...(await latency(context)),
      ...(await traffic(context)),
      ...(await hostCpu(context)),
      ...(await joining(context)),
    ];
  },
};
