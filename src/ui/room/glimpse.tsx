import { useEffect } from 'react';
import { useApp } from '../../state/store';
import { runCommand } from '../commands';
import { useSimroom } from '../context';
import { Avatar } from './avatar';
import '../styles/glimpse.css';

/** How long a message stays in passing, ms: two lines can be read. */
const GLIMPSE_MS = 6000;

/** The newest message, in passing, while nobody looks at the chat. */
export default function Glimpse() {
  const simroom = useSimroom();
  const message = useApp((s) => s.glimpse);
  const end = useApp((s) => s.endGlimpse);
  useEffect(() => {
    if (message === null) return undefined;
    const timer = setTimeout(end, GLIMPSE_MS);
    return () => clearTimeout(timer);
  }, [message, end]);
  if (message === null) return null;
  return (
    <div className="glimpse" role="status">
      <button
        key={message.id}
        type="button"
        className="pane"
        onClick={() => {
          end();
          runCommand(simroom, 'room.write');
        }}
      >
        <Avatar name={message.name} colour={message.colour} />
        <span>
          <b className="ellipsis">{message.name}</b>
          <span className="text">{message.text}</span>
        </span>
      </button>
    </div>
  );
}
