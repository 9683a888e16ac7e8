import { afterEach, expect, test } from 'vitest';
import { DEFAULT_PREFS, formatPrefs, parsePrefs, PREFS_KEY } from './prefs';
import { appStore, persistPrefs } from './store';

class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  get length(): number {
    return this.#items.size;
  }
  clear(): void {
    this.#items.clear();
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.#items.delete(key);
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
}

afterEach(() => appStore.setState(appStore.getInitialState(), true));

test('preferences survive a round trip', () => {
  const prefs = {
    theme: 'dark',
    drawer: false,
    panels: ['view', 'files'],
    tab: 'view',
    hintSeen: true,
    named: true,
  } as const;
  expect(parsePrefs(formatPrefs(prefs))).toEqual(prefs);
});

test('what is not understood falls back field by field', () => {
  expect(parsePrefs('{"version":1,"theme":"pink","panels":["view","gone",3],"hintSeen":true}')).toEqual({
    ...DEFAULT_PREFS,
    panels: ['view'],
    hintSeen: true,
  });
  for (const bad of [null, '', '{', '[]', '7', 'null', '{"version":99,"theme":"dark"}']) {
    expect(parsePrefs(bad)).toEqual(DEFAULT_PREFS);
  }
});

test('a choice is stored at once and found again', () => {
  const storage = new MemoryStorage();
  const stop = persistPrefs(storage);
  appStore.getState().setPrefs({ theme: 'light' });
  appStore.getState().openPanel('sensors');
  stop();
  const stored = parsePrefs(storage.getItem(PREFS_KEY));
  expect(stored.theme).toBe('light');
  expect(stored.drawer).toBe(true);
  expect(stored.panels).toContain('sensors');
});

test('a storage that refuses to write does not take the choice away', () => {
  const storage = new MemoryStorage();
  storage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const stop = persistPrefs(storage);
  appStore.getState().setPrefs({ theme: 'dark' });
  expect(appStore.getState().prefs.theme).toBe('dark');
  stop();
});
