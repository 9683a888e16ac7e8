import { CloudOff, MessageSquare, Users } from 'lucide-react';
import { useApp } from '../../state/store';
import { runCommand } from '../commands';
import { useSimroom } from '../context';
import { keysOf } from '../key_hints';
import { panelShown } from '../panels/shown';
import { IconButton, keepFocus, Tip } from '../parts/icon_button';
import { useIsPhone } from '../use_is_phone';
import { Avatar } from './avatar';
import { waitingText } from './people_words';
import '../styles/people_bar.css';

/** Circles in the bar; the others are a number. */
const MAX_AVATARS = 4;
const MAX_UNREAD = 9;

/** Who is here, and what is said. */
export default function PeopleBar() {
  return (
    <>
      <WaitingMark />
      <PeopleButton />
      <ChatButton />
    </>
  );
}

function PeopleButton() {
  const phone = useIsPhone();
  const simroom = useSimroom();
  const peers = useApp((s) => s.peers);
  const shown = useApp((s) => panelShown(s, 'people'));
  const more = peers.length - MAX_AVATARS;
  const label = `People: ${peers.length} in the room`;
  return (
    <>
      <Tip text={phone ? label : peers.map(({ name }) => name).join(', ')}>
        <button
          type="button"
          className="people-button"
          aria-label={label}
          aria-pressed={shown}
          onMouseDown={keepFocus}
          onClick={() => runCommand(simroom, 'panel.people')}
        >
          {phone ? (
            <>
              <Users size={17} aria-hidden />
              {peers.length}
            </>
          ) : (
            <>
              {peers.slice(0, more === 1 ? MAX_AVATARS + 1 : MAX_AVATARS).map(({ id, name, colour }) => (
                <Avatar key={id} name={name} colour={colour} peer={id} />
              ))}
              {more > 1 ? <span className="avatar more">+{more}</span> : null}
            </>
          )}
        </button>
      </Tip>
    </>
  );
}

/** A quiet sign that the room is cut off from somebody. */
function WaitingMark() {
  const room = useApp((s) => s.room);
  if (room?.state !== 'waiting') return null;
  const text = waitingText(room);
  return (
    <Tip text={text}>
      <span className="waiting-mark" role="img" aria-label={text} tabIndex={0}>
        <CloudOff size={16} />
      </span>
    </Tip>
  );
}

function ChatButton() {
  const simroom = useSimroom();
  const unread = useApp((s) => s.unread);
  const shown = useApp((s) => panelShown(s, 'chat'));
  return (
    <IconButton
      label={unread === 0 ? 'Chat' : `Chat: ${unread} unread`}
      keys={keysOf('room.write')}
      pressed={shown}
      onClick={() => runCommand(simroom, 'panel.chat')}
    >
      <span className="with-mark">
        <MessageSquare size={17} />
        {unread === 0 ? null : (
          <span className="unread" aria-hidden>
            {unread > MAX_UNREAD ? `${MAX_UNREAD}+` : unread}
          </span>
        )}
      </span>
    </IconButton>
  );
}
