import { useSyncExternalStore } from 'react';

/** Below this width panels come as a sheet from below, CSS px; as in the style sheets. */
const PHONE = '(max-width: 699px)';

/** Whether the window is as narrow as a phone's. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, isPhone);
}

export function isPhone(): boolean {
  return window.matchMedia(PHONE).matches;
}

function subscribe(changed: () => void): () => void {
  const query = window.matchMedia(PHONE);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}
