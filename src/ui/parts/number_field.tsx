import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { formatNumber, parseNumber } from '../format';

interface NumberFieldProps {
  readonly label: string;
  /** Shown while the field is not being edited; leave out when the text is written from outside through `element`. */
  readonly value?: number;
  readonly onCommit: (value: number) => void;
  readonly min?: number;
  readonly max?: number;
  readonly disabled?: boolean;
  /** Hands out the input, for live values to be written into. */
  readonly element?: (input: HTMLInputElement | null) => void;
}

/**
 * A number typed by hand: Enter or leaving commits, Escape gives up, up and down change the last digit shown.
 */
export function NumberField({ label, value, onCommit, min, max, disabled, element }: NumberFieldProps) {
  const inner = useRef<HTMLInputElement>(null);
  const [invalid, setInvalid] = useState(false);
  const before = useRef('');
  const shown = value === undefined ? undefined : formatNumber(value);

  useEffect(() => {
    const input = inner.current;
    // A value from outside does not overwrite what is being typed.
    if (input === null || shown === undefined) return;
    if (document.activeElement !== input || input.value === before.current) {
      input.value = shown;
      before.current = shown;
    }
  }, [shown]);

  const commit = (input: HTMLInputElement): void => {
    if (input.value === before.current) {
      setInvalid(false);
      return;
    }
    const typed = parseNumber(input.value);
    setInvalid(typed === null);
    if (typed === null) return;
    const clamped = Math.min(max ?? Infinity, Math.max(min ?? -Infinity, typed));
    input.value = formatNumber(clamped);
    before.current = input.value;
    onCommit(clamped);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const input = event.currentTarget;
    if (event.key === 'Enter') commit(input);
    else if (event.key === 'Escape') {
      input.value = before.current;
      setInvalid(false);
      input.blur();
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const typed = parseNumber(input.value);
      if (typed === null) return;
      event.preventDefault();
      const decimals = input.value.split(/[.,]/)[1]?.length ?? 0;
      const step = 10 ** -decimals * (event.shiftKey ? 10 : 1);
      input.value = (typed + (event.key === 'ArrowUp' ? step : -step)).toFixed(decimals);
      commit(input);
    }
  };

  return (
    <input
      ref={(input) => {
        inner.current = input;
        element?.(input);
      }}
      defaultValue={shown}
      className="field number"
      type="text"
      inputMode="text"
      autoComplete="off"
      spellCheck={false}
      aria-label={label}
      aria-invalid={invalid}
      disabled={disabled ?? false}
      onFocus={(event) => {
        before.current = event.currentTarget.value;
        event.currentTarget.select();
      }}
      onBlur={(event) => commit(event.currentTarget)}
      onKeyDown={onKeyDown}
    />
  );
}
