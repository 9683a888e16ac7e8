import { act, cleanup, configure, render } from '@testing-library/react';
import { vi } from 'vitest';
import { connectStore } from '../app/store_sync';
import { appStore } from '../state/store';
import { App } from '../ui/app';
import { createFakeSimroom, fakeModel, type FakeSimroom } from './fake_simroom';

/** A whole interface on a busy machine takes its time, ms; a test that waits longer is stuck. */
const PATIENCE_MS = 15_000;
configure({ asyncUtilTimeout: PATIENCE_MS });
vi.setConfig({ testTimeout: 2 * PATIENCE_MS });

/** The interface on a fake engine, as a person finds it: store connected, everything lazy arrived. */
export interface RenderedApp {
  readonly simroom: FakeSimroom;
  /** Takes it all down; the next one starts from nothing. */
  unmount(): void;
}

/** @param simroom the engine; a running model with twelve motors when left out */
export async function renderApp(
  simroom: FakeSimroom = createFakeSimroom(fakeModel()),
  options: { readonly embedded?: boolean } = {},
): Promise<RenderedApp> {
  appStore.setState(appStore.getInitialState(), true);
  const disconnect = connectStore(simroom);
  // Panels are opened by the tests that are about them.
  appStore.getState().setPrefs({ drawer: false });
  render(<App simroom={simroom} embedded={options.embedded ?? false} />);
  await settle();
  return {
    simroom,
    unmount: () => {
      cleanup();
      disconnect();
      localStorage.clear();
    },
  };
}

/** Lets lazy parts arrive and effects run. */
export async function settle(): Promise<void> {
  await act(async () => {
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
}
