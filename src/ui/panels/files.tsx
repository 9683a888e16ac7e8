import { FilePlus, RotateCw } from 'lucide-react';
import { useApp } from '../../state/store';
import { CommandButton } from '../command_button';
import { formatBytes } from '../format';

/** What the model is made of, what the compiler thought of it, and its tape. */
export default function Files() {
  const model = useApp((s) => s.model);
  if (model === null) return null;
  const total = model.files.reduce((sum, f) => sum + f.bytes, 0);
  return (
    <div className="panel-stack">
      {model.warnings.length === 0 ? null : (
        <div className="panel-group">
          <h3>{model.warnings.length === 1 ? 'A warning' : `${model.warnings.length} warnings`}</h3>
          <ul className="warnings">
            {model.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
      <ul className="file-list">
        {model.files.map(({ path, bytes }) => (
          <li key={path}>
            <span className={path === model.entry ? 'path entry ellipsis' : 'path ellipsis'} title={path}>
              {path}
            </span>
            <span className="muted">{formatBytes(bytes)}</span>
          </li>
        ))}
        {model.files.length > 1 ? (
          <li className="muted">
            <span>{model.files.length} files</span>
            <span>{formatBytes(total)}</span>
          </li>
        ) : null}
      </ul>
      <div className="buttons even">
        <CommandButton id="model.reload">
          <RotateCw size={15} aria-hidden />
          Reload
        </CommandButton>
        <CommandButton id="model.add">
          <FilePlus size={15} aria-hidden />
          Add files
        </CommandButton>
      </div>
      <div className="buttons even">
        <CommandButton id="tape.save">Save tape</CommandButton>
        <CommandButton id="tape.open">Open tape</CommandButton>
      </div>
    </div>
  );
}
