import { ChevronRight } from 'lucide-react';
import { Accordion } from 'radix-ui';
import { lazy, useEffect, useRef } from 'react';
import { isPanelId } from '../../state/prefs';
import { useApp } from '../../state/store';
import { useIsPhone } from '../use_is_phone';
import { PanelBody, PanelCount, type Panel, type PanelListProps } from './panel_body';
import { Sheet } from './sheet';
import { PANEL_TITLES } from './titles';
import '../styles/panels.css';

/** In the order people need them. */
const PANELS: readonly Panel[] = [
  { id: 'people', body: lazy(() => import('./people')), ofRoom: true },
  { id: 'chat', body: lazy(() => import('./chat')), ofRoom: true },
  { id: 'face', body: lazy(() => import('./face')), lasting: true },
  {
    id: 'controls',
    body: lazy(() => import('./controls')),
    needs: 'developer',
    count: (m) => m.actuators.length,
  },
  { id: 'joints', body: lazy(() => import('./joints')), needs: 'developer', count: (m) => m.joints.length },
  { id: 'simulation', body: lazy(() => import('./simulation')), needs: 'developer' },
  { id: 'camera', body: lazy(() => import('./camera')) },
  { id: 'view', body: lazy(() => import('./view')) },
  {
    id: 'equalities',
    body: lazy(() => import('./equalities')),
    needs: 'developer',
    count: (m) => m.equalities.length,
  },
  { id: 'sensors', body: lazy(() => import('./sensors')), count: (m) => m.sensors.length },
  { id: 'shapes', body: lazy(() => import('./shapes')), lasting: true },
  { id: 'profiler', body: lazy(() => import('./profiler')) },
  { id: 'files', body: lazy(() => import('./files')), count: (m) => m.files.length },
];

/** The panels: beside the view on a desk, from below on a phone. */
export default function Drawer() {
  const phone = useIsPhone();
  const model = useApp((s) => s.model);
  const inRoom = useApp((s) => s.room !== null);
  // A kind of thing that a model rarely has gets no empty panel, nor does company where there is none.
  const panels = PANELS.filter(
    (p) => (p.id !== 'equalities' || (model?.equalities.length ?? 0) > 0) && (inRoom || p.ofRoom !== true),
  );
  return phone ? <Sheet panels={panels} model={model} /> : <Stack panels={panels} model={model} />;
}

function Stack({ panels, model }: PanelListProps) {
  const open = useApp((s) => s.prefs.panels);
  const setPrefs = useApp((s) => s.setPrefs);
  const box = useRef<HTMLDivElement>(null);
  const tab = useApp((s) => s.prefs.tab);
  useEffect(() => {
    // A panel asked for by a key or the palette may be below the edge.
    box.current?.querySelector(`[data-panel="${tab}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [tab]);
  return (
    <aside className="drawer pane" aria-label="Panels">
      <div ref={box} className="drawer-scroll scroll">
        <Accordion.Root
          type="multiple"
          value={[...open]}
          onValueChange={(values) => setPrefs({ panels: values.filter(isPanelId) })}
        >
          {panels.map((panel) => (
            <Accordion.Item key={panel.id} value={panel.id} className="panel" data-panel={panel.id}>
              <Accordion.Header asChild>
                <h2>
                  <Accordion.Trigger className="panel-title">
                    <ChevronRight size={14} aria-hidden />
                    {PANEL_TITLES[panel.id]}
                    <PanelCount panel={panel} model={model} />
                  </Accordion.Trigger>
                </h2>
              </Accordion.Header>
              <Accordion.Content className="panel-body">
                <PanelBody panel={panel} />
              </Accordion.Content>
            </Accordion.Item>
          ))}
        </Accordion.Root>
      </div>
    </aside>
  );
}
