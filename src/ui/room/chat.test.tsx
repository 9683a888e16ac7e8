// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { SimroomError } from '../../core/errors';
import { appStore } from '../../state/store';
import { renderApp, settle, type RenderedApp } from '../../testing/render_app';
import { groupMessages, linkParts } from './chat_text';

let app: RenderedApp;

describe('the chat', () => {
  beforeEach(async () => {
    app = await renderApp();
    act(() =>
      app.simroom.others.enter([
        { id: 'ana', name: 'Ana' },
        { id: 'bo', name: 'Bo' },
      ]),
    );
  });
  afterEach(() => app.unmount());

  async function write(text: string): Promise<HTMLTextAreaElement> {
    const field = await screen.findByLabelText<HTMLTextAreaElement>('Message');
    fireEvent.change(field, { target: { value: text } });
    return field;
  }

  test('closed, it shows what comes in passing and counts it; opened, all is read', async () => {
    act(() => app.simroom.others.say('ana', 'Hello!'));
    act(() => app.simroom.others.say('bo', 'And me.'));
    expect((await screen.findByRole('button', { name: /^Bo/ })).textContent).toContain('And me.');
    fireEvent.click(await screen.findByRole('button', { name: 'Chat: 2 unread' }));
    const log = await screen.findByRole('log', { name: 'Messages' });
    expect(log.getAttribute('aria-live')).toBe('polite');
    expect(log.textContent).toContain('Hello!');
    await waitFor(() => expect(appStore.getState()).toMatchObject({ unread: 0, glimpse: null }));
    act(() => app.simroom.others.say('ana', 'Seen at once.'));
    expect(appStore.getState().unread).toBe(0);
  });

  test('a glimpse leads to the field for an answer', async () => {
    act(() => app.simroom.others.say('ana', 'Hello!'));
    fireEvent.click(await screen.findByRole('button', { name: /^Ana/ }));
    const field = await screen.findByLabelText('Message');
    await waitFor(() => expect(document.activeElement).toBe(field));
  });

  test('Enter opens it, Enter sends, Shift+Enter does not', async () => {
    fireEvent.keyDown(document.body, { key: 'Enter' });
    const field = await write('First line');
    fireEvent.keyDown(field, { key: 'Enter', shiftKey: true });
    expect(app.simroom.calls).toEqual([]);
    fireEvent.keyDown(field, { key: 'Enter' });
    await settle();
    expect(app.simroom.calls).toEqual([['chat.send', 'First line']]);
    expect(field.value).toBe('');
    expect(screen.getByRole('region', { name: 'You' }).textContent).toContain('First line');
  });

  test('what is too long is not sent, and says by how much', async () => {
    act(() => appStore.getState().openPanel('chat'));
    const field = await write('é'.repeat(2001));
    expect(screen.getByText('Too long by 2 bytes')).toBeTruthy();
    expect(field.getAttribute('aria-invalid')).toBe('true');
    fireEvent.keyDown(field, { key: 'Enter' });
    await settle();
    expect(app.simroom.calls).toEqual([]);
  });

  test('what could not be said stays in the field', async () => {
    app.simroom.others.fail(new SimroomError('too-fast', 'Wait a second before the next message.'));
    act(() => appStore.getState().openPanel('chat'));
    const field = await write('Again');
    fireEvent.keyDown(field, { key: 'Enter' });
    await settle();
    expect(field.value).toBe('Again');
    expect(appStore.getState().notices.at(-1)?.message).toContain('Wait a second');
  });

  test('markup is text, and addresses are safe links', async () => {
    act(() => appStore.getState().openPanel('chat'));
    await screen.findByRole('log');
    act(() =>
      app.simroom.others.say('ana', '<img src=x onerror=alert(1)> https://a.org/x. javascript:alert(1)'),
    );
    const said = screen.getByRole('region', { name: 'Ana' });
    expect(said.querySelector('img')).toBeNull();
    const [link, ...more] = within(said).getAllByRole('link');
    expect(more).toEqual([]);
    expect(link?.getAttribute('href')).toBe('https://a.org/x');
    expect(link?.getAttribute('rel')).toContain('noopener');
    expect(said.textContent).toContain('<img src=x onerror=alert(1)>');
  });

  test('what was said before one came is no news', () => {
    act(() =>
      app.simroom.emit('chat', {
        id: 99,
        peer: 'ana',
        name: 'Ana',
        colour: '#123456',
        self: false,
        text: 'Yesterday',
        at: new Date(Date.now() - 86_400_000),
      }),
    );
    expect(appStore.getState()).toMatchObject({ unread: 0, glimpse: null });
    expect(appStore.getState().messages).toHaveLength(1);
  });
});

describe('texts', () => {
  const text = (s: string) => linkParts(s).map(({ text: t, href }) => (href === null ? t : `[${t}]`));

  it.each([
    ['plain', ['plain']],
    ['see https://a.org/b?c=d#e, then', ['see ', '[https://a.org/b?c=d#e]', ', then']],
    ['(https://a.org/x)', ['(', '[https://a.org/x]', ')']],
    ['https://a.org/x_(y)', ['[https://a.org/x_(y)]']],
    ['http:// nothing', ['http:// nothing']],
    ['ftp://a.org data:text/html,x', ['ftp://a.org data:text/html,x']],
    ['https://a.org"onclick=x', ['[https://a.org]', '"onclick=x']],
    ['', []],
  ])('%j', (source, parts) => expect(text(source)).toEqual(parts));

  it('are never lost, whatever is a link in them', () => {
    for (const source of ['a https://b.c/).. d', 'https://x)))) y', 'http://[ https://[::1]/ end'])
      expect(
        linkParts(source)
          .map((p) => p.text)
          .join(''),
      ).toBe(source);
  });

  it('stand under one name while one person speaks', () => {
    const message = (id: number, peer: string, minute: number) => ({
      id,
      peer,
      name: peer,
      colour: '#000000',
      self: false,
      text: 'x',
      at: new Date(minute * 60_000),
    });
    const groups = groupMessages([
      message(1, 'a', 0),
      message(2, 'a', 1),
      message(3, 'b', 1),
      message(4, 'b', 20),
    ]);
    expect(groups.map((group) => group.map(({ id }) => id))).toEqual([[1, 2], [3], [4]]);
  });
});
