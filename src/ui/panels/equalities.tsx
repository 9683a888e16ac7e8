import { useState } from 'react';
import { useApp } from '../../state/store';
import { attempt } from '../actions';
import { useSimroom } from '../context';
import { useLive } from '../live';
import { SwitchLine } from '../parts/switch_line';

/** Looks a second: a switch that somebody else flips may follow a moment later. */
const LOOK_HZ = 4;

/** The model's equality constraints, each to be switched while the simulation runs. */
export default function Equalities() {
  const simroom = useSimroom();
  const equalities = useApp((s) => s.model?.equalities);
  const read = (): string => simroom.frame()?.eqActive.join('') ?? '';
  // One character per constraint: equal strings mean that nothing changed and nothing renders.
  const [active, setActive] = useState(read);
  useLive(() => setActive(read()), LOOK_HZ);
  return (
    <div>
      {equalities?.map(({ id, name }) => (
        <SwitchLine
          key={id}
          label={name}
          checked={active[id] === '1'}
          onChange={(on) => {
            setActive(active.slice(0, id) + (on ? '1' : '0') + active.slice(id + 1));
            void attempt(() => simroom.setEquality(id, on));
          }}
        />
      ))}
    </div>
  );
}
