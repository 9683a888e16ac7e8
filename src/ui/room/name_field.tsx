import { useState } from 'react';
import { MAX_NAME_BYTES } from '../../app/api';
import { useApp } from '../../state/store';
import { attempt } from '../actions';
import { useSimroom } from '../context';

/** Characters that a field has room for, be it empty. */
const MIN_SIZE = 4;

/** How people call oneself: taken when the field is left or Enter is pressed; an emptied one goes back. */
export function NameField(props: {
  readonly label: string;
  readonly id?: string;
  readonly onDone?: () => void;
}) {
  const simroom = useSimroom();
  const setPrefs = useApp((s) => s.setPrefs);
  const [name, setName] = useState(() => simroom.room.settings().name);
  const commit = (): void => {
    const before = simroom.room.settings().name;
    const next = clipName(name);
    setName(next === '' ? before : next);
    if (next === '' || next === before) return;
    setPrefs({ named: true });
    void attempt(() => simroom.room.setSettings({ name: next }));
  };
  return (
    <input
      id={props.id}
      className="field name-field"
      aria-label={props.label}
      autoComplete="off"
      spellCheck={false}
      // For browsers that cannot size a field by what is in it.
      size={Math.max(MIN_SIZE, name.length)}
      value={name}
      onChange={(event) => setName(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        commit();
        props.onDone?.();
      }}
    />
  );
}

/** A name without the blanks around it, and no longer than others get to see. */
export function clipName(text: string): string {
  const name = text.trim().replace(/\s+/gu, ' ');
  const utf8 = new TextEncoder();
  let clipped = '';
  for (const character of name) {
    if (utf8.encode(clipped + character).length > MAX_NAME_BYTES) break;
    clipped += character;
  }
  return clipped;
}
