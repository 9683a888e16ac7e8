import { useEffect } from 'react';
import { bindKeys } from '../app/keys';
import { runCommand } from './commands';
import { useSimroom } from './context';

/** The keyboard, for as long as the component is shown. */
export function useKeys(): void {
  const simroom = useSimroom();
  useEffect(() => bindKeys(window, (id) => runCommand(simroom, id)), [simroom]);
}
