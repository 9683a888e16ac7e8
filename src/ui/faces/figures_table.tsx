import type { Peer } from '../../app/api';
import { formatBytes } from '../format';
import { useFigures } from './use_figures';
import { percentText } from './words';

/** How faces arrive: a line for everybody else. */
export function FiguresTable({ people }: { readonly people: readonly Peer[] }) {
  const figures = useFigures();
  return (
    <div className="figures-scroll scroll" role="region" aria-label="How faces arrive" tabIndex={0}>
      <table className="face-figures">
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col" title="Frames a second that come, of those that are asked for">
              Hz
            </th>
            <th scope="col" title="Bytes a second">
              Data
            </th>
            <th scope="col" title="From the least there can be until it is shown, with its variation, ms">
              Late
            </th>
            <th scope="col" title="Share of frames that never came">
              Lost
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ id, name }) => {
            const one = figures.find(({ peer }) => peer === id);
            return (
              <tr key={id}>
                <th scope="row" className="ellipsis" title={name}>
                  {name}
                </th>
                {one === undefined ? (
                  <td colSpan={4} className="muted">
                    no face yet
                  </td>
                ) : (
                  <>
                    <td>
                      {Math.round(one.rate)}/{Math.round(one.wanted)}
                    </td>
                    <td>{formatBytes(Math.round(one.bytesPerSecond))}/s</td>
                    <td>
                      {Math.round(one.delayMs)} &plusmn; {Math.round(one.jitterMs)} ms
                    </td>
                    <td>{percentText(one.lost)}</td>
                  </>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
