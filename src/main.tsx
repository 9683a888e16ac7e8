import { createRoot } from 'react-dom/client';
import { createSimroom } from './app/simroom';
import { connectStore } from './app/store_sync';
import { App } from './ui/app';

/** Shown when the address names no other model. */
const DEFAULT_MODEL = 'humanoid';

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no #${id}`);
  return found;
}

const canvas = element('view');
if (!(canvas instanceof HTMLCanvasElement)) throw new Error('#view is not a canvas');
const { simroom } = createSimroom(canvas);
Object.assign(window, { simroom });
connectStore(simroom);
createRoot(element('ui')).render(<App simroom={simroom} />);

const model = new URLSearchParams(window.location.search).get('model');
// A failure is an event that the interface shows.
simroom.load(model ?? DEFAULT_MODEL).catch(() => {});
