import type { JoinStep } from '../../app/api';

export interface StepWords {
  readonly step: JoinStep;
  readonly text: string;
  /** Shown when it takes long. */
  readonly slow: string;
}

/** In the order in which they come; compiling and starting are quick enough for one line each. */
export const JOIN_STEPS: readonly StepWords[] = [
  {
    step: 'signaling',
    text: 'Looking for the room',
    slow: 'No answer yet. Its host may be away, or the signaling server; still trying.',
  },
  {
    step: 'connecting',
    text: 'Connecting to its host',
    slow: 'The browsers are still looking for a way to each other. Strict networks need a TURN server.',
  },
  { step: 'entering', text: 'Checking keys', slow: 'The host’s browser takes its time to answer.' },
  { step: 'fetching', text: 'Fetching the model', slow: 'It comes from the host’s browser, once.' },
  { step: 'compiling', text: 'Compiling it', slow: 'Large meshes take a while.' },
  { step: 'starting', text: 'Catching up', slow: 'A long history takes a while.' },
];
