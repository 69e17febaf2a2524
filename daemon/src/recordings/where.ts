import type { SQLInputValue } from 'node:sqlite';

/** Collects conditions that are asked for, and their values. */
export class Where {
  readonly values: SQLInputValue[] = [];
  readonly #conditions: string[] = [];

  get text(): string {
    return this.#conditions.length === 0 ? '' : `WHERE ${this.#conditions.join(' AND ')}`;
  }

  add(condition: string, value: SQLInputValue | undefined): void {
    if (value === undefined) return;
    this.#conditions.push(condition);
    this.values.push(value);
  }

  always(condition: string): void {
    this.#conditions.push(condition);
  }
}
