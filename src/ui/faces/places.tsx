import { UserRoundMinus, UserRoundPlus } from 'lucide-react';
import type { Peer } from '../../app/api';
import type { FacePlace } from '../../app/faces/api';
import { useApp } from '../../state/store';
import { attempt } from '../actions';
import { CommandButton } from '../command_button';
import { useSimroom } from '../context';
import { NumberField } from '../parts/number_field';
import { useRefusal } from '../room/use_refusal';
import { wornBySelection } from './face_commands';
import { ownId } from './words';

/** The bodies and sites of the model that carry somebody's face. */
export function Places() {
  const places = useApp((s) => s.face?.places ?? NONE);
  const refusal = useRefusal('developer');
  const selected = useApp((s) => s.selection?.body);
  const name = useApp((s) => (selected === undefined ? null : (s.model?.bodies[selected]?.name ?? null)));
  const worn = useApp(wornBySelection);
  return (
    <section className="panel-group" aria-labelledby="face-places">
      <h3 id="face-places">On bodies</h3>
      {places.length === 0 ? (
        <p className="note muted">
          No body carries a face. Select one in the view, and it speaks with yours. A model names its own: a
          body or site called <code>face</code>.
        </p>
      ) : (
        <ul className="places">
          {places.map((place) => (
            <PlaceRow key={`${place.object} ${place.id}`} place={place} refusal={refusal} />
          ))}
        </ul>
      )}
      {refusal === null ? null : <p className="refusal">{refusal}</p>}
      {name === null ? (
        <button type="button" className="button wide" disabled>
          <UserRoundPlus size={15} aria-hidden />
          Put my face on the selected body
        </button>
      ) : (
        <CommandButton id={worn ? 'face.take' : 'face.put'}>
          {worn ? <UserRoundMinus size={15} aria-hidden /> : <UserRoundPlus size={15} aria-hidden />}
          <span className="ellipsis">{worn ? `Take my face off ${name}` : `Put my face on ${name}`}</span>
        </CommandButton>
      )}
    </section>
  );
}

const NONE: readonly FacePlace[] = [];
/** Heights of heads, m: from a mouse's to a monument's. */
const MIN_SIZE = 0.001;
const MAX_SIZE = 100;

function PlaceRow({ place, refusal }: { readonly place: FacePlace; readonly refusal: string | null }) {
  const simroom = useSimroom();
  const peers = useApp((s) => s.peers);
  const { object, id, name, peer, size } = place;
  const on = object === 'body' ? { body: id } : { site: id };
  return (
    <li className="place" title={refusal ?? undefined}>
      <span className="name ellipsis" title={`${object} ${name}`}>
        {name}
      </span>
      <select
        className="field"
        aria-label={`Whose face is on ${name}`}
        disabled={refusal !== null}
        value={peer ?? ''}
        onChange={(event) => {
          const { value } = event.currentTarget;
          void attempt(() => simroom.face.put(on, value === '' ? null : value));
        }}
      >
        <option value="">nobody</option>
        {peopleOf(peers, peer).map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <NumberField
        label={`Height of the head on ${name}, m`}
        value={size}
        min={MIN_SIZE}
        max={MAX_SIZE}
        disabled={refusal !== null || peer === null}
        onCommit={(height) => void attempt(() => simroom.face.put(on, peer, height))}
      />
      <span className="unit">m</span>
    </li>
  );
}

/** Whose face there is to be chosen: oneself first. */
function peopleOf(
  peers: readonly Peer[],
  present: string | null,
): readonly { readonly value: string; readonly label: string }[] {
  const self = ownId(peers);
  const others = peers.filter((peer) => !peer.self).map(({ id, name }) => ({ value: id, label: name }));
  const known = present === null || present === self || others.some(({ value }) => value === present);
  return [{ value: self, label: 'me' }, ...others, ...(known ? [] : [{ value: present, label: 'somebody' }])];
}
