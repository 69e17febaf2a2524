import type { Refusal } from './statement.ts';

export interface KeptDenial {
  readonly id: string;
  readonly at: string;
  readonly resource: string;
  readonly statement: string;
  readonly refusal: Refusal;
}

const mostKept = 100;
const longestStatement = 20_000;

/** What was denied to this client since it connected, so that it can ask why. */
export class DenialsKept {
  #count = 0;
  #all: readonly KeptDenial[] = [];

  keep(resource: string, statement: string, refusal: Refusal): KeptDenial {
    this.#count++;
    const denial: KeptDenial = {
      id: `denial-${this.#count}`,
      at: new Date().toISOString(),
      resource,
      statement: statement.slice(0, longestStatement),
      refusal,
    };
    this.#all = [...this.#all, denial].slice(-mostKept);
    return denial;
  }

  /** By its id, or the last one (at a resource). */
  find(id: string | undefined, resource: string | undefined): KeptDenial | undefined {
    return this.#all.findLast(
      (each) =>
        (id === undefined || each.id === id) && (resource === undefined || each.resource === resource),
    );
  }
}
