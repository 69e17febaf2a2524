import type { NameReference } from './analysis.ts';
import type { RelationUse } from './statement-reader.ts';

/** What a query gives to the one around it. */
export interface Derived {
  /** Names of its columns, as far as they are sure. */
  readonly names: Set<string>;
  /** It has, or may have, more columns than `names`. */
  open: boolean;
  /** The tables that a row lock of the query around it reaches. */
  locks: readonly RelationUse[];
}

/** One thing that columns may come from: an entry of FROM, the target of a write, the alias of a join. */
export interface Source {
  /** What it goes by. Absent for a subquery or a join without an alias. */
  readonly alias: string | undefined;
  /** As written, where no alias hides it. */
  readonly relation?: NameReference;
  /** The tables behind it: one, or those of a join. */
  readonly uses: readonly RelationUse[];
  readonly derived?: Derived;
  /** The names that an alias list gives to its first columns. */
  readonly renamed?: readonly string[];
  /** It is the row of a function, which a bare name may stand for without showing a table's row. */
  readonly isFunction?: boolean;
  /** Its members stand in the scope themselves, so that `*` and a bare column find them there. */
  readonly isGroup?: boolean;
}

/** What names mean at one place of a statement; outer queries and WITH lists are the parents. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly sources: Source[] = [];
  readonly ctes: Map<string, Derived> | undefined;
  /** Columns without a qualifier that were read here already. Nothing is read before all sources are there. */
  readonly placed = new Set<string>();
  /** The names that the select list gives, which GROUP BY may mean. */
  outputs: ReadonlySet<string> | undefined;

  constructor(parent: Scope | undefined, ctes?: Map<string, Derived>) {
    this.parent = parent;
    this.ctes = ctes;
  }

  cte(name: string): Derived | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const found = scope.ctes?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The sources that a qualifier means: those of the innermost query that has any. */
  qualified(schema: string | undefined, name: string): readonly Source[] {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const found = scope.sources.filter(
        schema === undefined ? ({ alias }) => alias === name : ({ relation }) => relation?.name === name,
      );
      if (found.length > 0) return found;
    }
    return [];
  }
}

export function closed(names: Iterable<string> = []): Derived {
  return { names: new Set(names), open: false, locks: [] };
}

export function open(names: Iterable<string> = []): Derived {
  return { names: new Set(names), open: true, locks: [] };
}
