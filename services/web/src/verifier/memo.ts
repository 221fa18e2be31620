type Kept = { readonly value: unknown } | { readonly error: unknown };

/** Keeps what was computed once under a name: the value, or the error that was thrown. */
export class Memo {
  readonly #kept = new Map<string, Kept>();

  /** The value under `name`, computed at the first call; an error is thrown again each time. */
  of<Value>(name: string, compute: () => Value): Value {
    let kept = this.#kept.get(name);
    if (kept === undefined) {
      try {
        kept = { value: compute() };
      } catch (error) {
        kept = { error };
      }
      this.#kept.set(name, kept);
    }
    if ('error' in kept) {
      throw kept.error;
    }
    // The same name is always asked with the same function.
    return kept.value as Value;
  }
}
