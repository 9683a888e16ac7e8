// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Role } from '../../app/api';
import { appStore } from '../../state/store';
import { renderApp, settle, type RenderedApp } from '../../testing/render_app';
import { loadModel } from '../actions';
import { COMMANDS, refusalOf, runCommand } from '../commands';
import { REFUSALS } from './words';

let app: RenderedApp;
beforeEach(async () => {
  app = await renderApp();
});
afterEach(() => app.unmount());

function be(role: Role): void {
  act(() =>
    app.simroom.others.enter([{ id: 'ana', name: 'Ana', host: true, role: 'admin' }], { host: false, role }),
  );
}

test('a viewer finds closed what changes the world, and is told why', async () => {
  be('viewer');
  for (const name of ['Pause', 'Reset', 'Step', 'Back in history']) {
    const button = screen.getByRole('button', { name });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(button);
    fireEvent.pointerDown(button);
  }
  await settle();
  expect(screen.getByRole('button', { name: /^Speed/ }).hasAttribute('disabled')).toBe(true);
  expect(app.simroom.calls).toEqual([]);
  expect(appStore.getState().notices.at(-1)?.message).toBe(REFUSALS.developer);
});

test('a viewer’s keys and commands change nothing, but look around', async () => {
  be('viewer');
  fireEvent.keyDown(document.body, { key: ' ' });
  for (const id of ['sim.reset', 'key.0', 'model.reload', 'room.gather', 'room.lock'])
    act(() => runCommand(app.simroom, id));
  await act(() => loadModel(app.simroom, 'arm'));
  expect(app.simroom.calls).toEqual([]);
  act(() => runCommand(app.simroom, 'camera.next'));
  expect(app.simroom.camera.get().fixed).toBe(0);
});

test('a viewer’s panels are closed, with the reason over them', async () => {
  be('viewer');
  act(() => appStore.getState().openPanel('controls'));
  const slider = await screen.findByRole('slider', { name: 'hip_0' });
  expect(slider.closest('fieldset')?.disabled).toBe(true);
  expect(screen.getByText(REFUSALS.developer)).toBeTruthy();
  // Made a developer, they are open at once.
  act(() => app.simroom.others.change({ role: 'developer' }));
  expect((await screen.findByRole('slider', { name: 'hip_0' })).closest('fieldset')).toBeNull();
});

test('developers change the world, admins the room', () => {
  const refused = (role: Role) => {
    be(role);
    return COMMANDS.map(({ id }) => id).filter((id) => refusalOf(appStore.getState(), id) !== null);
  };
  expect(refused('admin')).toEqual([]);
  expect(refused('developer')).toEqual(['room.lock']);
  expect(refused('viewer')).toEqual(expect.arrayContaining(['sim.toggle', 'sim.tick-back', 'tape.open']));
  expect(refused('viewer')).not.toEqual(expect.arrayContaining(['tape.save']));
});

test('a model that somebody else loads is told with their name, and cannot be cancelled', () => {
  be('developer');
  act(() => app.simroom.emit('progress', { step: 'fetch', what: 'cassie.xml', fraction: 0.3, by: 'Ana' }));
  expect(screen.getByText(/^Ana loads a model\. Fetching cassie\.xml/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull();
});

test('commands of rooms are there when they make sense', async () => {
  act(() => runCommand(app.simroom, 'room.leave'));
  act(() => runCommand(app.simroom, 'room.write'));
  await settle();
  expect(app.simroom.calls).toEqual([]);
  expect(appStore.getState().chatWanted).toBe(false);
  be('developer');
  act(() => runCommand(app.simroom, 'room.look.ana'));
  act(() => runCommand(app.simroom, 'room.gather'));
  await settle();
  act(() => runCommand(app.simroom, 'room.leave'));
  await settle();
  act(() => runCommand(app.simroom, 'room.rejoin'));
  await settle();
  expect(app.simroom.calls.map(([name]) => name)).toEqual([
    'room.lookAs',
    'room.gather',
    'room.leave',
    'room.rejoin',
  ]);
});
