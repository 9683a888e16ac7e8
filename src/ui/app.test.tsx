// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { HEADER } from '../core/frame';
import { PREFS_KEY } from '../state/prefs';
import { appStore } from '../state/store';
import { renderApp, settle, type RenderedApp } from '../testing/render_app';
import { fullAddress } from './embed';

let app: RenderedApp;
afterEach(() => app.unmount());

test('the theme is set on the page and remembered', async () => {
  app = await renderApp();
  act(() => appStore.getState().setPrefs({ theme: 'dark' }));
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect(localStorage.getItem(PREFS_KEY)).toContain('"theme":"dark"');
});

test('the hint is shown until it has been read', async () => {
  app = await renderApp();
  fireEvent.click(screen.getByRole('button', { name: 'Got it' }));
  expect(screen.queryByRole('button', { name: 'Got it' })).toBeNull();
  expect(localStorage.getItem(PREFS_KEY)).toContain('"hintSeen":true');
});

test('panels unfold and stay as they were left', async () => {
  app = await renderApp();
  act(() => appStore.getState().setPrefs({ drawer: true }));
  const title = await screen.findByRole('button', { name: /^Simulation/ });
  fireEvent.click(title);
  expect(await screen.findByText('Parts of the physics')).toBeTruthy();
  expect(appStore.getState().prefs.panels).toContain('simulation');
});

test('a physics option is changed alone', async () => {
  app = await renderApp();
  act(() => appStore.getState().openPanel('simulation'));
  fireEvent.change(await screen.findByRole('combobox', { name: 'Integrator' }), { target: { value: '1' } });
  fireEvent.click(screen.getByRole('switch', { name: 'Contacts' }));
  await settle();
  expect(app.simroom.calls).toEqual([
    ['setOptions', { integrator: 1 }],
    ['setOptions', { disableflags: 16 }],
  ]);
});

test('the selected body is described and can be tracked and let go', async () => {
  app = await renderApp();
  act(() => app.simroom.select(3));
  const card = screen.getByRole('region', { name: 'Selected: knee_0_link' });
  expect(card.textContent).toContain('2.969 kg');
  expect(card.textContent).toContain('knee_0 (hinge)');
  expect(card.textContent).toContain('torso');
  fireEvent.click(screen.getByRole('button', { name: 'Track' }));
  await settle();
  expect(app.simroom.camera.get().track).toBe(3);
  fireEvent.click(screen.getByRole('button', { name: 'Clear the selection' }));
  await settle();
  expect(screen.queryByRole('region', { name: /^Selected/ })).toBeNull();
});

test('an equality follows the simulation and is switched', async () => {
  app = await renderApp();
  act(() => appStore.getState().openPanel('equalities'));
  const grip = await screen.findByRole('switch', { name: 'grip_left' });
  fireEvent.click(grip);
  await settle();
  expect(app.simroom.calls).toEqual([['setEquality', 0, false]]);
  app.simroom.live.eqActive[0] = 1;
  await waitFor(() => expect(grip.getAttribute('aria-checked')).toBe('true'));
});

test('figures reach the store a few times a second, not with every frame', async () => {
  app = await renderApp();
  app.simroom.live.header[HEADER.rtf] = 0.42;
  app.simroom.live.header[HEADER.lag] = 1;
  expect(appStore.getState().rtf).not.toBe(0.42);
  await waitFor(() => expect(appStore.getState()).toMatchObject({ rtf: 0.42, lag: 'physics' }));
});

test('embedded, only the essentials are there', async () => {
  app = await renderApp(undefined, { embedded: true });
  expect(screen.getAllByRole('button').map((b) => b.getAttribute('aria-label'))).toEqual(['Pause']);
  expect(screen.getByText('Humanoid')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Open in Simroom' })).toBeTruthy();
  expect(fullAddress('https://a.org/x/?model=m.xml&embed')).toBe('https://a.org/x/?model=m.xml');
});

test('help shows the keys by group', async () => {
  app = await renderApp();
  fireEvent.keyDown(document.body, { key: 'F1' });
  const help = await screen.findByRole('dialog', { name: 'Help' });
  expect(help.textContent).toContain('Space');
  expect(help.textContent).toContain('0 \u2026 5');
});
