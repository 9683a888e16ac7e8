import { useState } from 'react';
import { useApp } from '../../state/store';
import { useSimroom } from '../context';
import { Bars } from '../faces/bars';
import { FiguresTable } from '../faces/figures_table';
import { SelectLine } from '../parts/select_line';
import { SwitchLine } from '../parts/switch_line';
import '../styles/faces.css';
import '../styles/face_shapes.css';

/** Faces in numbers: how they arrive, and every shape of one of them. */
export default function Shapes() {
  const simroom = useSimroom();
  const peers = useApp((s) => s.peers);
  const logged = useApp((s) => s.facesLogged);
  const setLogged = useApp((s) => s.setFacesLogged);
  const [chosen, setChosen] = useState('');
  const others = peers.filter((peer) => !peer.self);
  // Who has left is not looked at any more.
  const person = others.some(({ id }) => id === chosen) ? chosen : '';
  return (
    <div className="panel-stack">
      {others.length === 0 ? null : <FiguresTable people={others} />}
      <SwitchLine
        label="Log faces that arrive to the console"
        checked={logged}
        onChange={(on) => {
          setLogged(on);
          simroom.face.log(on);
        }}
      />
      <SelectLine
        label="Face of"
        value={person}
        choices={[{ value: '', label: 'me' }, ...others.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={setChosen}
      />
      <Bars key={person} {...(person === '' ? {} : { peer: person })} />
    </div>
  );
}
