import { Circle, FolderOpen, Square } from 'lucide-react';
import { useRef, useState } from 'react';
import { useApp } from '../../state/store';
import { attempt, pickFiles } from '../actions';
import { runCommand } from '../commands';
import { useSimroom } from '../context';
import { setText, useLive } from '../live';
import { SwitchLine } from '../parts/switch_line';
import { openSource } from './face_actions';
import type { OptionsProps } from './source_options';

/** Speech in a file. */
export function AudioOptions({ info }: OptionsProps) {
  const simroom = useSimroom();
  const [file, setFile] = useState<File | null>(null);
  const [silent, setSilent] = useState(false);
  const open = (next: File | null, quiet: boolean): void => {
    setFile(next);
    setSilent(quiet);
    if (next !== null) void openSource(simroom, { kind: 'audio', file: next, silent: quiet });
  };
  return (
    <>
      <FileLine
        label="Choose a sound"
        accept="audio/*"
        file={info === undefined ? null : file}
        onChoose={(next) => open(next, silent)}
      />
      <SwitchLine
        label="Silent: only the mouth moves"
        checked={silent}
        onChange={(quiet) => open(info === undefined ? null : file, quiet)}
      />
    </>
  );
}

/** A face from a file; and one's own into a file. */
export function RecordingOptions({ info }: OptionsProps) {
  const simroom = useSimroom();
  const recording = useApp((s) => s.face?.recording === true);
  const [file, setFile] = useState<File | null>(null);
  const [loop, setLoop] = useState(true);
  const open = (next: File | null, again: boolean): void => {
    setFile(next);
    setLoop(again);
    if (next !== null) void openSource(simroom, { kind: 'recording', file: next, loop: again });
  };
  return (
    <>
      <FileLine
        label="Choose a recording"
        accept=".csv"
        file={info === undefined ? null : file}
        onChoose={(next) => open(next, loop)}
      />
      <SwitchLine
        label="Again and again"
        checked={loop}
        onChange={(again) => open(info === undefined ? null : file, again)}
      />
      <button
        type="button"
        className="button wide"
        aria-pressed={recording}
        onClick={() => runCommand(simroom, 'face.record')}
      >
        {recording ? <Square size={14} aria-hidden /> : <Circle size={14} aria-hidden />}
        {recording ? 'Stop and save' : 'Record my face'}
        {recording ? <Elapsed /> : null}
      </button>
    </>
  );
}

/** Time since it was first shown. */
function Elapsed() {
  const text = useRef<HTMLSpanElement>(null);
  const [began] = useState(() => performance.now());
  useLive(() => setText(text.current, `${((performance.now() - began) / 1000).toFixed(0)} s`), 4);
  return <span ref={text} className="muted elapsed" aria-hidden />;
}

function FileLine(props: {
  readonly label: string;
  readonly accept: string;
  readonly file: File | null;
  readonly onChoose: (file: File) => void;
}) {
  const { label, accept, file, onChoose } = props;
  return (
    <div className="file-line">
      <button
        type="button"
        className="button"
        onClick={() =>
          void attempt(async () => {
            const [chosen] = await pickFiles('files', accept);
            if (chosen !== undefined) onChoose(chosen);
          })
        }
      >
        <FolderOpen size={15} aria-hidden />
        {label}
      </button>
      <span className="muted ellipsis">{file?.name}</span>
    </div>
  );
}
