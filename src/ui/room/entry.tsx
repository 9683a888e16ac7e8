import { useId } from 'react';
import { useApp } from '../../state/store';
import { useSimroom } from '../context';
import { Bar } from '../load_bar';
import { Mark } from '../mark';
import { Avatar } from './avatar';
import { JoinSteps } from './join_steps';
import { NameField } from './name_field';
import { cancelJoin } from './room_actions';
import { RoomFailure } from './room_failure';
import '../styles/entry.css';

/** Coming into a room: how it goes on, what went wrong, and, once ever, under which name. */
export default function Entry({ embedded }: { readonly embedded: boolean }) {
  const joining = useApp((s) => s.joining);
  const failure = useApp((s) => s.roomFailure);
  const running = useApp((s) => s.model !== null);
  const inRoom = useApp((s) => s.room !== null);
  const named = useApp((s) => s.prefs.named);
  // In the middle of an empty window; out of the way of a world.
  return (
    <div className="entry" data-over={running}>
      {joining === null ? null : embedded ? <QuietJoining /> : <Joining />}
      {failure === null ? null : <RoomFailure failure={failure} />}
      {!embedded && !named && (joining !== null || inRoom) ? <NamePrompt /> : null}
    </div>
  );
}

function Joining() {
  const simroom = useSimroom();
  const running = useApp((s) => s.model !== null);
  return (
    <section className="entry-card pane" aria-label="Joining">
      {running ? null : <Mark size={44} />}
      <h2>Joining the room</h2>
      <JoinSteps />
      <button type="button" className="button quiet" onClick={() => void cancelJoin(simroom)}>
        Cancel
      </button>
    </section>
  );
}

/** Inside somebody else's page: that something is under way, no more. */
function QuietJoining() {
  const fraction = useApp((s) => s.joining?.fraction ?? null);
  return (
    <section className="quiet-joining" aria-label="Joining">
      <Mark size={44} />
      <Bar label="Joining" fraction={fraction} />
    </section>
  );
}

/** Asked beside what goes on, never before it. */
function NamePrompt() {
  const setPrefs = useApp((s) => s.setPrefs);
  const self = useApp((s) => s.peers.find((p) => p.self));
  const id = useId();
  const done = (): void => setPrefs({ named: true });
  return (
    <aside className="name-prompt pane" aria-label="Introduce yourself">
      {self === undefined ? null : <Avatar name={self.name} colour={self.colour} />}
      <div>
        <label htmlFor={id}>What should others call you?</label>
        <NameField label="Your name" id={id} onDone={done} />
      </div>
      <button type="button" className="button" onClick={done}>
        OK
      </button>
    </aside>
  );
}
