/** Typed events: one list of callbacks per name. */
export class Emitter<Events> {
  private readonly listeners = new Map<keyof Events, Set<(value: never) => void>>();

  /** Calls back on every event of a name from now on. Returns how to stop. */
  on<E extends keyof Events>(event: E, callback: (value: Events[E]) => void): () => void {
    const set = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, set);
    set.add(callback);
    return () => {
      set.delete(callback);
    };
  }

  emit<E extends keyof Events>(event: E, value: Events[E]): void {
    for (const callback of this.listeners.get(event) ?? []) (callback as (value: Events[E]) => void)(value);
  }
}
