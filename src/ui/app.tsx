import { Tooltip } from 'radix-ui';
import { lazy, Suspense, useEffect } from 'react';
import type { Simroom } from '../app/api';
import { useApp } from '../state/store';
import { SimroomContext } from './context';
import { DropOverlay } from './drop_overlay';
import { Embed } from './embed';
import { ErrorCard } from './error_card';
import { Figures } from './figures';
import { Hint } from './hint';
import { Arriving, LoadBar } from './load_bar';
import { modelTitle } from './model_title';
import { SelectionCard } from './selection_card';
import { TopBar } from './top_bar';
import { Transport } from './transport';
import { useKeys } from './use_keys';
import { drawerShown } from './panels/shown';
import './styles/tokens.css';
import './styles/base.css';
import './styles/buttons.css';
import './styles/fields.css';
import './styles/switches.css';
import './styles/menus.css';
import './styles/room.css';
import './styles/top_bar.css';
import './styles/transport.css';
import './styles/load.css';
import './styles/overlays.css';

const Catalogue = lazy(() => import('./catalogue'));
const Palette = lazy(() => import('./palette'));
const Help = lazy(() => import('./help'));
const Drawer = lazy(() => import('./panels/drawer'));
const Toasts = lazy(() => import('./toasts'));
const About = lazy(() => import('./about'));
const Share = lazy(() => import('./room/share'));
const Entry = lazy(() => import('./room/entry'));
const Glimpse = lazy(() => import('./room/glimpse'));
const Pointing = lazy(() => import('./room/pointing'));

/** Milliseconds until a tooltip shows: long enough not to flicker on the way to somewhere else. */
const TIP_DELAY_MS = 500;

const EMBEDDED = new URLSearchParams(window.location.search).has('embed');

/** The whole interface, floating on the view. */
export function App({
  simroom,
  embedded = EMBEDDED,
}: {
  readonly simroom: Simroom;
  readonly embedded?: boolean;
}) {
  return (
    <SimroomContext value={simroom}>
      <Tooltip.Provider delayDuration={TIP_DELAY_MS}>
        <ThemeFollower />
        {embedded ? <Embed /> : <Room />}
        <Company embedded={embedded} />
        <Notices />
        <Announcer />
      </Tooltip.Provider>
    </SimroomContext>
  );
}

function Room() {
  const surface = useApp((s) => s.surface);
  const drawer = useApp(drawerShown);
  const running = useApp((s) => s.model !== null);
  useKeys();
  return (
    <div className="room" data-drawer={drawer && running}>
      <TopBar />
      <LoadBar />
      <ErrorCard />
      {running ? (
        <main aria-label="Simulation">
          <SelectionCard />
          <Figures />
          <Hint />
          <Suspense fallback={null}>{drawer ? <Drawer /> : null}</Suspense>
          <Transport />
        </main>
      ) : null}
      <DropOverlay />
      <Suspense fallback={null}>
        {surface === 'catalogue' ? <Catalogue /> : null}
        {surface === 'palette' ? <Palette /> : null}
        {surface === 'help' ? <Help /> : null}
        {surface === 'about' ? <About /> : null}
        {surface === 'share' ? <Share /> : null}
      </Suspense>
    </div>
  );
}

/** Keeps the page's theme as chosen; the tokens do the rest. */
function ThemeFollower() {
  const theme = useApp((s) => s.prefs.theme);
  useEffect(() => {
    const root = document.documentElement;
    // At once: half way from one theme to the other nothing can be read.
    root.dataset['still'] = '';
    root.dataset['theme'] = theme;
    // Reading a size makes the browser work the styles out before transitions are back.
    root.getBoundingClientRect();
    delete root.dataset['still'];
  }, [theme]);
  return null;
}

/** What rooms add to the view: coming in, messages in passing, pointing. */
function Company({ embedded }: { readonly embedded: boolean }) {
  const inRoom = useApp((s) => s.room !== null);
  const joining = useApp((s) => s.joining !== null);
  const failed = useApp((s) => s.roomFailure !== null);
  const named = useApp((s) => s.prefs.named);
  const glimpsed = useApp((s) => s.glimpse !== null);
  return (
    <div className="room">
      <Suspense fallback={joining ? <Arriving embedded={embedded} /> : null}>
        {joining || failed || (inRoom && !named && !embedded) ? <Entry embedded={embedded} /> : null}
      </Suspense>
      <Suspense fallback={null}>
        {glimpsed && !embedded ? <Glimpse /> : null}
        {inRoom && !embedded ? <Pointing /> : null}
      </Suspense>
    </div>
  );
}

function Notices() {
  const noticed = useApp((s) => s.notices.length > 0);
  return <Suspense fallback={null}>{noticed ? <Toasts /> : null}</Suspense>;
}

/** Says to a screen reader, and in the window's title, what changed in the room as a whole. */
function Announcer() {
  const model = useApp((s) => (s.model === null ? '' : modelTitle(s.model).title));
  const paused = useApp((s) => s.paused);
  useEffect(() => {
    document.title = model === '' ? 'Simroom' : `${model} \u2013 Simroom`;
  }, [model]);
  return (
    <p className="visually-hidden" role="status">
      {model === '' ? '' : `${model}: ${paused ? 'paused' : 'running'}`}
    </p>
  );
}
