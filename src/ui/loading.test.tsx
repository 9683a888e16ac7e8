// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { SimroomError } from '../core/errors';
import { appStore } from '../state/store';
import { createFakeSimroom } from '../testing/fake_simroom';
import { renderApp, settle, type RenderedApp } from '../testing/render_app';
import { loadModel } from './actions';

let app: RenderedApp;
afterEach(() => app.unmount());

const XML_ERROR = new SimroomError('xml-invalid', "unrecognized attribute: 'sise'", {
  file: 'robot.xml',
  line: 42,
  element: 'geom',
});

async function failWith(error: SimroomError): Promise<void> {
  app.simroom.failLoads(error);
  await act(() => loadModel(app.simroom, 'broken'));
}

test('a failed load names file, line and element in the words of the engine and keeps the running model', async () => {
  app = await renderApp();
  await failWith(XML_ERROR);
  const card = screen.getByRole('alert');
  expect(card.textContent).toContain('robot.xml:42');
  expect(card.textContent).toContain('geom');
  expect(card.textContent).toContain("unrecognized attribute: 'sise'");
  expect(appStore.getState().phase).toBe('running');
  expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('missing files are listed, all of them, with a way to add them', async () => {
  app = await renderApp();
  await failWith(
    new SimroomError('assets-missing', 'Two files are missing.', { missing: ['a.obj', 'b/c.png'] }),
  );
  const items = screen.getByRole('list', { name: 'Missing files' }).querySelectorAll('li');
  expect([...items].map((li) => li.textContent)).toEqual(['a.obj', 'b/c.png']);
  expect(screen.getByRole('button', { name: 'Add files' })).toBeTruthy();
});

test('the next load takes the error away', async () => {
  app = await renderApp();
  await failWith(XML_ERROR);
  app.simroom.failLoads(null);
  await act(() => loadModel(app.simroom, 'arm'));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByRole('button', { name: 'Model: Arm and gripper. Menu' })).toBeTruthy();
});

test('a load that was cancelled or overtaken is no error', async () => {
  app = await renderApp();
  await failWith(new SimroomError('load-superseded', 'Another load began.'));
  await failWith(new SimroomError('load-cancelled', 'Cancelled.'));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(appStore.getState().notices).toEqual([]);
});

test('progress says what is being worked on and can be cancelled', async () => {
  app = await renderApp();
  act(() => app.simroom.emit('progress', { step: 'compile', what: 'cassie.xml', fraction: 0.4 }));
  expect(screen.getByText('Compiling cassie.xml')).toBeTruthy();
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('40');
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(app.simroom.calls).toEqual([['cancelLoad']]);
  act(() => app.simroom.emit('progress', null));
  expect(screen.queryByRole('progressbar')).toBeNull();
});

test('before the first model there is a sign of life, and after giving up a way on', async () => {
  app = await renderApp(createFakeSimroom(null));
  expect(screen.getByText('Starting the engine')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull();
  await failWith(new SimroomError('load-cancelled', 'Cancelled.'));
  fireEvent.click(screen.getByRole('button', { name: 'Browse models' }));
  await waitFor(() => expect(screen.getByRole('dialog', { name: 'Models' })).toBeTruthy());
});

test('a warning passes by with something to do about it', async () => {
  app = await renderApp();
  let went = 0;
  act(() =>
    app.simroom.emit('warning', {
      code: 'simulation-unstable',
      message: 'Unstable at 3.2 s.',
      action: { label: 'Go back', run: () => Promise.resolve(void went++) },
    }),
  );
  await waitFor(() => screen.getByRole('button', { name: 'Go back' }));
  fireEvent.click(screen.getByRole('button', { name: 'Go back' }));
  await settle();
  expect(went).toBe(1);
});

test('the catalogue loads what is chosen and takes an address', async () => {
  app = await renderApp();
  act(() => appStore.getState().show('catalogue'));
  const card = await screen.findByRole('button', { name: /^Cart-pole/ });
  fireEvent.click(card);
  await settle();
  expect(app.simroom.calls).toEqual([['load', 'cartpole']]);
  expect(screen.queryByRole('dialog')).toBeNull();
  act(() => appStore.getState().show('catalogue'));
  fireEvent.change(await screen.findByLabelText('Address of a model'), {
    target: { value: ' github:a/b/scene.xml ' },
  });
  fireEvent.click(screen.getByRole('button', { name: 'Open this address' }));
  await settle();
  expect(app.simroom.calls.at(-1)).toEqual(['load', 'github:a/b/scene.xml']);
});
