import { useEffect, useState } from 'react';
import type { FaceFigures } from '../../app/faces/api';
import { useSimroom } from '../context';

/** How often figures are taken, ms: they are to be read. */
const PERIOD_MS = 500;

/** How everybody's face arrives, for as long as the component is shown. */
export function useFigures(): readonly FaceFigures[] {
  const simroom = useSimroom();
  const [figures, setFigures] = useState(() => simroom.face.figures());
  useEffect(() => {
    const timer = setInterval(() => setFigures(simroom.face.figures()), PERIOD_MS);
    return () => clearInterval(timer);
  }, [simroom]);
  return figures;
}
