import type { Action } from '../../vocabulary.ts';
import type { SqlActionKind } from '../vocabulary.ts';

interface Entry {
  readonly kind: SqlActionKind;
  readonly facts: Readonly<Record<string, string>>;
  readonly columns: Set<string> | undefined;
  readonly implied: boolean;
}

/** The actions of a request, in the order of their first mention, those that only differ in columns as one. */
export class ActionList {
  readonly #entries = new Map<string, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  /** Add an action, or its columns to the same action that is there already. */
  add(
    kind: SqlActionKind,
    facts: Readonly<Record<string, string | undefined>>,
    columns?: Iterable<string>,
    implied = false,
  ): void {
    const present: Record<string, string> = {};
    let key = `${kind}\0${implied}\0${columns !== undefined}`;
    for (const name in facts) {
      const value = facts[name];
      if (value === undefined) continue;
      present[name] = value;
      key += `\0${name}\0${value}`;
    }
    const known = this.#entries.get(key);
    if (known === undefined) {
      const own = columns === undefined ? undefined : new Set(columns);
      this.#entries.set(key, { kind, facts: present, columns: own, implied });
      return;
    }
    for (const column of columns ?? []) known.columns?.add(column);
  }

  toActions(): readonly Action[] {
    return [...this.#entries.values()].map(({ kind, facts, columns, implied }) => ({
      vocabulary: 'sql' as const,
      kind,
      facts: columns === undefined ? facts : { ...facts, columns: [...columns] },
      ...(implied ? { implied } : {}),
    }));
  }

  /** Each value that any action has for a fact. */
  valuesOf(fact: string): readonly string[] {
    return [...new Set([...this.#entries.values()].flatMap(({ facts }) => facts[fact] ?? []))];
  }

  kinds(): readonly string[] {
    return [...new Set([...this.#entries.values()].map(({ kind }) => kind))];
  }
}
