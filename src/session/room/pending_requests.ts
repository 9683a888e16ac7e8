import { type ErrorCode, SimroomError } from '../../core/errors';
import type { CtlOf, Request } from '../../protocol/ctl';
import type { Answered } from '../room_messages';

interface Waiting {
  readonly resolve: (answer: Answered) => void;
  readonly reject: (error: SimroomError) => void;
}

/** What a guest has asked of its host, until it is answered. */
export class PendingRequests {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  /** Resolves or rejects as the host answers. */
  ask(request: Request, send: (message: CtlOf<'request'>) => void): Promise<Answered> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      send({ kind: 'request', id, request });
    });
  }

  /**
   * The host has answered.
   *
   * @returns false when nobody has asked that
   */
  answer({ id, outcome }: CtlOf<'answer'>): boolean {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return false;
    this.waiting.delete(id);
    switch (outcome.kind) {
      case 'done':
        waiting.resolve({});
        break;
      case 'invited':
        waiting.resolve({ token: outcome.token });
        break;
      case 'invitations':
        waiting.resolve({ invitations: outcome.all });
        break;
      case 'failed':
        waiting.reject(new SimroomError(asErrorCode(outcome.code), outcome.message));
        break;
    }
    return true;
  }

  /** Nothing will be answered any more. */
  end(reason: SimroomError): void {
    for (const { reject } of this.waiting.values()) reject(reason);
    this.waiting.clear();
  }
}

/** A code as the host gives it; codes have one form, and newer hosts may know more of them. */
function asErrorCode(code: string): ErrorCode {
  return /^[a-z]+(-[a-z]+)*$/.test(code) ? (code as ErrorCode) : 'engine-failed';
}
