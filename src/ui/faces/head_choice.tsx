import { Upload } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { FaceLook } from '../../app/faces/api';
import { STYLE_NAMES, type StyleName } from '../../app/faces/choices';
import { toPlainError } from '../../core/errors';
import { attempt, pickFiles } from '../actions';
import { useSimroom } from '../context';
import { Tip } from '../parts/icon_button';
import { HEAD_FILES } from './face_actions';
import { Portrait } from './portrait';
import { STYLE_WORDS } from './words';

/** As high as the picture in `.head-tile` at its largest, CSS px. */
const TILE_PX = 60;

/** What came of a file. */
interface Outcome {
  readonly text: string;
  readonly state: 'reading' | 'good' | 'bad';
}

/**
 * The heads there are to choose from, each as it would look on oneself, and one out of a file of one's own.
 *
 * @param props.pictured whether the pictures are made: they wait for what matters more
 */
export function HeadChoice({ look, pictured }: { readonly look: FaceLook; readonly pictured: boolean }) {
  const simroom = useSimroom();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const worn = look.file !== null;
  const wear = (style: StyleName): void =>
    void attempt(async () => {
      setOutcome(null);
      if (worn) await simroom.face.setFile(null);
      await simroom.face.setLook({ style });
    });
  const choose = async (): Promise<void> => {
    const [file] = await pickFiles('files', HEAD_FILES);
    if (file === undefined) return;
    setOutcome({ text: `Reading ${file.name}\u2026`, state: 'reading' });
    try {
      setOutcome({ text: await simroom.face.setFile(file), state: 'good' });
    } catch (thrown) {
      setOutcome({ text: toPlainError(thrown, 'engine-failed').message, state: 'bad' });
    }
  };
  return (
    <>
      <div className="head-tiles" role="group" aria-label="Style">
        {STYLE_NAMES.map((style) => (
          <button
            key={style}
            type="button"
            className="head-tile"
            aria-pressed={!worn && look.style === style}
            onClick={() => wear(style)}
          >
            <Picture>{pictured ? <Portrait style={style} size={TILE_PX} /> : null}</Picture>
            {STYLE_WORDS[style]}
          </button>
        ))}
        <Tip text="A GLB or VRM whose shapes have ARKit&rsquo;s names. It can be dropped on the page, too.">
          <button
            type="button"
            className="head-tile"
            aria-label={worn ? 'Your own head: choose another (GLB)\u2026' : 'Use your own head (GLB)\u2026'}
            aria-pressed={worn}
            aria-disabled={outcome?.state === 'reading'}
            onClick={() => {
              if (outcome?.state !== 'reading') void attempt(choose);
            }}
          >
            <Picture>
              <Upload size={18} />
              {worn ? <Portrait size={TILE_PX} /> : null}
            </Picture>
            Your own
          </button>
        </Tip>
      </div>
      {outcome === null ? null : (
        <p
          className={outcome.state === 'bad' ? 'note bad' : 'note muted'}
          role={outcome.state === 'bad' ? 'alert' : 'status'}
        >
          {outcome.text}
        </p>
      )}
    </>
  );
}

function Picture({ children }: { readonly children: ReactNode }) {
  return (
    <span className="head-picture" aria-hidden>
      {children}
    </span>
  );
}
