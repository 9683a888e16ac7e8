import { ByteReader } from '../../core/bytes';
import { SimroomError } from '../../core/errors';
import { encodedAction } from '../../protocol/rt';
import type { Action, ActionKind } from '../../tape/action';
import { decodeAction } from '../../tape/codec';

/** What is shown before the host has confirmed it: what hands and sliders do. */
const GUESSED: ReadonlySet<ActionKind> = new Set<ActionKind>([
  'ctrl',
  'ctrls',
  'drag',
  'move',
  'turn',
  'release',
  'wrench',
  'qpos',
  'equality',
  'reset',
]);

/** An own action that the host has not dealt with yet. */
export interface Pending {
  readonly action: Action;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether its effect is shown before the host has answered. */
  readonly guessed: boolean;
  /** The tick shown when it was made. */
  readonly tick: number;
}

/** A guest's own actions, numbered from 1 on, until the host has dealt with them. */
export class InFlight {
  readonly list: Pending[] = [];
  private acted = 0;
  private guessedCount = 0;

  /** Number of the first one. */
  get first(): number {
    return this.acted + 1;
  }

  /** Whether any of them is guessed. */
  get guesses(): boolean {
    return this.guessedCount > 0;
  }

  /** @param canGuess whether anything can be shown before the host has answered */
  constructor(private readonly canGuess: boolean) {}

  /** Encodes an action as it will travel; what is applied here too is what was decoded again. */
  add(action: Action, tick: number): Pending {
    const bytes = encodedAction(action);
    const decoded = decodeAction(new ByteReader(bytes));
    if (decoded === null)
      throw new SimroomError('bad-argument', `The action ${action.kind} cannot be encoded.`);
    const pending = { action: decoded, bytes, guessed: this.canGuess && GUESSED.has(decoded.kind), tick };
    this.list.push(pending);
    if (pending.guessed) this.guessedCount++;
    return pending;
  }

  /**
   * The host has dealt with all up to a number.
   *
   * @returns whether that is news
   */
  settle(acted: number): boolean {
    if (acted <= this.acted) return false;
    for (const pending of this.list.splice(0, acted - this.acted)) if (pending.guessed) this.guessedCount--;
    this.acted = acted;
    return true;
  }

  clear(): void {
    this.settle(this.acted + this.list.length);
  }
}
