import type { LoadProgress } from '../app/api';
import { useApp } from '../state/store';
import { runCommand } from './commands';
import { useSimroom } from './context';
import { Mark } from './mark';

const STEPS: Readonly<Record<LoadProgress['step'], string>> = {
  fetch: 'Fetching',
  unpack: 'Unpacking',
  check: 'Checking',
  compile: 'Compiling',
  describe: 'Preparing',
};

/** What a load is busy with, in words. */
export function progressText(progress: LoadProgress): string {
  return `${STEPS[progress.step]} ${progress.what}`.trim();
}

/** The load in progress: over the running model a slim card, before the first model the middle of the window. */
export function LoadBar() {
  const simroom = useSimroom();
  const progress = useApp((s) => s.progress);
  const running = useApp((s) => s.model !== null);
  const failed = useApp((s) => s.failure !== null);
  // Whoever is on the way into a room is told so by another card.
  const entering = useApp((s) => s.joining !== null || s.roomFailure !== null);
  if (!running && !failed) return entering ? null : <Welcome />;
  if (progress === null || entering) return null;
  return (
    <section className="load pane" aria-label="Loading">
      <div className="load-row">
        <p className="what ellipsis" role="status">
          {progress.by === undefined ? null : `${progress.by} loads a model. `}
          {progressText(progress)}
        </p>
        {progress.by === undefined ? (
          <button type="button" className="button quiet" onClick={() => simroom.cancelLoad()}>
            Cancel
          </button>
        ) : null}
      </div>
      <Bar label="Load progress" fraction={progress.fraction} />
    </section>
  );
}

/** No model yet: what is under way, or what to do when nothing is. */
function Welcome() {
  const simroom = useSimroom();
  const progress = useApp((s) => s.progress);
  const idle = useApp((s) => s.phase === 'failed' && s.progress === null);
  if (idle) {
    return (
      <section className="welcome" aria-label="Start">
        <Mark size={56} />
        <p className="what muted">No model is open.</p>
        <button
          type="button"
          className="button primary"
          onClick={() => runCommand(simroom, 'model.catalogue')}
        >
          Browse models
        </button>
      </section>
    );
  }
  return (
    <section className="welcome" aria-label="Starting">
      <Mark size={56} />
      <Bar label="Load progress" fraction={progress?.fraction ?? null} />
      <p className="what muted ellipsis" role="status">
        {progress === null ? 'Starting the engine' : progressText(progress)}
      </p>
      <button
        type="button"
        className="button quiet"
        // Its room is kept, so that nothing moves when a load begins.
        style={{ visibility: progress === null ? 'hidden' : 'visible' }}
        onClick={() => simroom.cancelLoad()}
      >
        Cancel
      </button>
    </section>
  );
}

/** That one is on the way into a room, until the card that says how it goes on has been fetched. */
export function Arriving({ embedded }: { readonly embedded: boolean }) {
  const running = useApp((s) => s.model !== null);
  if (running) return null;
  return (
    <section className="welcome" aria-label="Starting">
      <Mark size={56} />
      <Bar label="Starting" fraction={null} />
      {embedded ? null : <p className="what muted">Joining the room</p>}
    </section>
  );
}

/** How far something is: 0..1, or null when that is not known. */
export function Bar({ label, fraction }: { readonly label: string; readonly fraction: number | null }) {
  return (
    <div
      className="progress"
      data-unknown={fraction === null}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={fraction === null ? undefined : Math.round(fraction * 100)}
    >
      <div style={fraction === null ? undefined : { transform: `scaleX(${fraction})` }} />
    </div>
  );
}
