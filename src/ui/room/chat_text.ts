import type { ChatMessage } from '../../app/api';

/** Messages of one person this close together stand under one name, ms. */
const TOGETHER_MS = 5 * 60_000;

export type MessageGroup = readonly [ChatMessage, ...ChatMessage[]];

/** Messages under the name of who said them. */
export function groupMessages(messages: readonly ChatMessage[]): MessageGroup[] {
  const groups: [ChatMessage, ...ChatMessage[]][] = [];
  for (const message of messages) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const together =
      last !== undefined &&
      last.peer === message.peer &&
      last.name === message.name &&
      message.at.getTime() - last.at.getTime() < TOGETHER_MS;
    if (group !== undefined && together) group.push(message);
    else groups.push([message]);
  }
  return groups;
}

export interface TextPart {
  readonly text: string;
  /** Where it leads, when it is the address of a page. */
  readonly href: string | null;
}

const ADDRESS = /https?:\/\/[^\s<>"']+/giu;
/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?]+$|\)+$/u;

/** A text cut into plain words and addresses of pages; nothing else in it means anything. */
export function linkParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    let address = match[0].replace(/[.,;:!?]+$/u, '');
    // A closing bracket belongs to the address only when it was opened there.
    while (address.endsWith(')') && !address.includes('(')) address = address.replace(TRAILING, '');
    const href = URL.canParse(address) ? new URL(address).href : null;
    if (href === null) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), href: null });
    parts.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), href: null });
  return parts;
}
