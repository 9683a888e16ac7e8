import { createContext, useContext } from 'react';
import type { Simroom } from '../app/api';

export const SimroomContext = createContext<Simroom | null>(null);

/** The engine that the interface drives. */
export function useSimroom(): Simroom {
  const simroom = useContext(SimroomContext);
  if (simroom === null) throw new Error('useSimroom is used outside <App>.');
  return simroom;
}
