import { useId } from 'react';
import type { Role } from '../../app/api';
import { ROLES } from './words';

/** A role, chosen among three that say what they allow. */
export function RoleChoice(props: {
  readonly legend: string;
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}) {
  const name = useId();
  return (
    <fieldset className="role-choice">
      <legend>{props.legend}</legend>
      {ROLES.map(({ value, label, text }) => (
        <label key={value} className="role">
          <input
            type="radio"
            name={name}
            value={value}
            checked={props.value === value}
            onChange={() => props.onChange(value)}
          />
          <b>{label}</b>
          <span className="muted">{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
