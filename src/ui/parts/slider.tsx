import type { ComponentProps } from 'react';

interface SliderProps extends Omit<ComponentProps<'input'>, 'aria-label' | 'onChange' | 'value'> {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly onSlide: (value: number) => void;
}

/** Steps from end to end: fine enough for any control, coarse enough for the arrow keys. */
const SLIDER_STEPS = 1000;
/**
 * After a movement by hand a slider does not follow for so long, ms: the frames still on their way hold the value from
 * before, and following them would take the thumb back under the hand.
 */
const HOLD_MS = 500;
const heldUntil = new WeakMap<HTMLInputElement, number>();

/**
 * A range input whose value may be written from outside at any rate with {@link moveSlider}: the value lives in the
 * element, not in React.
 */
export function Slider({ label, min, max, onSlide, ...rest }: SliderProps) {
  return (
    <input
      {...rest}
      className="slider"
      type="range"
      aria-label={label}
      min={min}
      max={max}
      step={(max - min) / SLIDER_STEPS}
      onInput={(event) => {
        const input = event.currentTarget;
        heldUntil.set(input, performance.now() + HOLD_MS);
        fillSlider(input, input.valueAsNumber);
        onSlide(input.valueAsNumber);
      }}
    />
  );
}

/** Shows a value on a slider, unless it is being moved by hand. */
export function moveSlider(input: HTMLInputElement, value: number): void {
  if (input.matches(':active') || performance.now() < (heldUntil.get(input) ?? 0)) return;
  if (Math.abs(input.valueAsNumber - value) < Number(input.step) / 2 && input.style.cssText !== '') return;
  input.value = String(value);
  fillSlider(input, value);
}

function fillSlider(input: HTMLInputElement, value: number): void {
  const min = Number(input.min);
  const span = Number(input.max) - min;
  const share = (x: number): string => `${Math.min(100, Math.max(0, ((x - min) / span) * 100)).toFixed(2)}%`;
  input.style.setProperty('--fill', share(value));
  // The fill grows from zero where the range has one, else from the lower end.
  input.style.setProperty('--zero', share(0));
}
