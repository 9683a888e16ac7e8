// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimroomError, type ErrorCode } from '../../core/errors';
import { appStore } from '../../state/store';
import { createFakeSimroom } from '../../testing/fake_simroom';
import { renderApp, settle, type RenderedApp } from '../../testing/render_app';
import { ROOM_FAILURES } from './failures';
import { joinRoom, start } from './room_actions';

const LINK = 'https://simroom.example/#room=abc';
let app: RenderedApp;

beforeEach(async () => {
  app = await renderApp(createFakeSimroom(null));
});
afterEach(() => {
  app.unmount();
  window.location.hash = '';
});

test('the steps of joining are told, with progress, before there is a world', async () => {
  act(() => app.simroom.others.step('fetching', 0.42));
  // At once, before the card has been fetched.
  expect(screen.getByText('Joining the room')).toBeTruthy();
  const card = await screen.findByRole('region', { name: 'Joining' });
  expect(card.textContent).toContain('Fetching the model 42 %');
  expect(card.querySelector('[aria-current="step"]')?.textContent).toContain('Fetching the model');
  expect(screen.getByRole('progressbar', { name: 'Joining' }).getAttribute('aria-valuenow')).toBe('42');
  expect(screen.queryByText('Starting the engine')).toBeNull();
  act(() => app.simroom.others.step(null));
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Joining' })).toBeNull());
});

test('joining can be given up', async () => {
  act(() => app.simroom.others.step('connecting'));
  fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(app.simroom.calls).toEqual([['room.leave']]);
});

test('a join that was given up opens a world of one’s own', async () => {
  app.simroom.others.fail(new SimroomError('load-cancelled', 'Given up.'));
  await act(() => joinRoom(app.simroom, LINK));
  expect(app.simroom.calls).toEqual([
    ['room.join', LINK],
    ['load', 'humanoid'],
  ]);
  expect(appStore.getState().roomFailure).toBeNull();
});

test('a page opened by a link joins, any other opens a world', async () => {
  start(app.simroom);
  await settle();
  window.location.hash = '#room=abc';
  start(app.simroom);
  await settle();
  expect(app.simroom.calls).toEqual([
    ['load', 'humanoid'],
    ['room.join', window.location.href],
  ]);
});

const CODES = Object.keys(ROOM_FAILURES) as ErrorCode[];

test.each(CODES)('%s has a card that says what happened and what to do', async (code) => {
  app.simroom.others.fail(new SimroomError(code, `What happened: ${code}.`));
  await act(() => joinRoom(app.simroom, LINK));
  const card = await screen.findByRole('alert');
  expect(card.textContent).toContain(`What happened: ${code}.`);
  expect(card.textContent).toContain(ROOM_FAILURES[code]?.next);
  expect(document.activeElement).toBe(card);
  // There is always a way on.
  fireEvent.click(screen.getByRole('button', { name: 'Open my own room' }));
  await settle();
  expect(app.simroom.calls.at(-1)).toEqual(['load', 'humanoid']);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('every failure of rooms has its own words', () => {
  const titles = CODES.map((code) => ROOM_FAILURES[code]?.title);
  expect(new Set(titles).size).toBe(titles.length);
});

test('trying again follows the link of the page', async () => {
  window.location.hash = '#room=abc';
  app.simroom.others.fail(new SimroomError('room-not-found', 'Nobody answered.'));
  await act(() => joinRoom(app.simroom, window.location.href));
  app.simroom.others.fail(null);
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  await settle();
  expect(app.simroom.calls.at(-1)).toEqual(['room.join', window.location.href]);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('the name is asked for beside joining, stays while it is written, and is asked only once', async () => {
  act(() => app.simroom.others.step('connecting'));
  const field = await screen.findByLabelText<HTMLInputElement>('Your name');
  field.focus();
  fireEvent.change(field, { target: { value: 'Ad' } });
  act(() => {
    app.simroom.others.step(null);
    app.simroom.others.enter([{ name: 'Ana', host: true }], { host: false });
  });
  await settle();
  expect(document.activeElement).toBe(field);
  expect(field.value).toBe('Ad');
  fireEvent.keyDown(field, { key: 'Enter' });
  await settle();
  expect(app.simroom.room.settings().name).toBe('Ad');
  await waitFor(() => expect(screen.queryByLabelText('Your name')).toBeNull());
});

test('a room that its host has closed leaves a copy, and a way back', async () => {
  await act(() => app.simroom.load('arm'));
  act(() => app.simroom.others.enter([{ id: 'ana', name: 'Ana', host: true }], { host: false }));
  act(() => app.simroom.others.end('room-closed', 'Ana has closed the room.'));
  const card = await screen.findByRole('alert');
  // The world is spoken of once.
  expect(card.textContent).not.toContain('Ana has closed the room.');
  expect(card.textContent?.match(/world/g)).toHaveLength(1);
  fireEvent.click(screen.getByRole('button', { name: 'Rejoin' }));
  await settle();
  expect(app.simroom.calls.at(-1)).toEqual(['room.rejoin']);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('who was removed is told so, and keeps the world', async () => {
  await act(() => app.simroom.load('arm'));
  act(() => app.simroom.others.enter([{ name: 'Ana', host: true }], { host: false }));
  act(() => app.simroom.others.end('removed', 'Ana has removed you.'));
  expect((await screen.findByRole('alert')).textContent).toContain('removed you from the room');
  expect(screen.queryByRole('button', { name: 'Rejoin' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Keep my copy' }));
  await settle();
  expect(screen.queryByRole('alert')).toBeNull();
  expect(app.simroom.model()?.name).toBe('Arm and gripper');
});

test('embedded, joining asks nothing and the people are counted', async () => {
  app.unmount();
  app = await renderApp(undefined, { embedded: true });
  act(() => app.simroom.others.step('connecting'));
  await screen.findByRole('progressbar', { name: 'Joining' });
  expect(screen.queryByLabelText('Your name')).toBeNull();
  act(() => {
    app.simroom.others.step(null);
    app.simroom.others.enter([{ name: 'Ana', host: true }], { host: false });
  });
  await settle();
  expect(screen.getByRole('img', { name: '2 people in the room' })).toBeTruthy();
  expect(screen.queryByLabelText('Your name')).toBeNull();
});
