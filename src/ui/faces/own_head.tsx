import { Upload, X } from 'lucide-react';
import { useState } from 'react';
import type { FaceLook } from '../../app/faces/api';
import { HAIRS, IRISES, SKINS, STYLE_NAMES } from '../../app/faces/choices';
import { toPlainError } from '../../core/errors';
import { useApp } from '../../state/store';
import { attempt, pickFiles } from '../actions';
import { useSimroom } from '../context';
import { IconButton } from '../parts/icon_button';
import { Swatches } from '../parts/swatches';
import { ColourChoice } from '../room/colour_choice';
import { HEAD_FILES } from './face_actions';
import { Portrait } from './portrait';
import { STYLE_WORDS } from './words';

/** As wide as `.own-portrait`, CSS px. */
const PORTRAIT_PX = 144;

/** How one's head looks, to oneself and everybody else. */
export function OwnHead() {
  const look = useApp((s) => s.face?.look);
  const simroom = useSimroom();
  if (look === undefined) return null;
  const set = (changes: Partial<Omit<FaceLook, 'file'>>): void =>
    void attempt(() => simroom.face.setLook(changes));
  return (
    <section className="own-head" aria-label="How my head looks">
      <div className="own-head-top">
        <div className="own-portrait" role="img" aria-label="My face as others see it">
          <Portrait size={PORTRAIT_PX} />
        </div>
        <div className="segments tall" role="group" aria-label="Style">
          {STYLE_NAMES.map((style) => (
            <button
              key={style}
              type="button"
              aria-pressed={look.file === null && look.style === style}
              onClick={() =>
                void attempt(async () => {
                  if (look.file !== null) await simroom.face.setFile(null);
                  await simroom.face.setLook({ style });
                })
              }
            >
              {STYLE_WORDS[style]}
            </button>
          ))}
        </div>
      </div>
      {look.file === null ? (
        <>
          <Swatches
            label="Skin"
            labelled
            colours={SKINS[look.style]}
            chosen={look.skin}
            onChoose={(skin) => set({ skin })}
          />
          {look.style === 'robot' ? null : (
            <Swatches
              label="Hair"
              labelled
              colours={HAIRS}
              chosen={look.hair}
              onChoose={(hair) => set({ hair })}
            />
          )}
          <Swatches
            label="Eyes"
            labelled
            colours={IRISES}
            chosen={look.iris}
            onChoose={(iris) => set({ iris })}
          />
        </>
      ) : null}
      <ColourChoice label="Accent" labelled />
      <HeadFile worn={look.file !== null} />
    </section>
  );
}

/** A head out of a file of one's own. */
function HeadFile({ worn }: { readonly worn: boolean }) {
  const simroom = useSimroom();
  const [state, setState] = useState<{
    readonly text: string;
    readonly tone: 'busy' | 'good' | 'bad';
  } | null>(null);
  const choose = async (): Promise<void> => {
    const [file] = await pickFiles('files', HEAD_FILES);
    if (file === undefined) return;
    setState({ text: `Reading ${file.name}\u2026`, tone: 'busy' });
    try {
      setState({ text: await simroom.face.setFile(file), tone: 'good' });
    } catch (thrown) {
      setState({ text: toPlainError(thrown, 'engine-failed').message, tone: 'bad' });
    }
  };
  return (
    <div className="head-file">
      <div className="buttons even">
        <button
          type="button"
          className="button"
          disabled={state?.tone === 'busy'}
          onClick={() => void attempt(choose)}
        >
          <Upload size={15} aria-hidden />
          {worn ? 'Another head (GLB)\u2026' : 'Use your own head (GLB)\u2026'}
        </button>
        {worn ? (
          <IconButton
            label="Back to a head of ours"
            onClick={() =>
              void attempt(async () => {
                await simroom.face.setFile(null);
                setState(null);
              })
            }
          >
            <X size={16} />
          </IconButton>
        ) : null}
      </div>
      <p className={state?.tone === 'bad' ? 'note bad' : 'note muted'} role="status">
        {state?.text ??
          (worn
            ? 'Your own head. Others get it from your browser.'
            : 'Any GLB or VRM with ARKit\u2019s shapes; drop one on the page, too.')}
      </p>
    </div>
  );
}
