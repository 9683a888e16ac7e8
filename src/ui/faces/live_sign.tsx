import { MicOff, VideoOff } from 'lucide-react';
import { useApp } from '../../state/store';
import { runCommand } from '../commands';
import { useSimroom } from '../context';
import { keysOf } from '../key_hints';
import { IconButton, keepFocus, Tip } from '../parts/icon_button';
import { liveText } from './words';
import '../styles/live_sign.css';

/**
 * That camera or microphone is on, for as long as it is, and how to turn both off.
 *
 * @param props.plain without the way to the panel, where there is none
 */
export function LiveSign({ plain = false }: { readonly plain?: boolean }) {
  const simroom = useSimroom();
  const text = useApp((s) => liveText(s.face));
  const camera = useApp((s) => s.face?.live.camera === true);
  const Off = camera ? VideoOff : MicOff;
  const words = (
    <>
      <span className="live-dot" aria-hidden />
      {text}
    </>
  );
  return (
    <>
      <span className="visually-hidden" role="status">
        {text}
      </span>
      {text === '' ? null : (
        <div className="live-sign pane" role="group" aria-label="On now">
          {plain ? (
            <span className="live-what">{words}</span>
          ) : (
            <Tip text="To your face">
              <button
                type="button"
                className="live-what"
                onMouseDown={keepFocus}
                onClick={() => runCommand(simroom, 'panel.face')}
              >
                {words}
              </button>
            </Tip>
          )}
          <IconButton
            label="Camera and microphone off"
            keys={keysOf('face.cut')}
            className="small"
            onClick={() => runCommand(simroom, 'face.cut')}
          >
            <Off size={16} />
          </IconButton>
        </div>
      )}
    </>
  );
}
