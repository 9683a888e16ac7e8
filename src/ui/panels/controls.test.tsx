// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { appStore } from '../../state/store';
import { createFakeSimroom, fakeModel } from '../../testing/fake_simroom';
import { renderApp, settle, type RenderedApp } from '../../testing/render_app';
import { runCommand } from '../commands';

let app: RenderedApp;
afterEach(() => app.unmount());

async function openWith(motors: number): Promise<void> {
  app = await renderApp(createFakeSimroom(fakeModel(motors)));
  act(() => appStore.getState().openPanel('controls'));
  await waitFor(() => expect(screen.getByRole('list', { name: 'Controls' })).toBeTruthy());
}

function slider(name: string): HTMLInputElement {
  const element = screen.getByRole('slider', { name });
  if (!(element instanceof HTMLInputElement)) throw new Error(`${name} is not an input`);
  return element;
}

function field(name: string): HTMLInputElement {
  const element = screen.getByRole('textbox', { name: `${name}, value` });
  if (!(element instanceof HTMLInputElement)) throw new Error(`${name} is not an input`);
  return element;
}

test('a slider has the range of its actuator and sends what it is moved to', async () => {
  await openWith(12);
  const hip = slider('hip_0');
  expect([hip.min, hip.max]).toEqual(['-1', '1']);
  fireEvent.input(hip, { target: { value: '0.5' } });
  await settle();
  expect(app.simroom.calls).toEqual([['setCtrl', 0, 0.5]]);
});

test('sliders and fields follow the value, whoever sets it', async () => {
  await openWith(12);
  app.simroom.live.ctrl[1] = -0.25;
  await waitFor(() => expect(field('knee_0').value).toBe('\u22120.25'));
  expect(slider('knee_0').valueAsNumber).toBeCloseTo(-0.25);
});

test('a typed value is kept within the range and sent on Enter; rubbish is marked and not sent', async () => {
  await openWith(12);
  const hip = field('hip_0');
  hip.focus();
  fireEvent.focus(hip);
  fireEvent.change(hip, { target: { value: '7,5' } });
  fireEvent.keyDown(hip, { key: 'Enter' });
  await settle();
  expect(app.simroom.calls).toEqual([['setCtrl', 0, 1]]);
  fireEvent.change(hip, { target: { value: 'much' } });
  fireEvent.keyDown(hip, { key: 'Enter' });
  await settle();
  expect(hip.getAttribute('aria-invalid')).toBe('true');
  expect(app.simroom.calls).toHaveLength(1);
});

test('zero all clears the controls', async () => {
  await openWith(3);
  fireEvent.click(screen.getByRole('button', { name: 'Zero all' }));
  await settle();
  expect(app.simroom.calls).toEqual([['clearCtrl']]);
});

test('two thousand controls draw a screenful and are found by name', async () => {
  await openWith(2100);
  expect(screen.getAllByRole('slider').length).toBeLessThan(60);
  fireEvent.change(screen.getByRole('searchbox', { name: 'Find a control' }), {
    target: { value: 'knee 299' },
  });
  expect(screen.getAllByRole('slider').map((s) => s.getAttribute('aria-label'))).toEqual(['knee_299']);
});

test('few controls need no search, none say so', async () => {
  await openWith(3);
  expect(screen.queryByRole('searchbox')).toBeNull();
  app.unmount();
  app = await renderApp(createFakeSimroom(fakeModel(0)));
  act(() => appStore.getState().openPanel('controls'));
  await waitFor(() => expect(screen.getByText('This model has no actuators.')).toBeTruthy());
});

test('a command of the palette brings the focus to an actuator', async () => {
  await openWith(2100);
  act(() => runCommand(app.simroom, 'actuator.1500'));
  await waitFor(() =>
    expect(document.activeElement?.closest('[data-actuator]')?.getAttribute('data-actuator')).toBe('1500'),
  );
});
