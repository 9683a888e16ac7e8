import { SimroomError } from '../../core/errors';
import type { Sim } from '../../sim/sim';
import { Tape, decodeEntries } from '../../tape/tape';
import type { Resume } from '../engine_messages';
import { replay } from './replay';

/**
 * Continues a world from its tape: brings a fresh `sim` to where it was, and gives the tape back.
 *
 * @throws SimroomError `tape-invalid`
 */
export function resumed(sim: Sim, { entries, checkpoint, tick }: Resume): Tape {
  const decoded = decodeEntries(entries);
  if (decoded === null) throw new SimroomError('tape-invalid', 'The tape to continue from is damaged.');
  const tape = new Tape();
  sim.load(checkpoint.bytes);
  for (const entry of decoded.slice(0, checkpoint.index)) tape.append(entry);
  tape.keep(checkpoint.tick, checkpoint.bytes);
  for (const entry of decoded.slice(checkpoint.index)) tape.append(entry);
  replay(sim, tape.entries, checkpoint.index, Math.max(tick, tape.lastTick), true);
  return tape;
}
