// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HEADER } from '../core/frame';
import { renderApp, settle, type RenderedApp } from '../testing/render_app';
import { lagReason } from './clock';

let app: RenderedApp;
beforeEach(async () => {
  app = await renderApp();
});
afterEach(() => app.unmount());

test('the play button pauses what runs and runs what is paused', async () => {
  fireEvent.click(screen.getByRole('button', { name: 'Pause' }));
  await settle();
  fireEvent.click(screen.getByRole('button', { name: 'Run' }));
  await settle();
  expect(app.simroom.calls.map(([name]) => name)).toEqual(['pause', 'play']);
  expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();
});

test('step and back move by one tick', async () => {
  fireEvent.click(screen.getByRole('button', { name: 'Step' }));
  fireEvent.click(screen.getByRole('button', { name: 'Back in history' }));
  await settle();
  expect(app.simroom.calls).toEqual([
    ['scrub', 1],
    ['scrub', -1],
  ]);
});

test('reset offers the keyframes of the model', async () => {
  fireEvent.click(screen.getByRole('button', { name: 'Reset' }));
  fireEvent.keyDown(screen.getByRole('button', { name: 'Reset to a keyframe' }), { key: 'Enter' });
  await settle();
  fireEvent.click(screen.getByRole('menuitem', { name: 'squat' }));
  await settle();
  expect(app.simroom.calls).toEqual([
    ['reset', undefined],
    ['reset', 0],
  ]);
});

test('the speed menu sets the speed, as fast as it can go included', async () => {
  fireEvent.keyDown(screen.getByRole('button', { name: 'Speed: 1\u00d7' }), { key: 'Enter' });
  await settle();
  fireEvent.click(screen.getByRole('menuitemradio', { name: 'As fast as it can go' }));
  await settle();
  expect(app.simroom.calls).toEqual([['setSpeed', Infinity]]);
  expect(screen.getByRole('button', { name: 'Speed: Max' })).toBeTruthy();
});

test('when physics falls behind, the clock says why', async () => {
  const { header } = app.simroom.live;
  header[HEADER.lag] = 1;
  header[HEADER.stepMs] = 9;
  const clock = await screen.findByRole('button', { name: 'Time and speed: behind, see why' });
  fireEvent.click(clock);
  await settle();
  expect(screen.getByText(/one step takes 9 ms of computing for 5 ms/)).toBeTruthy();
});

test('no reason is given where there is none', () => {
  expect(lagReason('none', { speed: 1, stepMs: 1, timestep: 0.002 })).toBe('');
  expect(lagReason('physics', { speed: 100, stepMs: 1, timestep: 0.002 })).toContain(
    '100\u00d7 is more than',
  );
});

test('the keyboard runs the same commands, but not while somebody types', async () => {
  fireEvent.keyDown(document.body, { key: ' ', code: 'Space' });
  await settle();
  expect(app.simroom.calls).toEqual([['pause']]);
  const field = document.createElement('input');
  document.body.append(field);
  fireEvent.keyDown(field, { key: ' ', code: 'Space' });
  await settle();
  field.remove();
  expect(app.simroom.calls).toEqual([['pause']]);
});
