import type { Command } from './command';

/** Shown before anything is typed: what people come for. */
const FIRST = ['Models', 'Keyframes', 'Simulation', 'Model', 'Room', 'Panels', 'Camera', 'Interface'];

/**
 * The commands that fit a query, best first: every word of it must begin a word of the title, or be found in the
 * title, the group or the keywords, in this order of worth.
 */
export function matchCommands(commands: readonly Command[], query: string, limit: number): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return FIRST.flatMap((group) => commands.filter((c) => c.group === group)).slice(0, limit);
  }
  const found: { readonly command: Command; readonly score: number }[] = [];
  for (const command of commands) {
    const score = scoreOf(command, words);
    if (score > 0) found.push({ command, score });
  }
  // A stable sort keeps the order of the registry among equals.
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ command }) => command);
}

function scoreOf({ title, group, keywords = '' }: Command, words: readonly string[]): number {
  const name = title.toLowerCase();
  const more = `${group} ${keywords}`.toLowerCase();
  let score = 0;
  for (const word of words) {
    if (name.startsWith(word)) score += 8;
    else if (startsAWord(name, word)) score += 6;
    else if (name.includes(word)) score += 3;
    else if (startsAWord(more, word)) score += 2;
    else return 0;
  }
  return score / words.length;
}

function startsAWord(text: string, word: string): boolean {
  let at = text.indexOf(word);
  while (at >= 0) {
    if (at === 0 || /[^a-z0-9]/.test(text.charAt(at - 1))) return true;
    at = text.indexOf(word, at + 1);
  }
  return false;
}
