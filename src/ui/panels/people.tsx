import { MousePointerClick, UserPlus } from 'lucide-react';
import { useApp } from '../../state/store';
import { runCommand } from '../commands';
import { useSimroom } from '../context';
import { PersonRow } from '../room/person_row';
import { SelfRow } from '../room/self_row';
import '../styles/people.css';

/** Who is in the room, oneself first. */
export default function People() {
  const simroom = useSimroom();
  const peers = useApp((s) => s.peers);
  const pointing = useApp((s) => s.pointing);
  const self = peers.find((peer) => peer.self);
  const others = peers.filter((peer) => !peer.self);
  return (
    <div className="panel-stack">
      <ul className="people" aria-label="People">
        {self === undefined ? null : <SelfRow peer={self} />}
        {others.map((peer) => (
          <PersonRow key={peer.id} peer={peer} />
        ))}
      </ul>
      {others.length > 0 ? null : (
        <p className="empty">Nobody else is here yet. Share the link, and they will stand beside you.</p>
      )}
      <div className="buttons even">
        <button type="button" className="button" onClick={() => runCommand(simroom, 'room.share')}>
          <UserPlus size={15} aria-hidden />
          Share
        </button>
        {others.length === 0 ? null : (
          <button
            type="button"
            className="button"
            aria-pressed={pointing}
            onClick={() => runCommand(simroom, 'room.point')}
          >
            <MousePointerClick size={15} aria-hidden />
            {pointing ? 'Stop pointing' : 'Point'}
          </button>
        )}
      </div>
    </div>
  );
}
