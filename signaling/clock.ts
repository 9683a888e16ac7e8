/** The time that limits are measured in; tests bring their own. */
export interface Clock {
  /** ms since some moment; never goes back. */
  now(): number;
  /**
   * Calls `task` again and again.
   *
   * @returns ends it
   */
  every(ms: number, task: () => void): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  every(ms, task) {
    const timer = setInterval(task, ms);
    return () => {
      clearInterval(timer);
    };
  },
};
