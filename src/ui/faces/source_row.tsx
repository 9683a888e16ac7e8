import { ChevronRight, FileAudio, Film, Keyboard, Mic, Smartphone, Video } from 'lucide-react';
import { Switch } from 'radix-ui';
import { useId, useState } from 'react';
import type { SourceInfo } from '../../app/faces/api';
import { useApp } from '../../state/store';
import { useSimroom } from '../context';
import { Portrait } from './portrait';
import { Camera, MicrophoneLevel } from './preview';
import { closeSource, toggleSource } from './face_actions';
import { SourceOptions } from './source_options';
import { rateText, SOURCE_WORDS, sourceOf, startsAlone, type Offer, type OfferedKind } from './words';

const ICONS: Readonly<Record<OfferedKind, typeof Video>> = {
  webcam: Video,
  microphone: Mic,
  bridge: Smartphone,
  audio: FileAudio,
  text: Keyboard,
  recording: Film,
};

/** As high as the sign is, CSS px. */
const PREVIEW_PX = 33;

/** One source: on or off, how it is doing, and more on demand. */
export function SourceRow({ offer }: { readonly offer: Offer }) {
  const { kind, brief, text } = offer;
  const simroom = useSimroom();
  const info = useApp((s) => sourceOf(s.face, kind));
  const failure = useApp((s) => s.faceFailures[kind]);
  const [open, setOpen] = useState(false);
  const [id, titleId] = [useId(), useId()];
  const title = SOURCE_WORDS[kind];
  const bad = failure ?? (info?.status.state === 'failed' ? info.status.text : undefined);
  return (
    <li className="source" data-state={info?.status.state ?? 'off'}>
      <div className="source-line">
        <button
          type="button"
          className="source-toggle"
          aria-expanded={open}
          aria-controls={id}
          aria-label={`${title}: options`}
          onClick={() => setOpen(!open)}
        >
          <ChevronRight size={14} aria-hidden />
          <Sign kind={kind} info={info} />
          <span className="source-words">
            <span className="source-title">
              <b id={titleId} className="ellipsis">
                {title}
              </b>
              <span className="muted rate">{info === undefined ? null : rateText(info.rate)}</span>
            </span>
            <span className="muted status">
              {bad === undefined ? (info?.status.text ?? brief) : 'does not work'}
            </span>
          </span>
        </button>
        <Switch.Root
          className="switch"
          aria-labelledby={titleId}
          checked={info !== undefined}
          onCheckedChange={(on) => {
            if (!on) closeSource(simroom, kind);
            else if (startsAlone(kind)) void toggleSource(simroom, kind);
            else setOpen(true);
          }}
        >
          <Switch.Thumb className="switch-thumb" />
        </Switch.Root>
      </div>
      <p className="visually-hidden" role="status">
        {info === undefined ? '' : `${title}: ${info.status.text}`}
      </p>
      {bad === undefined ? null : (
        <p className="note bad" role="alert">
          {bad}
        </p>
      )}
      {open ? (
        <div id={id} className="source-more" role="group" aria-label={`${title}: options`}>
          <SourceOptions kind={kind} info={info} text={text} />
        </div>
      ) : null}
    </li>
  );
}

/** What a source gets, in small; a picture of its kind until there is something to be seen. */
function Sign({ kind, info }: { readonly kind: OfferedKind; readonly info: SourceInfo | undefined }) {
  const Icon = ICONS[kind];
  const stream = info?.stream;
  return (
    <span className="source-sign" data-drives={(info?.drives.length ?? 0) > 0} aria-hidden>
      <Icon size={17} />
      {stream === undefined ? null : <Camera stream={stream} />}
      {info === undefined || stream !== undefined ? null : <Portrait source={kind} size={PREVIEW_PX} />}
      {kind === 'microphone' && info !== undefined ? <MicrophoneLevel /> : null}
    </span>
  );
}
