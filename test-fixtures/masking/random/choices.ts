/**
 * Decisions taken from a list of numbers. Where it is used up or holds 0, the first of everything is taken, which is the
 * simplest, so that a shorter list and smaller numbers make a shorter statement.
 */
export class Choices {
  readonly #numbers: readonly number[];
  #at = 0;
  #names = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** From 0 up to `below`, which is left out. */
  readonly pick = (below: number): number => (this.#numbers[this.#at++] ?? 0) % below;

  /** @returns true in so many of a hundred cases */
  chance(percent: number): boolean {
    return this.pick(100) >= 100 - percent;
  }

  one<Each>(list: readonly [Each, ...Each[]]): Each {
    return list[this.pick(list.length)] ?? list[0];
  }

  /** A name that nothing else has. */
  name(): string {
    return `x${this.#names++}`;
  }
}
