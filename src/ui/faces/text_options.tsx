import { Volume2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useSimroom } from '../context';
import { SelectLine } from '../parts/select_line';
import { openSource } from './face_actions';

/** A text to be spoken, and by which voice. */
export function TextOptions() {
  const simroom = useSimroom();
  const [text, setText] = useState('');
  const [voice, setVoice] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const voices = useVoices();
  useEffect(() => field.current?.focus(), []);
  return (
    <>
      <form
        className="speak"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() === '') return;
          void openSource(simroom, {
            kind: 'text',
            text: text.trim(),
            ...(voice === '' ? {} : { voice }),
          });
        }}
      >
        <input
          ref={field}
          className="field"
          aria-label="Text to speak"
          placeholder="What your head is to say"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" className="button" disabled={text.trim() === ''}>
          <Volume2 size={15} aria-hidden />
          Speak
        </button>
      </form>
      {voices.length === 0 ? (
        <p className="note muted">This browser has no voices: the mouth moves without a sound.</p>
      ) : (
        <SelectLine
          label="Voice"
          value={voice}
          choices={[
            { value: '', label: 'default' },
            ...voices.map(({ name, lang }) => ({ value: name, label: `${name} (${lang})` })),
          ]}
          onChange={setVoice}
        />
      )}
    </>
  );
}

/** The browser's voices, which some list a moment late. */
function useVoices(): readonly SpeechSynthesisVoice[] {
  const [voices, setVoices] = useState<readonly SpeechSynthesisVoice[]>([]);
  useEffect(() => {
    const speech = window.speechSynthesis as SpeechSynthesis | undefined;
    if (speech === undefined) return undefined;
    const list = (): void => setVoices(speech.getVoices());
    list();
    speech.addEventListener('voiceschanged', list);
    return () => speech.removeEventListener('voiceschanged', list);
  }, []);
  return voices;
}
