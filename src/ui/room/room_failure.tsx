import { DoorClosed } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Failure } from '../../state/status';
import { useApp } from '../../state/store';
import { useSimroom } from '../context';
import { ROOM_FAILURES, UNKNOWN_FAILURE, type Remedy } from './failures';
import { openOwnWorld, rejoinRoom, retryJoin } from './room_actions';

/** Why joining failed or the room has ended, and what can be done about it. */
export function RoomFailure({ failure }: { readonly failure: Failure }) {
  const simroom = useSimroom();
  const running = useApp((s) => s.model !== null);
  const left = useApp((s) => s.leftRoom);
  const card = useRef<HTMLElement>(null);
  const { title, next, remedies, ended } = ROOM_FAILURES[failure.code] ?? UNKNOWN_FAILURE;
  useEffect(() => {
    // Nothing else is there to be focused; over a world its keys go on.
    if (!running) card.current?.focus();
  }, [running]);
  const offers = remedies.filter((remedy) => remedy !== 'rejoin' || left !== null);
  const words: Readonly<Record<Remedy, string>> = {
    retry: 'Try again',
    rejoin: 'Rejoin',
    own: !running ? 'Open my own room' : ended !== undefined ? 'Keep my copy' : 'Stay in my own world',
    reload: 'Reload the page',
  };
  const deeds: Readonly<Record<Remedy, () => void>> = {
    retry: () => void retryJoin(simroom),
    rejoin: () => void rejoinRoom(simroom),
    own: () => openOwnWorld(simroom),
    reload: () => window.location.reload(),
  };
  return (
    <section
      ref={card}
      className="entry-card pane"
      role="alert"
      aria-labelledby="room-failure-title"
      tabIndex={-1}
      data-code={failure.code}
    >
      <DoorClosed size={running ? 22 : 36} aria-hidden className="door" />
      <h2 id="room-failure-title">{title}</h2>
      {running && ended !== undefined ? (
        <p>{ended}</p>
      ) : (
        <>
          <p>{failure.message}</p>
          <p className="muted">{next}</p>
        </>
      )}
      <div className="buttons">
        {offers.map((remedy, i) => (
          <button
            key={remedy}
            type="button"
            className={i === 0 ? 'button primary' : 'button'}
            onClick={deeds[remedy]}
          >
            {words[remedy]}
          </button>
        ))}
      </div>
    </section>
  );
}
