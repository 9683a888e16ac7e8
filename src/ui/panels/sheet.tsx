import { ChevronDown, ChevronUp } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useEffect, useRef, useState } from 'react';
import { isPanelId } from '../../state/prefs';
import { useApp } from '../../state/store';
import { IconButton } from '../parts/icon_button';
import { PanelBody, PanelCount, type PanelListProps } from './panel_body';
import { PANEL_TITLES } from './titles';

/** The panels of a phone: one at a time, above the transport, half or most of the screen. */
export function Sheet({ panels, model }: PanelListProps) {
  const tab = useApp((s) => s.prefs.tab);
  const setPrefs = useApp((s) => s.setPrefs);
  const [tall, setTall] = useState(false);
  const tabs = useRef<HTMLDivElement>(null);
  const shown = panels.some((p) => p.id === tab) ? tab : 'controls';
  useEffect(() => {
    tabs.current
      ?.querySelector('[data-state="active"]')
      ?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [shown]);
  return (
    <aside className="sheet pane" aria-label="Panels" data-tall={tall}>
      <Tabs.Root
        className="sheet-tabs"
        value={shown}
        onValueChange={(value) => {
          if (isPanelId(value)) setPrefs({ tab: value });
        }}
      >
        <div className="sheet-head">
          <Tabs.List ref={tabs} className="tabs" aria-label="Panels">
            {panels.map((panel) => (
              <Tabs.Trigger key={panel.id} value={panel.id} className="tab">
                {PANEL_TITLES[panel.id]}
                <PanelCount panel={panel} model={model} />
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <IconButton label={tall ? 'Make lower' : 'Make taller'} onClick={() => setTall(!tall)}>
            {tall ? <ChevronDown size={18} /> : <ChevronUp size={18} />}
          </IconButton>
        </div>
        {panels.map((panel) => (
          <Tabs.Content key={panel.id} value={panel.id} className="sheet-body scroll">
            <PanelBody panel={panel} />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </aside>
  );
}
