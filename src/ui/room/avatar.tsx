import { inkOn } from '../../core/people';
import { initials } from './people_words';

/** Somebody's initials on their colour. The name is said elsewhere. */
export function Avatar({ name, colour }: { readonly name: string; readonly colour: string }) {
  return (
    <span className="avatar" style={{ background: colour, color: inkOn(colour) }} aria-hidden>
      {initials(name)}
    </span>
  );
}
