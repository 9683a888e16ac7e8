import type { Sim } from '../../sim/sim';
import type { Entry } from '../../tape/tape';

/**
 * Plays entries, from `entries[index]` on, until a tick is reached.
 *
 * @param tick where to stop: entries stamped with it are not applied, unless `inclusive`
 * @returns the index of the first entry not applied
 */
export function replay(
  sim: Sim,
  entries: readonly Entry[],
  index: number,
  tick: number,
  inclusive = false,
): number {
  let next = index;
  for (;;) {
    const entry = entries[next];
    if (entry === undefined || entry.tick > tick || (entry.tick === tick && !inclusive)) break;
    if (entry.tick > sim.tick) sim.step(entry.tick - sim.tick);
    sim.apply(entry.action, entry.seat);
    next++;
  }
  if (sim.tick < tick) sim.step(tick - sim.tick);
  return next;
}
