import { useId } from 'react';
import '../styles/swatches.css';

/** A choice among colours. */
export function Swatches(props: {
  readonly label: string;
  /** Shows the label; without, it is only read out. */
  readonly labelled?: boolean;
  /** CSS colours. */
  readonly colours: readonly string[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}) {
  const { label, labelled = false, colours, chosen, onChoose } = props;
  const name = useId();
  return (
    <fieldset className={labelled ? 'swatches labelled' : 'swatches'}>
      <legend className={labelled ? 'label' : 'visually-hidden'}>{label}</legend>
      <div className="swatch-row">
        {colours.map((colour, index) => (
          <label key={colour} className="colour" style={{ background: colour }}>
            <input
              className="visually-hidden"
              type="radio"
              name={name}
              aria-label={`${label} ${index + 1}`}
              checked={chosen === index}
              onChange={() => onChoose(index)}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
