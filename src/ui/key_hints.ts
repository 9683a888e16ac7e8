import { KEYS, type KeyBinding, type KeyGroup } from '../app/keys';

const IS_MAC = /mac|iphone|ipad/i.test(navigator.userAgent);

/** The key that stands for Ctrl on this machine. */
export const CTRL = IS_MAC ? '\u2318' : 'Ctrl';

/** The key of a command as this machine writes it, for menus and tooltips. */
export function keysOf(id: string): string | undefined {
  const binding = KEYS.find((b) => b.id === id);
  return binding === undefined ? undefined : written(binding.keys);
}

interface KeyRow {
  readonly keys: string;
  readonly text: string;
}

/** All keys by group, for the help; keys that do the same share a row, and so do those of a numbered series. */
export function keyGroups(): { readonly group: KeyGroup; readonly rows: readonly KeyRow[] }[] {
  const groups = new Map<KeyGroup, Map<string, KeyBinding[]>>();
  for (const binding of KEYS) {
    const rows = groups.get(binding.group) ?? new Map<string, KeyBinding[]>();
    groups.set(binding.group, rows);
    const family = binding.id.replace(/\d+$/, '');
    rows.set(family, [...(rows.get(family) ?? []), binding]);
  }
  return [...groups].map(([group, rows]) => ({ group, rows: [...rows.values()].map(rowOf) }));
}

function rowOf(bindings: readonly KeyBinding[]): KeyRow {
  const [first, last] = [bindings[0], bindings.at(-1)];
  if (first === undefined || last === undefined) return { keys: '', text: '' };
  if (first.id === last.id)
    return { keys: bindings.map((b) => written(b.keys)).join(' or '), text: first.text };
  const to = /\d+$/.exec(last.text)?.[0] ?? '';
  return { keys: `${written(first.keys)} \u2026 ${written(last.keys)}`, text: `${first.text} \u2026 ${to}` };
}

/** The keys are told as on a PC; a Mac writes its modifiers as signs. */
function written(keys: string): string {
  return IS_MAC ? keys.replace('Ctrl+', '\u2318').replace('Shift+', '\u21e7') : keys;
}
