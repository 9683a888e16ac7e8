import { useId, type ReactNode } from 'react';

/** A labelled choice among a few words: the platform's own list, which every phone and reader knows. */
export function SelectLine<T extends string | number>(props: {
  readonly label: ReactNode;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}) {
  const id = useId();
  return (
    <div className="line">
      <label className="label" htmlFor={id}>
        {props.label}
      </label>
      <select
        id={id}
        className="field"
        value={props.value}
        onChange={(event) => {
          const chosen = props.choices[event.currentTarget.selectedIndex];
          if (chosen !== undefined) props.onChange(chosen.value);
        }}
      >
        {props.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
