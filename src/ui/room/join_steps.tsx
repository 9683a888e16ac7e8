import { Check } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useApp } from '../../state/store';
import { Bar } from '../load_bar';
import { JOIN_STEPS } from './join_words';

/** A step that takes longer than this says why, ms. */
const SLOW_MS = 5000;

/** What has been done, what is under way, what is still to come. */
export function JoinSteps() {
  const joining = useApp((s) => s.joining);
  const step = joining?.step ?? 'signaling';
  const fraction = joining?.fraction ?? null;
  const slow = useSlow(step);
  const at = JOIN_STEPS.findIndex((words) => words.step === step);
  const now = JOIN_STEPS[at];
  return (
    <>
      <ol className="join-steps">
        {JOIN_STEPS.map((words, i) => (
          <li
            key={words.step}
            data-state={i < at ? 'done' : i === at ? 'now' : 'later'}
            aria-current={i === at ? 'step' : undefined}
          >
            <span className="dot" aria-hidden>
              {i < at ? <Check size={12} strokeWidth={3} /> : null}
            </span>
            {words.text}
            {i === at && fraction !== null ? (
              <span className="muted"> {Math.round(100 * fraction)} %</span>
            ) : null}
          </li>
        ))}
      </ol>
      <Bar label="Joining" fraction={fraction} />
      <p className="visually-hidden" role="status">
        {now?.text}
      </p>
      <p className="slow muted" role="status">
        {slow ? now?.slow : null}
      </p>
    </>
  );
}

/** Whether a step has been under way for long. */
function useSlow(step: string): boolean {
  const [slow, setSlow] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(step), SLOW_MS);
    return () => clearTimeout(timer);
  }, [step]);
  return slow === step;
}
