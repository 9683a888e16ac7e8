import type { PanelId } from '../../state/prefs';
import type { AppState } from '../../state/store';
import { isPhone } from '../use_is_phone';

/** Windows this wide have room for the drawer beside the view, CSS px. */
const WIDE_PX = 1280;

/** Whether the panels are out: as chosen, else where there is room for them. */
export function drawerShown(ui: Pick<AppState, 'prefs'>): boolean {
  return ui.prefs.drawer ?? window.innerWidth >= WIDE_PX;
}

/** Whether a panel is unfolded on the screen. */
export function panelShown(ui: Pick<AppState, 'prefs'>, panel: PanelId): boolean {
  return drawerShown(ui) && (isPhone() ? ui.prefs.tab === panel : ui.prefs.panels.includes(panel));
}

/** Shows a panel, or puts it away where it is shown. */
export function togglePanel(ui: AppState, panel: PanelId): void {
  if (!panelShown(ui, panel)) ui.openPanel(panel);
  else if (isPhone()) ui.setPrefs({ drawer: false });
  else ui.setPrefs({ panels: ui.prefs.panels.filter((p) => p !== panel) });
}
