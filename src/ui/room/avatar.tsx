import { inkOn } from '../../core/people';
import { Portrait } from '../faces/portrait';
import { initials } from './people_words';

/** As wide as `.avatar` at its largest, CSS px. */
const AVATAR_PX = 36;

/**
 * Somebody's face on their colour where `peer` names them, and their initials until it is drawn. The name is said
 * elsewhere.
 */
export function Avatar(props: { readonly name: string; readonly colour: string; readonly peer?: string }) {
  const { name, colour, peer } = props;
  return (
    <span className="avatar" style={{ background: colour, color: inkOn(colour) }} aria-hidden>
      <span>{initials(name)}</span>
      {peer === undefined ? null : <Portrait peer={peer} size={AVATAR_PX} still />}
    </span>
  );
}
