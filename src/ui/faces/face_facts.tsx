import { formatBytes } from '../format';
import { useFigures } from './use_figures';
import { percentText } from './words';

/** How somebody's face arrives, in a few words for their menu. */
export function FaceFacts({ peer }: { readonly peer: string }) {
  const one = useFigures().find((figures) => figures.peer === peer);
  return (
    <span className="face-facts">
      {one === undefined ? (
        'Face: none has come yet'
      ) : (
        <>
          Face: {Math.round(one.rate)} Hz, {formatBytes(Math.round(one.bytesPerSecond))}/s
          <br />
          {Math.round(one.delayMs)} ms late, jitter {Math.round(one.jitterMs)} ms, {percentText(one.lost)}{' '}
          lost
        </>
      )}
    </span>
  );
}
