/** Things to do later, all of which can be called off at once. */
export class Delays {
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Without a delay, at once. */
  after(ms: number, action: () => void): void {
    if (ms <= 0) {
      action();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
