import { Focus, Palette } from 'lucide-react';
import { useState } from 'react';
import type { Peer } from '../../app/api';
import { RefusableButton } from '../command_button';
import { IconButton } from '../parts/icon_button';
import { Avatar } from './avatar';
import { ColourChoice } from './colour_choice';
import { NameField } from './name_field';
import { HostMark, PersonFacts, RoundTrip } from './person_row';

/** Oneself: name and colour are changed here. */
export function SelfRow({ peer }: { readonly peer: Peer }) {
  const [choosing, setChoosing] = useState(false);
  return (
    <li className="person self">
      <Avatar name={peer.name} colour={peer.colour} peer={peer.id} />
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
      {choosing ? <ColourChoice label="Colour" /> : null}
    </li>
  );
}
