import type { Role, Simroom } from '../app/api';
import type { AppState } from '../state/store';

/** Everything that can be done, in one place: the palette, the menus and the keyboard all run these. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** Further words to find it by. */
  readonly keywords?: string;
  /** The role it takes in a room, when not every role will do. */
  readonly needs?: Role;
  /** Whether it makes sense now; without it, always. */
  when?(ui: AppState): boolean;
  run(simroom: Simroom, ui: AppState): unknown;
}
