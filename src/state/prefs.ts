import type { StateCreator } from 'zustand/vanilla';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const PANEL_IDS = [
  'people',
  'chat',
  'face',
  'simulation',
  'controls',
  'joints',
  'equalities',
  'camera',
  'view',
  'sensors',
  'shapes',
  'profiler',
  'files',
] as const;
export type PanelId = (typeof PANEL_IDS)[number];

export function isPanelId(value: unknown): value is PanelId {
  return isOneOf(PANEL_IDS, value);
}

/** What a person has chosen and finds again on the next visit. */
export interface Prefs {
  readonly theme: Theme;
  /** Whether the drawer or sheet of panels is out; null: not chosen yet, so the window's size decides. */
  readonly drawer: boolean | null;
  /** Panels unfolded in the drawer. */
  readonly panels: readonly PanelId[];
  /** The one panel in the phone's sheet. */
  readonly tab: PanelId;
  readonly hintSeen: boolean;
  /** Whether the name that others see has been chosen, or left as it was on purpose. */
  readonly named: boolean;
}

export const DEFAULT_PREFS: Prefs = {
  theme: 'system',
  drawer: null,
  panels: ['people', 'controls'],
  tab: 'controls',
  hintSeen: false,
  named: false,
};

export interface PrefsSlice {
  readonly prefs: Prefs;
  setPrefs(changes: Partial<Prefs>): void;
  /** Brings a panel into sight, wherever panels are shown. */
  openPanel(panel: PanelId): void;
}

export const prefsSlice: StateCreator<PrefsSlice> = (set) => ({
  prefs: DEFAULT_PREFS,
  setPrefs: (changes) => set((s) => ({ prefs: { ...s.prefs, ...changes } })),
  openPanel: (panel) =>
    set((s) => ({
      prefs: {
        ...s.prefs,
        drawer: true,
        tab: panel,
        panels: s.prefs.panels.includes(panel) ? s.prefs.panels : [...s.prefs.panels, panel],
      },
    })),
});

export const PREFS_KEY = 'simroom.prefs';
/** Grows when the meaning of a stored field changes; other versions are ignored. */
const PREFS_VERSION = 1;

/** Reads stored preferences, keeping what is understood and taking the default for the rest. */
export function parsePrefs(text: string | null): Prefs {
  if (text === null) return DEFAULT_PREFS;
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    // Unreadable preferences are worth no more than none.
    return DEFAULT_PREFS;
  }
  if (!isRecord(stored) || stored['version'] !== PREFS_VERSION) return DEFAULT_PREFS;
  const { theme, drawer, panels, tab, hintSeen, named } = stored;
  return {
    theme: isOneOf(THEMES, theme) ? theme : DEFAULT_PREFS.theme,
    drawer: typeof drawer === 'boolean' ? drawer : DEFAULT_PREFS.drawer,
    panels: Array.isArray(panels) ? panels.filter(isPanelId) : DEFAULT_PREFS.panels,
    tab: isPanelId(tab) ? tab : DEFAULT_PREFS.tab,
    hintSeen: hintSeen === true,
    named: named === true,
  };
}

export function formatPrefs(prefs: Prefs): string {
  return JSON.stringify({ version: PREFS_VERSION, ...prefs });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOneOf<T extends string>(values: readonly T[], value: unknown): value is T {
  return typeof value === 'string' && (values as readonly string[]).includes(value);
}
