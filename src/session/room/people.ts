import type { Person } from '../../protocol/ctl';

/** Round trips and counts are told at most so often, ms. */
const SLOW_MS = 2000;
/** Changes of a round trip that nobody would notice: this many ms, and this share. */
const RTT_STEP_MS = 5;
const RTT_STEP = 0.25;
/** What cannot be shown, or turns the text around it. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
/** The same in longer text, where lines may end. */
const UNSEEN_IN_TEXT = /(?![\n\t])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;
const NAMELESS = 'Guest';

/** A name as others may see it. */
export function cleanName(name: string): string {
  const seen = name.replaceAll(UNSEEN, ' ').replaceAll(/\s+/g, ' ').trim();
  return seen === '' ? NAMELESS : seen;
}

/** What somebody has written, as others may see it; empty when nothing is left. */
export function cleanText(text: string): string {
  return text.replaceAll(UNSEEN_IN_TEXT, '').trim();
}

/** Decides when the list of people has to be told again. */
export class PeopleNews {
  private told: readonly Person[] = [];
  private toldAt = -Infinity;
  private urgent = true;

  /** Somebody came, left, or is not who they were. */
  change(): void {
    this.urgent = true;
  }

  /** When to look, wall ms. */
  get due(): number {
    return this.urgent ? -Infinity : this.toldAt + SLOW_MS;
  }

  /** Whether this list is to be told now. */
  take(people: readonly Person[], now: number): boolean {
    const isNews = this.urgent || people.some((person, i) => differs(person, this.told[i]));
    this.urgent = false;
    this.toldAt = now;
    if (isNews) this.told = people;
    return isNews;
  }
}

function differs(now: Person, before: Person | undefined): boolean {
  if (before === undefined || now.dropped !== before.dropped) return true;
  const change = Math.abs(now.rtt - before.rtt);
  return change > RTT_STEP_MS && change > RTT_STEP * before.rtt;
}
