import type { ModelCopy } from '../core/model';
import type { UnstableEvent } from '../session/world/authority';
import type { ModelInfo } from './api';

/** Decimals of a time in seconds that still tell one tick from the next. */
const TIME_DECIMALS = 3;

/** When and where a number went bad, and what may help. */
export function instabilityInWords(event: UnstableEvent, model: ModelCopy, info: ModelInfo): string {
  const addresses = event.what === 'position' ? model.jnt_qposadr : model.jnt_dofadr;
  const joint = info.joints.findLast(({ id }) => (addresses[id] ?? 0) <= event.index);
  const coordinate = `${event.what === 'position' ? 'coordinate' : 'DOF'} ${event.index}`;
  const where =
    joint === undefined
      ? `at ${coordinate}`
      : `in joint ${joint.name} of ${info.bodies[joint.body]?.name ?? `body ${joint.body}`} (${coordinate})`;
  return (
    `The simulation became unstable at ${event.time.toFixed(TIME_DECIMALS)} s: a bad ${event.what} ${where}. ` +
    'It is paused; a smaller timestep or softer gains may help.'
  );
}
