// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appStore } from '../../state/store';
import { renderApp, settle, type RenderedApp } from '../../testing/render_app';

let app: RenderedApp;
let canvas: HTMLCanvasElement;

beforeEach(async () => {
  canvas = document.createElement('canvas');
  canvas.getBoundingClientRect = () => new DOMRect(100, 50, 200, 100);
  document.body.append(canvas);
  app = await renderApp();
  act(() => app.simroom.others.enter([{ name: 'Ana' }]));
  await settle();
});
afterEach(() => {
  app.unmount();
  canvas.remove();
});

const points = () => app.simroom.calls.filter(([name]) => name === 'room.point').map(([, at]) => at);

test('holding the key points at what is under the mouse, letting it go stops', async () => {
  fireEvent.keyDown(document.body, { key: 'l', code: 'KeyL' });
  await screen.findByText('Everyone sees where you point.');
  fireEvent.pointerMove(canvas, { clientX: 250, clientY: 75, pointerType: 'mouse' });
  await waitFor(() => expect(points()).toEqual([{ x: 0.5, y: 0.5 }]));
  fireEvent.keyDown(document.body, { key: 'l', code: 'KeyL', repeat: true });
  fireEvent.pointerMove(canvas, { clientX: 200, clientY: 100, pointerType: 'mouse' });
  await waitFor(() => expect(points().at(-1)).toEqual({ x: 0, y: 0 }));
  fireEvent.keyUp(document.body, { key: 'l', code: 'KeyL' });
  await settle();
  expect(points().at(-1)).toBeNull();
  expect(appStore.getState().pointing).toBe(false);
});

test('leaving the window lets go, too', async () => {
  fireEvent.keyDown(document.body, { key: 'l', code: 'KeyL' });
  expect(appStore.getState().pointing).toBe(true);
  fireEvent.blur(window);
  expect(appStore.getState().pointing).toBe(false);
});

test('a finger points while it presses, and does not turn the view', async () => {
  let turned = 0;
  canvas.addEventListener('pointerdown', () => turned++);
  act(() => appStore.getState().setPointing(true));
  await settle();
  fireEvent.pointerDown(canvas, { clientX: 300, clientY: 50, pointerType: 'touch' });
  await waitFor(() => expect(points().at(-1)).toEqual({ x: 1, y: 1 }));
  expect(turned).toBe(0);
  fireEvent.pointerUp(canvas, { clientX: 300, clientY: 50, pointerType: 'touch' });
  await waitFor(() => expect(points().at(-1)).toBeNull());
  fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
  expect(appStore.getState().pointing).toBe(false);
});

test('whoever leaves the room points no more', async () => {
  act(() => appStore.getState().setPointing(true));
  await settle();
  act(() => app.simroom.others.end('room-closed', 'Closed.'));
  await settle();
  expect(appStore.getState().pointing).toBe(false);
  expect(points().at(-1)).toBeNull();
});
