// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SimroomError } from '../../core/errors';
import { appStore } from '../../state/store';
import { renderApp, settle, type RenderedApp } from '../../testing/render_app';

let app: RenderedApp;
let clipboard: string[];

beforeEach(async () => {
  clipboard = [];
  allowClipboard(true);
  app = await renderApp();
});
afterEach(() => {
  app.unmount();
  vi.unstubAllGlobals();
});

/** As a browser has it; without `ClipboardItem`, as some do not take one that is still being made. */
function allowClipboard(allowed: boolean): void {
  vi.stubGlobal('ClipboardItem', undefined);
  vi.spyOn(navigator.clipboard, 'writeText').mockImplementation((text) => {
    if (!allowed) return Promise.reject(new DOMException('no', 'NotAllowedError'));
    clipboard.push(text);
    return Promise.resolve();
  });
}

async function openShare(): Promise<HTMLElement> {
  fireEvent.click(screen.getByRole('button', { name: 'Share' }));
  return screen.findByRole('dialog');
}

async function click(name: string | RegExp): Promise<void> {
  fireEvent.click(screen.getByRole('button', { name }));
  await settle();
}

test('sharing opens the room with the chosen role and puts its link on the clipboard', async () => {
  const dialog = await openShare();
  fireEvent.click(within(dialog).getByRole('radio', { name: /^Viewer/ }));
  await click('Share and copy the link');
  expect(app.simroom.calls).toEqual([['room.create', { role: 'viewer' }]]);
  const link = app.simroom.room.info()?.link ?? '';
  expect(clipboard).toEqual([link]);
  expect(screen.getByLabelText<HTMLInputElement>('Link of this room').value).toBe(link);
  expect(dialog.textContent).toContain('On your clipboard');
});

test('where the clipboard is shut the link is selected, to be copied by hand', async () => {
  allowClipboard(false);
  await openShare();
  await click('Share and copy the link');
  const field = screen.getByLabelText<HTMLInputElement>('Link of this room');
  expect(document.activeElement).toBe(field);
  expect(screen.getByText(/press .+C to copy the link/)).toBeTruthy();
});

test('a relay that cannot be reached is said in place, with another try', async () => {
  await openShare();
  app.simroom.others.fail(new SimroomError('relay-unreachable', 'No answer from wss://relay.'));
  await click('Share and copy the link');
  expect(screen.getByRole('alert').textContent).toBe('No answer from wss://relay.');
  expect(appStore.getState().room).toBeNull();
  app.simroom.others.fail(null);
  await click('Try again');
  expect(appStore.getState().room?.host).toBe(true);
});

test('the name that others see is asked for where the room is opened, once', async () => {
  await openShare();
  const name = screen.getByLabelText<HTMLInputElement>('Your name');
  expect(name.value).toBe('Guest 7');
  fireEvent.change(name, { target: { value: '  Ada   Lovelace ' } });
  fireEvent.blur(name);
  await settle();
  expect(app.simroom.room.settings().name).toBe('Ada Lovelace');
  expect(appStore.getState().prefs.named).toBe(true);
});

test('an open room is locked, gets another default role, and is closed only after a question', async () => {
  act(() => app.simroom.others.enter([{ name: 'Ana' }]));
  await openShare();
  fireEvent.click(screen.getByRole('switch', { name: /^Locked/ }));
  await settle();
  fireEvent.change(screen.getByRole('combobox', { name: /^Who comes/ }), { target: { value: 'viewer' } });
  await settle();
  expect(app.simroom.room.info()).toMatchObject({ locked: true, defaultRole: 'viewer' });
  await click('Close the room');
  expect(app.simroom.room.info()).not.toBeNull();
  await click('Keep it open');
  await click('Close the room');
  await click('Close the room');
  expect(app.simroom.room.info()).toBeNull();
});

test('invitations have role, uses and expiry, go to the clipboard, and are revoked', async () => {
  act(() => app.simroom.others.enter());
  await openShare();
  fireEvent.change(screen.getByRole('combobox', { name: 'Role' }), { target: { value: 'admin' } });
  fireEvent.change(screen.getByRole('combobox', { name: 'For' }), { target: { value: '5' } });
  fireEvent.change(screen.getByRole('combobox', { name: 'Expires' }), { target: { value: '3600' } });
  await click('Make a link');
  expect(app.simroom.calls.at(-1)).toEqual(['room.invite', { role: 'admin', expiresIn: 3600, uses: 5 }]);
  expect(clipboard.at(-1)).toContain('&invite=1');
  const list = screen.getByRole('list', { name: 'Invitations' });
  expect(list.textContent).toContain('Admin 0 of 5 used, 60 min left');
  await click('Revoke this admin invitation');
  expect(app.simroom.calls.at(-1)).toEqual(['room.revoke', 'invitation 1']);
  expect(screen.queryByRole('list', { name: 'Invitations' })).toBeNull();
});

test('a guest who is no admin passes the link on, forks or leaves, and that is all', async () => {
  act(() => app.simroom.others.enter([{ name: 'Ana', host: true }], { host: false, role: 'developer' }));
  const dialog = await openShare();
  expect(within(dialog).queryByRole('switch')).toBeNull();
  expect(within(dialog).queryByRole('combobox')).toBeNull();
  expect(screen.getByLabelText('Link of this room')).toBeTruthy();
  await click(/^Fork/);
  expect(app.simroom.room.info()).toBeNull();
  // And back.
  fireEvent.click(await screen.findByRole('button', { name: 'Back to the room' }));
  await settle();
  expect(app.simroom.room.info()?.host).toBe(false);
});

test('a sheet about a room closes with it, and the card says why', async () => {
  act(() => app.simroom.others.enter([{ name: 'Ana', host: true }], { host: false, role: 'developer' }));
  await openShare();
  act(() => app.simroom.others.end('room-closed', 'Ana has closed the room.'));
  await settle();
  expect(screen.queryByRole('dialog')).toBeNull();
  expect((await screen.findByRole('alert')).textContent).toContain('The room is closed');
  // Whoever wants to share what was kept still can.
  expect((await openShare()).textContent).toContain('Share this world');
});

test('a host that new people cannot reach sees a quiet mark', async () => {
  act(() => app.simroom.others.enter());
  expect(screen.queryByRole('img', { name: /^No new people/ })).toBeNull();
  act(() => app.simroom.others.change({ state: 'waiting' }));
  expect(await screen.findByRole('img', { name: /^No new people can join just now/ })).toBeTruthy();
});
