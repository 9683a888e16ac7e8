import { vi } from 'vitest';

/** What has not happened by then does not happen, ms; a machine may be busy with other tests. */
const PATIENCE_MS = 15_000;

/** Tries until it does not throw; what real sockets and workers bring comes when it comes. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: PATIENCE_MS, interval: 20 });
}
