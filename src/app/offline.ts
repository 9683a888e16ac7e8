import type { Notice } from './api';

/**
 * Keeps the app for use without a network, and tells when a newer version has been fetched.
 *
 * A new version waits until it is asked for or every tab is closed: nothing reloads under a running simulation.
 */
export async function keepOffline(notify: (notice: Notice) => void): Promise<void> {
  const { registerSW } = await import('virtual:pwa-register');
  const update = registerSW({
    immediate: true,
    onNeedRefresh: () =>
      notify({
        code: 'update-ready',
        message: 'A newer version of Simroom is ready.',
        action: { label: 'Reload', run: () => update(true) },
      }),
    // Refused in frames of other sites and without a secure context: everything else works as before.
    onRegisterError: () => {},
  });
}
