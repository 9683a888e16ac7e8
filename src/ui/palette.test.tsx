// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KEYS } from '../app/keys';
import { appStore } from '../state/store';
import { fakeModel } from '../testing/fake_simroom';
import { renderApp, settle, type RenderedApp } from '../testing/render_app';
import { COMMANDS, modelCommands, runCommand } from './commands';
import { matchCommands } from './match';

let app: RenderedApp;
beforeEach(async () => {
  app = await renderApp();
});
afterEach(() => app.unmount());

async function open(): Promise<HTMLElement> {
  act(() => appStore.getState().show('palette'));
  return screen.findByRole('combobox');
}

test('typing finds a command and Enter runs it', async () => {
  const input = await open();
  fireEvent.change(input, { target: { value: 'squat' } });
  await settle();
  fireEvent.keyDown(input, { key: 'Enter' });
  await settle();
  expect(app.simroom.calls).toEqual([['reset', 0]]);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('it reaches models, bodies, cameras, panels, flags and the theme', async () => {
  const input = await open();
  for (const [typed, title] of [
    ['dominoes', 'Open Dominoes'],
    ['torso', 'Select torso'],
    ['egocentric', 'Camera egocentric'],
    ['files panel', 'Files panel'],
    ['contact points', 'Show contact points'],
    ['dark', 'Theme: dark'],
    ['control knee_1', 'Control knee_1'],
  ] as const) {
    fireEvent.change(input, { target: { value: typed } });
    await settle();
    expect(screen.getAllByRole('option')[0]?.textContent).toContain(title);
  }
});

test('a query without a match says so', async () => {
  const input = await open();
  fireEvent.change(input, { target: { value: 'xyzzy' } });
  await settle();
  expect(screen.getByText('Nothing has this name.')).toBeTruthy();
});

test('every key has a command and every command its own id', () => {
  const ids = [...COMMANDS, ...modelCommands(fakeModel())].map((c) => c.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(KEYS.filter((key) => !ids.includes(key.id))).toEqual([]);
});

test('a thousand bodies do not crowd out a better match', () => {
  const commands = [...modelCommands(fakeModel(2000)), ...COMMANDS];
  expect(matchCommands(commands, 'reset', 5)[0]?.title).toMatch(/^Reset/);
  expect(matchCommands(commands, 'knee_77_link', 5).map((c) => c.title)).toEqual(['Select knee_77_link']);
});

test('view commands switch what is shown and keep the other flags', async () => {
  act(() => runCommand(app.simroom, 'view.flag.contactforce'));
  await settle();
  expect(app.simroom.view.get().flags).toMatchObject({ contactforce: true, tendon: true });
  act(() => runCommand(app.simroom, 'view.geom.3'));
  await settle();
  expect(app.simroom.view.get().geomGroups).toEqual([true, true, true, true, false, false]);
  act(() => runCommand(app.simroom, 'view.shadows'));
  await settle();
  expect(app.simroom.view.get().shadows).toBe(false);
});

test('the cameras of the model go round in both directions', async () => {
  for (const [id, camera] of [
    ['camera.next', 0],
    ['camera.next', 1],
    ['camera.previous', 0],
    ['camera.previous', 2],
  ] as const) {
    act(() => runCommand(app.simroom, id));
    await settle();
    expect(app.simroom.camera.get().fixed).toBe(camera);
  }
  act(() => runCommand(app.simroom, 'camera.free'));
  expect(app.simroom.camera.get().fixed).toBeNull();
});

test('a command that fails becomes a notice', async () => {
  app.simroom.setSpeed = () => Promise.reject(new Error('Speeds go from 0.01 to 100.'));
  act(() => runCommand(app.simroom, 'sim.faster'));
  await settle();
  expect(appStore.getState().notices[0]).toMatchObject({
    tone: 'error',
    message: 'Speeds go from 0.01 to 100.',
  });
});
