// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appStore } from '../../state/store';
import { PEOPLE_COLOURS } from '../../core/people';
import { renderApp, settle, type RenderedApp } from '../../testing/render_app';
import { clipName } from './name_field';
import { initials } from './people_words';

let app: RenderedApp;
beforeEach(async () => {
  app = await renderApp();
  appStore.getState().setPrefs({ named: true });
});
afterEach(() => app.unmount());

const ANA = { id: 'ana', name: 'Ana Lind', rttMs: 23.6, dropped: 3 } as const;
const BO = { id: 'bo', name: 'Bo', role: 'viewer', link: 'turn', mode: 'snapshot' } as const;

async function openPeople(): Promise<HTMLElement> {
  fireEvent.click(await screen.findByRole('button', { name: /^People:/ }));
  return screen.findByRole('list', { name: 'People' });
}

async function openMenu(name: string): Promise<void> {
  const button = screen.getByRole('button', { name: `${name}: menu` });
  fireEvent.keyDown(button, { key: 'Enter' });
  await settle();
}

test('outside a room there are neither people nor chat', () => {
  expect(screen.queryByRole('button', { name: /^People/ })).toBeNull();
  expect(screen.queryByRole('button', { name: /^Chat/ })).toBeNull();
});

test('everybody is told with role, part, connection and round trip', async () => {
  act(() => app.simroom.others.enter([ANA, BO]));
  const list = await openPeople();
  const [self, ana, bo] = within(list).getAllByRole('listitem');
  expect(within(self as HTMLElement).getByLabelText<HTMLInputElement>('Your name').value).toBe('Guest 7');
  expect(self?.textContent).toContain('YouAdminsimulates');
  expect(ana?.textContent).toContain('Developersimulatesdirect');
  expect(ana?.textContent).toContain('24 ms');
  expect(bo?.textContent).toContain('ViewerwatchesTURN');
  expect(within(bo as HTMLElement).getByText('TURN').title).toBe(
    'Connected to the host through a TURN server',
  );
});

test('what was dropped is shown to admins alone', async () => {
  act(() => app.simroom.others.enter([ANA]));
  expect((await openPeople()).textContent).toContain('3 dropped');
  act(() => app.simroom.others.change({ role: 'developer' }));
  expect(screen.getByRole('list', { name: 'People' }).textContent).not.toContain('dropped');
});

test('alone, the panel says what to do', async () => {
  act(() => app.simroom.others.enter());
  await openPeople();
  expect(screen.getByText(/Share the link/)).toBeTruthy();
});

test('one’s own name and colour are changed in place', async () => {
  act(() => app.simroom.others.enter([ANA]));
  await openPeople();
  const name = screen.getByLabelText('Your name');
  fireEvent.change(name, { target: { value: 'Grace' } });
  fireEvent.keyDown(name, { key: 'Enter' });
  await settle();
  fireEvent.click(screen.getByRole('button', { name: 'Your colour' }));
  fireEvent.click(screen.getByRole('radio', { name: 'Colour 4' }));
  await settle();
  expect(app.simroom.room.settings()).toEqual({ name: 'Grace', colour: 3 });
  expect(app.simroom.room.peers()[0]).toMatchObject({ name: 'Grace', colour: PEOPLE_COLOURS[3] });
});

test('an emptied name goes back to what it was', async () => {
  act(() => app.simroom.others.enter());
  await openPeople();
  const name = screen.getByLabelText<HTMLInputElement>('Your name');
  fireEvent.change(name, { target: { value: '   ' } });
  fireEvent.blur(name);
  await settle();
  expect(name.value).toBe('Guest 7');
  expect(app.simroom.calls).toEqual([]);
});

test('one looks where others look, and admins change roles', async () => {
  act(() => app.simroom.others.enter([ANA]));
  await openPeople();
  await openMenu('Ana Lind');
  fireEvent.click(screen.getByRole('menuitem', { name: 'Look where they look' }));
  await settle();
  await openMenu('Ana Lind');
  fireEvent.click(screen.getByRole('menuitemradio', { name: 'Viewer' }));
  await settle();
  expect(app.simroom.calls).toEqual([
    ['room.lookAs', 'ana'],
    ['room.setRole', 'ana', 'viewer'],
  ]);
});

test('somebody is removed only after a question', async () => {
  act(() => app.simroom.others.enter([ANA]));
  await openPeople();
  await openMenu('Ana Lind');
  fireEvent.click(screen.getByRole('menuitem', { name: 'Remove from the room' }));
  const question = await screen.findByRole('alertdialog', { name: 'Remove Ana Lind?' });
  expect(app.simroom.calls).toEqual([]);
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Cancel'));
  fireEvent.click(within(question).getByRole('button', { name: 'Remove' }));
  await settle();
  expect(app.simroom.calls).toEqual([['room.remove', 'ana']]);
});

test('who is no admin finds roles and removal closed', async () => {
  act(() => app.simroom.others.enter([ANA], { role: 'developer', host: false }));
  await openPeople();
  await openMenu('Ana Lind');
  expect(screen.getByRole('menuitem', { name: 'Remove from the room' }).hasAttribute('data-disabled')).toBe(
    true,
  );
  expect(screen.getByText(/Only the room’s admins/)).toBeTruthy();
});

test('who comes and goes is said in passing', async () => {
  act(() => app.simroom.others.enter([ANA]));
  expect(appStore.getState().notices).toEqual([]);
  act(() => app.simroom.others.put(BO));
  expect(appStore.getState().notices.at(-1)?.message).toBe('Bo came in.');
  act(() => app.simroom.others.go('ana'));
  expect(appStore.getState().notices.at(-1)?.message).toBe('Ana Lind left.');
});

test('names are cut to what others get to see, and shortened to letters', () => {
  expect(clipName('  a \n b ')).toBe('a b');
  // 64 bytes hold 16 of these.
  expect([...clipName('\u{1F916}'.repeat(40))]).toHaveLength(16);
  expect(initials('ada king lovelace')).toBe('AL');
  expect(initials('\u{1F916}bot')).toBe('\u{1F916}');
  expect(initials('  ')).toBe('?');
});
