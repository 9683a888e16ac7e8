/** Lets callers wait for conditions, which are looked at again whenever something has changed. */
export class Watch {
  private readonly waiting = new Set<() => void>();

  /** Something has changed. */
  check(): void {
    for (const look of this.waiting) look();
  }

  /**
   * Resolves when `test` is true.
   *
   * @throws what `test` throws, or what `stop` was aborted with
   */
  until(test: () => boolean, stop?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.waiting.delete(look);
        stop?.removeEventListener('abort', look);
      };
      const look = (): void => {
        try {
          stop?.throwIfAborted();
          if (!test()) return;
          done();
          resolve();
        } catch (error) {
          done();
          reject(error as Error);
        }
      };
      this.waiting.add(look);
      stop?.addEventListener('abort', look);
      look();
    });
  }
}
