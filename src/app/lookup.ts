import { SimroomError } from '../core/errors';
import type { ModelCopy, NamedKind } from '../core/model';
import type { Ref } from './api';

/** Names listed in an error before it says "and more". */
const NAMES_SHOWN = 8;

/**
 * The id of a named object of the model.
 *
 * @throws SimroomError `unknown-name` naming what there is instead
 */
export function lookup(model: ModelCopy, kind: NamedKind, ref: Ref): number {
  const names = model.names[kind];
  if (typeof ref === 'number') {
    if (Number.isInteger(ref) && ref >= 0 && ref < names.length) return ref;
    throw new SimroomError('unknown-name', `There is no ${kind} ${ref}: this model has ${names.length}.`);
  }
  const id = names.indexOf(ref);
  if (id >= 0 && ref !== '') return id;
  const known = names.filter((name) => name !== '');
  const list = known.slice(0, NAMES_SHOWN).join(', ') + (known.length > NAMES_SHOWN ? ', ...' : '');
  throw new SimroomError(
    'unknown-name',
    `There is no ${kind} named "${ref}": ${known.length === 0 ? 'none has a name, use a number' : `use one of ${list}`}.`,
  );
}
