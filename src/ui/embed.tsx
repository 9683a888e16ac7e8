import { ExternalLink, Pause, Play, Users } from 'lucide-react';
import { useApp } from '../state/store';
import { runCommand } from './commands';
import { useSimroom } from './context';
import { LiveSign } from './faces/live_sign';
import { ErrorCard } from './error_card';
import { LoadBar } from './load_bar';
import { modelTitle } from './model_title';
import { IconButton } from './parts/icon_button';
import { useRefusal } from './room/use_refusal';
import { useKeys } from './use_keys';

/** The interface inside somebody else's page: play and pause, the name, and the way to the whole app. */
export function Embed() {
  const simroom = useSimroom();
  const paused = useApp((s) => s.paused);
  const name = useApp((s) => (s.model === null ? undefined : modelTitle(s.model).title));
  const people = useApp((s) => s.peers.length);
  const refusal = useRefusal('developer');
  useKeys();
  return (
    <main className="room" aria-label="Simulation">
      <LoadBar />
      <ErrorCard />
      <LiveSign plain />
      {name === undefined ? null : (
        <div className="embed pane">
          <IconButton
            label={paused ? 'Run' : 'Pause'}
            tip={refusal ?? (paused ? 'Run' : 'Pause')}
            aria-disabled={refusal !== null}
            onClick={() => runCommand(simroom, 'sim.toggle')}
          >
            {paused ? <Play size={17} /> : <Pause size={17} />}
          </IconButton>
          <span className="name ellipsis">{name}</span>
          {people === 0 ? null : (
            <span className="embed-people muted" role="img" aria-label={`${people} people in the room`}>
              <Users size={15} aria-hidden />
              {people}
            </span>
          )}
          <a
            className="icon-button"
            href={fullAddress(window.location.href)}
            target="_blank"
            rel="noreferrer"
            aria-label="Open in Simroom"
          >
            <ExternalLink size={16} />
          </a>
        </div>
      )}
    </main>
  );
}

/** The address of the whole app with the same model. */
export function fullAddress(address: string): string {
  const url = new URL(address);
  url.searchParams.delete('embed');
  return url.href;
}
