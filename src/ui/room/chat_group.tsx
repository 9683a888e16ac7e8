import { memo } from 'react';
import { Avatar } from './avatar';
import { linkParts, type MessageGroup } from './chat_text';

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** What one person said in a row. */
export const ChatGroup = memo(
  function ChatGroup({ messages }: { readonly messages: MessageGroup }) {
    const [{ name, colour, self, at }] = messages;
    return (
      <section className="chat-group" data-self={self} aria-label={`${self ? 'You' : name}`}>
        {self ? null : <Avatar name={name} colour={colour} />}
        <div className="said">
          <p className="said-by muted">
            <b className="ellipsis">{self ? 'You' : name}</b>
            <time dateTime={at.toISOString()}>{TIME.format(at)}</time>
          </p>
          {messages.map(({ id, text }) => (
            <p key={id} className="bubble">
              {linkParts(text).map((part, i) =>
                part.href === null ? (
                  part.text
                ) : (
                  <a key={i} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
                    {part.text}
                  </a>
                ),
              )}
            </p>
          ))}
        </div>
      </section>
    );
  },
  // Groups are made anew with every message, but only the last one can have changed.
  (before, after) =>
    before.messages.length === after.messages.length && before.messages[0] === after.messages[0],
);
