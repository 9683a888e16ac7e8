import type { CtlOf } from '../../protocol/ctl';
import { CHAT_HISTORY } from '../../protocol/limits';

interface Said {
  readonly seat: number;
  readonly name: string;
  readonly colour: number;
  readonly text: string;
  /** Wall ms. */
  readonly at: number;
}

/** What was said in a room lately, for those who come in. */
export class Chat {
  private readonly history: Said[] = [];

  add(said: Said): void {
    this.history.push(said);
    if (this.history.length > CHAT_HISTORY) this.history.shift();
  }

  /** All that is remembered, as it is told now. */
  tell(now: number): CtlOf<'said'>[] {
    return this.history.map(({ seat, name, colour, text, at }) => ({
      kind: 'said',
      seat,
      name,
      colour,
      text,
      age: Math.max(0, Math.round(now - at)),
    }));
  }
}
