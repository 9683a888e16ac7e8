import { Upload, X } from 'lucide-react';
import { useState } from 'react';
import { toPlainError } from '../../core/errors';
import { attempt, pickFiles } from '../actions';
import { useSimroom } from '../context';
import { IconButton, Tip } from '../parts/icon_button';
import { HEAD_FILES } from './face_actions';

interface Outcome {
  readonly text: string;
  readonly bad: boolean;
}

/** A head out of a file of one's own. */
export function HeadFile({ worn }: { readonly worn: boolean }) {
  const simroom = useSimroom();
  const [reading, setReading] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const choose = async (): Promise<void> => {
    const [file] = await pickFiles('files', HEAD_FILES);
    if (file === undefined) return;
    setReading(true);
    setOutcome({ text: `Reading ${file.name}\u2026`, bad: false });
    try {
      setOutcome({ text: await simroom.face.setFile(file), bad: false });
    } catch (thrown) {
      setOutcome({ text: toPlainError(thrown, 'engine-failed').message, bad: true });
    } finally {
      setReading(false);
    }
  };
  return (
    <>
      <div className="buttons even">
        <Tip text="A GLB or VRM whose shapes have ARKit\u2019s names. It can be dropped on the page, too.">
          <button type="button" className="button" disabled={reading} onClick={() => void attempt(choose)}>
            <Upload size={15} aria-hidden />
            {worn ? 'Another head (GLB)\u2026' : 'Use your own head (GLB)\u2026'}
          </button>
        </Tip>
        {worn ? (
          <IconButton
            label="Back to a head of ours"
            onClick={() =>
              void attempt(async () => {
                await simroom.face.setFile(null);
                setOutcome(null);
              })
            }
          >
            <X size={16} />
          </IconButton>
        ) : null}
      </div>
      {outcome === null ? null : (
        <p className={outcome.bad ? 'note bad' : 'note muted'} role={outcome.bad ? 'alert' : 'status'}>
          {outcome.text}
        </p>
      )}
    </>
  );
}
