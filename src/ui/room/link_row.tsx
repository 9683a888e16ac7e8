import { Check, Copy, Send } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { attempt } from '../actions';
import { CTRL } from '../key_hints';
import { copySoon } from './share_actions';

/** A link to be given to somebody: copied, or sent the phone's own way. */
export function LinkRow(props: {
  readonly label: string;
  readonly link: string;
  /** Whether it has just gone to the clipboard; null when nobody has tried. */
  readonly copied?: boolean | null;
}) {
  const { label, link } = props;
  const [again, setAgain] = useState<boolean | null>(null);
  const copied = again ?? props.copied ?? null;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (copied !== false) return;
    field.current?.focus();
    field.current?.select();
  }, [copied]);
  const copy = (): void => void attempt(async () => setAgain(await copySoon(Promise.resolve(link))));
  return (
    <div className="link-row">
      <div className="link-line">
        <input
          ref={field}
          className="field"
          aria-label={label}
          value={link}
          readOnly
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" className="button primary" onClick={copy}>
          {copied === true ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          {copied === true ? 'Copied' : 'Copy'}
        </button>
        {'share' in navigator ? (
          <button
            type="button"
            className="button"
            onClick={() => void attempt(() => sendOn(link))}
            aria-label="Send the link with another app"
          >
            <Send size={16} aria-hidden />
          </button>
        ) : null}
      </div>
      <p className={copied === false ? 'link-note warn' : 'link-note muted'} role="status">
        {copied === true ? 'On your clipboard: send it to whoever should come.' : null}
        {copied === false ? `The browser keeps its clipboard shut: press ${CTRL}+C to copy the link.` : null}
      </p>
    </div>
  );
}

/** The phone's list of apps to send with. Closing it is no failure. */
async function sendOn(url: string): Promise<void> {
  try {
    await navigator.share({ title: 'Simroom', url });
  } catch (thrown) {
    if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) throw thrown;
  }
}
