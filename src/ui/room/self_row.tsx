import { Focus, Palette } from 'lucide-react';
import { useState } from 'react';
import type { Peer } from '../../app/api';
import { PEOPLE_COLOURS } from '../../core/people';
import { attempt } from '../actions';
import { RefusableButton } from '../command_button';
import { useSimroom } from '../context';
import { IconButton } from '../parts/icon_button';
import { Avatar } from './avatar';
import { NameField } from './name_field';
import { HostMark, PersonFacts, RoundTrip } from './person_row';

/** Oneself: name and colour are changed here. */
export function SelfRow({ peer }: { readonly peer: Peer }) {
  const [choosing, setChoosing] = useState(false);
  return (
    <li className="person self">
      <Avatar name={peer.name} colour={peer.colour} />
      <div className="who">
        <span className="name-line">
          <NameField label="Your name" />
          {peer.host ? <HostMark /> : null}
          <RoundTrip peer={peer} />
        </span>
        <PersonFacts peer={peer} />
      </div>
      <IconButton
        label="Your colour"
        className="small"
        aria-expanded={choosing}
        onClick={() => setChoosing(!choosing)}
      >
        <Palette size={16} />
      </IconButton>
      <RefusableButton id="room.gather" label="Bring everyone to my view" className="small">
        <Focus size={16} />
      </RefusableButton>
      {choosing ? <ColourChoice /> : null}
    </li>
  );
}

function ColourChoice() {
  const simroom = useSimroom();
  const [colour, setColour] = useState(() => simroom.room.settings().colour);
  return (
    <fieldset className="colours">
      <legend className="visually-hidden">Your colour</legend>
      {PEOPLE_COLOURS.map((value, index) => (
        <label key={value} className="colour" style={{ background: value }}>
          <input
            className="visually-hidden"
            type="radio"
            name="own-colour"
            aria-label={`Colour ${index + 1}`}
            checked={colour === index}
            onChange={() => {
              setColour(index);
              void attempt(() => simroom.room.setSettings({ colour: index }));
            }}
          />
        </label>
      ))}
    </fieldset>
  );
}
