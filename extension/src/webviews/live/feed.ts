import type { LiveRow } from '../../views/live/messages.ts';
import { type Filters, matcherOf, noFilters } from './filters.ts';

/** As the host keeps. */
export const maxRows = 10_000;

/**
 * The rows of the list: all that there are, and those that are shown. While it is paused new rows wait, and are counted;
 * rows that are shown go on.
 */
export class Feed {
  readonly #all = new Map<string, LiveRow>();
  /** New ones that came while it was paused, by key. */
  readonly #waiting = new Map<string, LiveRow>();
  #filters = noFilters;
  #matches = matcherOf(noFilters);
  #shown: readonly LiveRow[] = [];
  #places = new Map<string, number>();
  #paused = false;
  #agents = new Set<string>();
  #resources = new Set<string>();

  get shown(): readonly LiveRow[] {
    return this.#shown;
  }

  get total(): number {
    return this.#all.size;
  }

  /** How many came while it was paused. */
  get missed(): number {
    return this.#waiting.size;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get filters(): Filters {
    return this.#filters;
  }

  get agents(): readonly string[] {
    return [...this.#agents].sort();
  }

  get resources(): readonly string[] {
    return [...this.#resources].sort();
  }

  get(key: string): LiveRow | undefined {
    return this.#all.get(key);
  }

  /** Where a row is shown; -1 where it is not. */
  placeOf(key: string): number {
    return this.#places.get(key) ?? -1;
  }

  /** Take the place of all that there was. */
  reset(rows: readonly LiveRow[]): void {
    this.clear();
    this.#put(rows);
  }

  take(rows: readonly LiveRow[]): void {
    if (!this.#paused) {
      this.#put(rows);
      return;
    }
    for (const row of rows) if (!this.#all.has(row.key)) this.#waiting.set(row.key, row);
    this.#put(rows.filter(({ key }) => this.#all.has(key)));
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    if (paused) return;
    const rows = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#put(rows);
  }

  filter(filters: Filters): void {
    this.#filters = filters;
    this.#matches = matcherOf(filters);
    this.#show();
  }

  /** Forget what there is; what is paused goes on being so. */
  clear(): void {
    this.#all.clear();
    this.#waiting.clear();
    this.#agents.clear();
    this.#resources.clear();
    this.#show();
  }

  #put(rows: readonly LiveRow[]): void {
    if (rows.length === 0) return;
    const fresh: LiveRow[] = [];
    let rebuild = false;
    const shown = [...this.#shown];
    for (const row of rows) {
      const known = this.#all.get(row.key);
      this.#all.set(row.key, row);
      if (row.agent !== '') this.#agents.add(row.agent);
      if (row.resource !== '') this.#resources.add(row.resource);
      if (known === undefined) {
        if (this.#matches(row)) fresh.push(row);
        continue;
      }
      const place = this.placeOf(row.key);
      if (place >= 0 && this.#matches(row)) shown[place] = row;
      // It has come to fit, or no longer does, in the midst of others.
      else if (place >= 0 || this.#matches(row)) rebuild = true;
    }
    if (this.#forget() || rebuild) {
      this.#show();
      return;
    }
    for (const row of fresh) this.#places.set(row.key, shown.push(row) - 1);
    this.#shown = shown;
  }

  /** The oldest make room. @returns whether any did */
  #forget(): boolean {
    let some = false;
    for (const key of this.#all.keys()) {
      if (this.#all.size <= maxRows) return some;
      this.#all.delete(key);
      some = true;
    }
    return some;
  }

  #show(): void {
    this.#shown = [...this.#all.values()].filter(this.#matches);
    this.#places = new Map(this.#shown.map(({ key }, place) => [key, place]));
  }
}
