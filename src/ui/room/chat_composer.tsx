import { useEffect, useRef, useState, type ReactNode } from 'react';
import { MAX_CHAT_BYTES } from '../../app/api';
import { useApp } from '../../state/store';
import { attempt } from '../actions';
import { useSimroom } from '../context';

/** The limit is told from here on, in bytes left. */
const TELL_FROM = 400;

const utf8 = new TextEncoder();

/** The field for a message: Enter sends, Shift+Enter begins a line. */
export function ChatComposer(props: { readonly icon: ReactNode; readonly onSent: () => void }) {
  const simroom = useSimroom();
  const wanted = useApp((s) => s.chatWanted);
  const setWanted = useApp((s) => s.setChatWanted);
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!wanted) return;
    field.current?.focus();
    setWanted(false);
  }, [wanted, setWanted]);
  const left = MAX_CHAT_BYTES - utf8.encode(text.trim()).length;
  const sendable = text.trim() !== '' && left >= 0;
  const send = async (): Promise<void> => {
    if (!sendable) return;
    const message = text.trim();
    setText('');
    props.onSent();
    await attempt(async () => {
      try {
        await simroom.chat.send(message);
      } catch (thrown) {
        // What could not be said is not lost.
        setText((now) => (now === '' ? message : now));
        throw thrown;
      }
    });
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        ref={field}
        className="field"
        aria-label="Message"
        placeholder="Message to everybody"
        rows={1}
        value={text}
        aria-invalid={left < 0}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <button type="submit" className="icon-button" aria-label="Send" disabled={!sendable}>
        {props.icon}
      </button>
      {left < TELL_FROM ? (
        <p className={left < 0 ? 'limit warn' : 'limit muted'} role="status">
          {left < 0 ? `Too long by ${-left} bytes` : `${left} bytes left`}
        </p>
      ) : null}
    </form>
  );
}
