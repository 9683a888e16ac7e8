import { Palette } from 'lucide-react';
import { useId, useState } from 'react';
import type { FaceLook } from '../../app/faces/api';
import { HAIRS, IRISES, SKINS } from '../../app/faces/choices';
import { useApp } from '../../state/store';
import { attempt } from '../actions';
import { useSimroom } from '../context';
import { Swatches } from '../parts/swatches';
import { ColourChoice } from '../room/colour_choice';
import { HeadChoice } from './head_choice';
import { Portrait } from './portrait';
import '../styles/own_head.css';

/** As wide as `.own-portrait` at its largest, CSS px. */
const PORTRAIT_PX = 174;

/** How one's head looks, to oneself and everybody else. */
export function OwnHead() {
  const look = useApp((s) => s.face?.look);
  const [open, setOpen] = useState(false);
  const [drawn, setDrawn] = useState(false);
  const id = useId();
  if (look === undefined) return null;
  return (
    <section className="own-head" aria-label="How my head looks">
      <div className="own-head-top">
        <div className="own-portrait" role="img" aria-label="My face as others see it">
          <Portrait size={PORTRAIT_PX} onDrawn={() => setDrawn(true)} />
        </div>
        <HeadChoice look={look} pictured={drawn} />
      </div>
      <button
        type="button"
        className="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Palette size={15} aria-hidden />
        Colours
      </button>
      {open ? (
        <div id={id} className="own-colours">
          <Colours look={look} />
        </div>
      ) : null}
    </section>
  );
}

/** The colours that a look has: a head of one's own brings its own. */
function Colours({ look }: { readonly look: FaceLook }) {
  const simroom = useSimroom();
  const set = (changes: Partial<Omit<FaceLook, 'file'>>): void =>
    void attempt(() => simroom.face.setLook(changes));
  const { style, skin, hair, iris, file } = look;
  return (
    <>
      {file === null ? (
        <>
          <Swatches
            label="Skin"
            labelled
            colours={SKINS[style]}
            chosen={skin}
            onChoose={(next) => set({ skin: next })}
          />
          {style === 'robot' ? null : (
            <Swatches
              label={style === 'human' ? 'Hair' : 'Brows'}
              labelled
              colours={HAIRS}
              chosen={hair}
              onChoose={(next) => set({ hair: next })}
            />
          )}
          <Swatches
            label="Eyes"
            labelled
            colours={IRISES}
            chosen={iris}
            onChoose={(next) => set({ iris: next })}
          />
        </>
      ) : null}
      <ColourChoice label="Accent" labelled />
    </>
  );
}
