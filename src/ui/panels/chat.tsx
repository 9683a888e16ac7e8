import { ArrowDown, SendHorizontal } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useApp } from '../../state/store';
import { ChatGroup } from '../room/chat_group';
import { ChatComposer } from '../room/chat_composer';
import { groupMessages } from '../room/chat_text';
import '../styles/chat.css';

/** This near to its end a list of messages follows the newest, CSS px. */
const NEAR_PX = 48;

/** What people say to each other; the newest in sight, unless one has gone back to read. */
export default function Chat() {
  const messages = useApp((s) => s.messages);
  const setShown = useApp((s) => s.setChatShown);
  const list = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const asked = useApp((s) => s.prefs.tab === 'chat');
  useEffect(() => {
    setShown(true);
    return () => setShown(false);
  }, [setShown]);
  useEffect(() => {
    // Its foot is what one came for, and may lie below the edge of the drawer.
    if (asked) list.current?.closest('[data-panel]')?.scrollIntoView({ block: 'nearest' });
  }, [asked]);
  const toEnd = (): void => list.current?.scrollTo({ top: list.current.scrollHeight });
  useLayoutEffect(() => {
    if (following) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [messages, following]);
  return (
    <div className="chat">
      <div className="chat-read">
        <div
          ref={list}
          className="chat-list scroll"
          role="log"
          aria-label="Messages"
          aria-live="polite"
          tabIndex={0}
          onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) =>
            setFollowing(scrollTop + clientHeight > scrollHeight - NEAR_PX)
          }
        >
          {messages.length === 0 ? (
            <p className="empty">Nothing has been said yet. Messages go to everybody in the room.</p>
          ) : (
            groupMessages(messages).map((group) => <ChatGroup key={group[0].id} messages={group} />)
          )}
        </div>
        {following ? null : (
          <button
            type="button"
            className="button to-end"
            onClick={() => {
              setFollowing(true);
              toEnd();
            }}
          >
            <ArrowDown size={14} aria-hidden />
            Newest
          </button>
        )}
      </div>
      <ChatComposer icon={<SendHorizontal size={16} />} onSent={() => setFollowing(true)} />
    </div>
  );
}
