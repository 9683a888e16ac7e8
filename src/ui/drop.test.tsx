// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimroomError } from '../core/errors';
import { appStore } from '../state/store';
import { renderApp, settle, type RenderedApp } from '../testing/render_app';
import { filesOfDrop } from './drop';

let app: RenderedApp;
beforeEach(async () => {
  app = await renderApp();
});
afterEach(() => app.unmount());

type Tree = { readonly [name: string]: string | Tree };

/** A file system entry as browsers hand them out: a directory is read in batches. */
function entry(name: string, content: string | Tree): unknown {
  if (typeof content === 'string') {
    return {
      name,
      isFile: true,
      isDirectory: false,
      file: (done: (file: File) => void) => done(new File([content], name)),
    };
  }
  return {
    name,
    isFile: false,
    isDirectory: true,
    createReader: () => {
      const children = Object.entries(content).map(([child, inner]) => entry(child, inner));
      return { readEntries: (done: (batch: unknown[]) => void) => done(children.splice(0, 2)) };
    },
  };
}

function transfer(tree: Tree): DataTransfer {
  const items = Object.entries(tree).map(([name, content]) => ({
    kind: 'file',
    webkitGetAsEntry: () => entry(name, content),
    getAsFile: () => null,
  }));
  return { types: ['Files'], items } as unknown as DataTransfer;
}

function drag(type: string, data: unknown): void {
  const event = new Event(type, { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: data });
  fireEvent(document.body, event);
}

const FOLDER: Tree = {
  robot: { 'scene.xml': '<mujoco/>', assets: { 'a.obj': 'v', 'b.obj': 'v', 'c.obj': 'v' } },
  'extra.png': 'p',
};

test('files keep their path in the dropped folder, and their bytes', async () => {
  const files = await filesOfDrop(transfer(FOLDER));
  expect(files.map((f) => f.name)).toEqual([
    'robot/scene.xml',
    'robot/assets/a.obj',
    'robot/assets/b.obj',
    'robot/assets/c.obj',
    'extra.png',
  ]);
  expect(await files[0]?.text()).toBe('<mujoco/>');
});

test('a file over the window is announced, dropped it is loaded', async () => {
  drag('dragenter', transfer(FOLDER));
  expect(screen.getByText('Drop to open')).toBeTruthy();
  drag('drop', transfer(FOLDER));
  expect(screen.queryByText('Drop to open')).toBeNull();
  await waitFor(() => expect(app.simroom.calls[0]?.[0]).toBe('load'));
});

test('leaving the window takes the announcement away, whatever was crossed in between', () => {
  drag('dragenter', transfer(FOLDER));
  drag('dragenter', transfer(FOLDER));
  drag('dragleave', transfer(FOLDER));
  expect(screen.getByText('Drop to open')).toBeTruthy();
  drag('dragleave', transfer(FOLDER));
  expect(screen.queryByText('Drop to open')).toBeNull();
});

test('dragged text is none of our business', () => {
  drag('dragenter', { types: ['text/plain'], items: [] });
  expect(screen.queryByText('Drop to open')).toBeNull();
});

test('parts dropped on a model that lacks some complete it; another model replaces it', async () => {
  const missing = new SimroomError('assets-missing', 'One file is missing.', { missing: ['a.obj'] });
  appStore.getState().fail({ code: missing.code, message: missing.message, details: { missing: ['a.obj'] } });
  await settle();
  drag('drop', transfer({ 'a.obj': 'v' }));
  await waitFor(() => expect(app.simroom.calls.at(-1)?.[0]).toBe('addFiles'));
  await settle();
  appStore.getState().fail({ code: missing.code, message: missing.message, details: { missing: ['a.obj'] } });
  await settle();
  drag('drop', transfer({ 'other.xml': '<mujoco/>' }));
  await waitFor(() => expect(app.simroom.calls.at(-1)?.[0]).toBe('load'));
});
