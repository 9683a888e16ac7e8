import { GitFork, LogOut } from 'lucide-react';
import { useState } from 'react';
import type { RoomInfo } from '../../app/api';
import { hasRole } from '../../state/room';
import { useApp } from '../../state/store';
import { attempt } from '../actions';
import { runCommand } from '../commands';
import { useSimroom } from '../context';
import { SelectLine } from '../parts/select_line';
import { SwitchLine } from '../parts/switch_line';
import { Invitations } from './invitations';
import { LinkRow } from './link_row';
import { waitingText } from './people_words';
import { ROLES, roleLabel } from './words';

/** The open room: its link, who may come by it, and the way out. */
export function RoomSheet(props: { readonly room: RoomInfo; readonly copied: boolean | null }) {
  const { room } = props;
  const simroom = useSimroom();
  const admin = useApp((s) => hasRole(s, 'admin'));
  return (
    <div className="share-form">
      <LinkRow label="Link of this room" link={room.link} copied={props.copied} />
      {room.state === 'waiting' ? <p className="warn">{waitingText(room)}</p> : null}
      {admin ? (
        <div>
          <SelectLine
            label="Who comes by the link is a"
            value={room.defaultRole}
            choices={ROLES}
            onChange={(role) => void attempt(() => simroom.room.setDefaultRole(role))}
          />
          <SwitchLine
            label="Locked: nobody new comes in"
            checked={room.locked}
            onChange={(locked) => void attempt(() => simroom.room.lock(locked))}
          />
          <Invitations />
        </div>
      ) : (
        <p className="muted">
          Who comes by this link is a {roleLabel(room.defaultRole).toLowerCase()}
          {room.locked ? '; the room is locked, so nobody new comes in' : ''}. You are a{' '}
          {roleLabel(room.role).toLowerCase()}.
        </p>
      )}
      <WayOut host={room.host} />
      <button type="button" className="button quiet" onClick={() => runCommand(simroom, 'room.fork')}>
        <GitFork size={16} aria-hidden />
        {room.host ? 'Fork: open a copy in a tab of its own' : 'Fork: go on in a copy of my own'}
      </button>
    </div>
  );
}

/** Leaving; closing the room on others is asked about once more. */
function WayOut({ host }: { readonly host: boolean }) {
  const simroom = useSimroom();
  const show = useApp((s) => s.show);
  const others = useApp((s) => s.peers.length - 1);
  const [asking, setAsking] = useState(false);
  const leave = (): void => {
    show(null);
    void attempt(() => simroom.room.leave());
  };
  if (asking)
    return (
      <div className="ask" role="group" aria-label="Close the room?">
        <p>
          {others === 1 ? 'One person is' : `${others} people are`} here. Everybody keeps a copy of the world.
        </p>
        <div className="buttons even">
          <button type="button" className="button" onClick={() => setAsking(false)}>
            Keep it open
          </button>
          <button type="button" className="button danger" onClick={leave}>
            Close the room
          </button>
        </div>
      </div>
    );
  return (
    <button
      type="button"
      className="button"
      onClick={() => {
        if (host && others > 0) setAsking(true);
        else leave();
      }}
    >
      <LogOut size={16} aria-hidden />
      {host ? 'Close the room' : 'Leave the room'}
    </button>
  );
}
