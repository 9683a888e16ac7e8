import { CircleOff } from 'lucide-react';
import { useApp } from '../../state/store';
import { runCommand } from '../commands';
import { useSimroom } from '../context';
import { keysOf } from '../key_hints';
import { closeSource } from './face_actions';
import { SourceRow } from './source_row';
import { OFFERED, sourceOf } from './words';

/** What moves one's face. */
export function SourceList() {
  const simroom = useSimroom();
  const coded = useApp((s) => sourceOf(s.face, 'code') !== undefined);
  const on = useApp(
    (s) => sourceOf(s.face, 'webcam') !== undefined || sourceOf(s.face, 'microphone') !== undefined,
  );
  const idle = useApp((s) => s.face?.sources.every(({ kind }) => kind === 'idle') ?? true);
  return (
    <section className="panel-group" aria-labelledby="face-sources">
      <div className="group-head">
        <h3 id="face-sources">What moves it</h3>
        <span className="muted" aria-hidden>
          {idle ? 'Nothing yet: it blinks.' : null}
        </span>
      </div>
      <ul className="sources">
        {OFFERED.map((offer) => (
          <SourceRow key={offer.kind} offer={offer} />
        ))}
        {coded ? (
          <li className="source">
            <div className="source-line">
              <span className="source-sign" aria-hidden>
                {'{ }'}
              </span>
              <span className="source-words">
                <b>Code</b>
                <span className="muted">simroom.face.set moves some of it</span>
              </span>
              <button type="button" className="button" onClick={() => closeSource(simroom, 'code')}>
                Clear
              </button>
            </div>
          </li>
        ) : null}
      </ul>
      <button
        type="button"
        className="button cut"
        disabled={!on}
        onClick={() => runCommand(simroom, 'face.cut')}
      >
        <CircleOff size={15} aria-hidden />
        Camera and microphone off
        <kbd>{keysOf('face.cut')}</kbd>
      </button>
    </section>
  );
}
