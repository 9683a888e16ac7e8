import { CircleAlert, X } from 'lucide-react';
import type { Failure } from '../state/status';
import { useApp } from '../state/store';
import { copyText } from './actions';
import { runCommand } from './commands';
import { useSimroom } from './context';
import { IconButton } from './parts/icon_button';

/** What failed, in a line, by kind of failure. */
const TITLES: Readonly<Partial<Record<Failure['code'], string>>> = {
  'not-found': 'This model was not found',
  'fetch-failed': 'This model could not be fetched',
  'archive-invalid': 'This archive cannot be read',
  'archive-too-large': 'This archive is too large',
  'path-unsafe': 'This archive has unsafe paths',
  'file-too-large': 'This file is too large',
  'not-a-model': 'No model was found here',
  'xml-invalid': 'This model has an error in its XML',
  'assets-missing': 'Some files of this model are missing',
  'model-rejected': 'This model cannot be simulated here',
  'model-too-large': 'This model is too large',
  'compile-failed': 'MuJoCo could not compile this model',
  'compile-timeout': 'Compiling took too long',
  'engine-failed': 'The engine has failed',
  'tape-invalid': 'This tape cannot be played',
  'webgl-unavailable': 'This browser cannot draw in 3D',
};

/** Why the last load failed; the running model goes on behind it. */
export function ErrorCard() {
  const simroom = useSimroom();
  const failure = useApp((s) => s.failure);
  const dismiss = useApp((s) => s.dismissFailure);
  const running = useApp((s) => s.model !== null);
  if (failure === null) return null;
  const { file, line, element, missing } = failure.details;
  const browse = () => {
    dismiss();
    runCommand(simroom, 'model.catalogue');
  };
  return (
    <section className="error-card pane" role="alert" aria-labelledby="error-title">
      <div className="error-head">
        <CircleAlert size={18} aria-hidden />
        <h2 id="error-title">{TITLES[failure.code] ?? 'This did not work'}</h2>
        {running ? (
          <IconButton label="Dismiss" className="small" onClick={dismiss}>
            <X size={16} />
          </IconButton>
        ) : null}
      </div>
      {file === undefined && element === undefined ? null : (
        <p className="where">
          {file === undefined ? null : (
            <code>
              {file}
              {line === undefined ? '' : `:${line}`}
            </code>
          )}
          {element === undefined ? null : <code>{element}</code>}
        </p>
      )}
      <pre className="scroll" tabIndex={0} aria-label="What the engine says">
        {failure.message}
      </pre>
      {missing === undefined || missing.length === 0 ? null : (
        <ul className="missing scroll" tabIndex={0} aria-label="Missing files">
          {missing.map((path) => (
            <li key={path}>{path}</li>
          ))}
        </ul>
      )}
      <div className="buttons">
        {missing === undefined ? null : (
          <button type="button" className="button primary" onClick={() => runCommand(simroom, 'model.add')}>
            Add files
          </button>
        )}
        <button
          type="button"
          className={missing === undefined && !running ? 'button primary' : 'button'}
          onClick={browse}
        >
          Browse models
        </button>
        <button
          type="button"
          className="button quiet"
          onClick={() => void copyText(failureText(failure), 'Message')}
        >
          Copy message
        </button>
      </div>
    </section>
  );
}

function failureText({ code, message, details }: Failure): string {
  const where = details.file === undefined ? '' : `\n${details.file}:${details.line ?? ''}`;
  const missing = details.missing?.length ? `\nMissing:\n${details.missing.join('\n')}` : '';
  return `${code}: ${message}${where}${missing}`;
}
