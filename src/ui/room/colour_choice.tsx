import { useState } from 'react';
import { PEOPLE_COLOURS } from '../../core/people';
import { attempt } from '../actions';
import { useSimroom } from '../context';
import { Swatches } from '../parts/swatches';

/** One's own colour, in which others see one's name, cursor and head. */
export function ColourChoice(props: { readonly label: string; readonly labelled?: boolean }) {
  const simroom = useSimroom();
  const [colour, setColour] = useState(() => simroom.room.settings().colour);
  return (
    <Swatches
      {...props}
      colours={PEOPLE_COLOURS}
      chosen={colour}
      onChoose={(index) => {
        setColour(index);
        void attempt(() => simroom.room.setSettings({ colour: index }));
      }}
    />
  );
}
